import { sql } from 'kysely';
import type { Cluster, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

/** Those that are coming or going, all of them: that is what was cut off. */
export async function clustersInMotion(db: Db, box: SecretBox): Promise<readonly Cluster[]> {
  const rows = await db
    .selectFrom('clusters')
    .selectAll()
    .where(({ or, eb }) =>
      or([
        eb(sql<string>`provisioning ->> 'state'`, 'in', ['creating', 'deleting', 'awaited']),
        eb('delete_after', 'is not', null),
      ]),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => clusterFromRow(row, box));
}

/** So many, of those whose ids come after this one. */
export async function clustersAfter(db: Db, id: string, limit: number, box: SecretBox): Promise<readonly Cluster[]> {
  const rows = await db.selectFrom('clusters').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute();
  return rows.map((row) => clusterFromRow(row, box));
}
