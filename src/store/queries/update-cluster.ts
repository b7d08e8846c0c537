import { sql } from 'kysely';
import type { Cluster, ClusterChange, Instant, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

export async function updateCluster(
  db: Db,
  id: string,
  change: ClusterChange,
  at: Instant,
  box: SecretBox,
): Promise<Cluster | undefined> {
  const keepsState = change.provisioning === undefined ? sql<boolean>`true` : sql<boolean>`provisioning->>'state' <> 'deleting'`;
  const row = await db
    .updateTable('clusters')
    .set({
      ...(change.description !== undefined && { description: change.description }),
      ...(change.name !== undefined && { name: change.name }),
      ...(change.tags !== undefined && { tags: toJson(change.tags) }),
      ...(change.spec !== undefined && { spec: toJson(change.spec) }),
      ...(change.provisioning !== undefined && { provisioning: toJson(change.provisioning) }),
      ...(change.deleteAfter !== undefined && { delete_after: change.deleteAfter }),
      updated_at: at,
    })
    .where('id', '=', id)
    .where(keepsState)
    .returningAll()
    .executeTakeFirst();
  return row && clusterFromRow(row, box);
}
