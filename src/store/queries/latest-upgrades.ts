import { sql } from 'kysely';
import type { Db } from '../db.ts';

/** Of each of these clusters the id of its newest upgrade, by the cluster's. */
export async function latestUpgrades(db: Db, clusterIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('upgrades')
    .distinctOn('cluster_id')
    .select(['cluster_id', 'id'])
    .where('cluster_id', '=', sql<string>`any(${clusterIds}::text[])`)
    .orderBy('cluster_id')
    .orderBy('position', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.cluster_id, row.id]));
}
