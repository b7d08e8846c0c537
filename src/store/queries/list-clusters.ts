import type { Cluster, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

/** Oldest first; of every account when `account` is null. */
export async function listClusters(db: Db, account: string | null, box: SecretBox): Promise<readonly Cluster[]> {
  const rows = await db
    .selectFrom('clusters')
    .selectAll()
    .$if(account !== null, (query) => query.where('account', '=', account ?? ''))
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => clusterFromRow(row, box));
}
