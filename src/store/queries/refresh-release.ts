import {
  type Cluster,
  type ClusterSpec,
  type Instant,
  type Release,
  type SecretBox,
  unfinishedStatuses,
} from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

/** Locks the cluster first: within the transaction of whoever writes of its upgrade, too. */
export async function rememberRelease(transaction: Db, id: string, release: Release, at: Instant) {
  const before = await transaction.selectFrom('clusters').select('spec').where('id', '=', id).forUpdate().executeTakeFirst();
  if (before === undefined) return undefined;
  return transaction
    .updateTable('clusters')
    .set({ spec: toJson({ ...(before.spec as ClusterSpec), release }), updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function refreshRelease(
  db: Db,
  id: string,
  release: Release,
  at: Instant,
  box: SecretBox,
): Promise<Cluster | undefined> {
  return db.transaction().execute(async (transaction) => {
    await transaction.selectFrom('clusters').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
    const unfinished = await transaction
      .selectFrom('upgrades')
      .select('id')
      .where('cluster_id', '=', id)
      .where('status', 'in', unfinishedStatuses)
      .executeTakeFirst();
    if (unfinished !== undefined) return undefined;
    const row = await rememberRelease(transaction, id, release, at);
    return row && clusterFromRow(row, box);
  });
}
