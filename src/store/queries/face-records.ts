import type { FaceRecord } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { instant } from '../rows/moment.ts';

/** Takes the place of the record of that id. */
export async function putFaceRecord(db: Db, record: FaceRecord): Promise<void> {
  const { clusterId, face, kind, id, createdAt } = record;
  const value = toJson(record.value);
  await db
    .insertInto('face_records')
    .values({ cluster_id: clusterId, face, kind, id, value, created_at: createdAt })
    .onConflict((conflict) => conflict.columns(['cluster_id', 'face', 'kind', 'id']).doUpdateSet({ value }))
    .execute();
}

export async function getFaceRecord(
  db: Db,
  clusterId: string,
  face: string,
  kind: string,
  id: string,
): Promise<FaceRecord | undefined> {
  const row = await ofKind(db, clusterId, face, kind).where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** Newest first. */
export async function listFaceRecords(db: Db, clusterId: string, face: string, kind: string): Promise<readonly FaceRecord[]> {
  const rows = await ofKind(db, clusterId, face, kind).orderBy('created_at', 'desc').orderBy('id').execute();
  return rows.map(fromRow);
}

function ofKind(db: Db, clusterId: string, face: string, kind: string) {
  return db
    .selectFrom('face_records')
    .selectAll()
    .where('cluster_id', '=', clusterId)
    .where('face', '=', face)
    .where('kind', '=', kind);
}

function fromRow(row: {
  cluster_id: string;
  face: string;
  kind: string;
  id: string;
  value: unknown;
  created_at: Date;
}): FaceRecord {
  return {
    clusterId: row.cluster_id,
    face: row.face,
    kind: row.kind,
    id: row.id,
    value: row.value,
    createdAt: instant(row.created_at),
  };
}
