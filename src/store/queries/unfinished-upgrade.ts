import { type Upgrade, unfinishedStatuses } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';

export async function unfinishedUpgrade(db: Db, clusterId: string): Promise<Upgrade | undefined> {
  const row = await db
    .selectFrom('upgrades')
    .selectAll()
    .where('cluster_id', '=', clusterId)
    .where('status', 'in', unfinishedStatuses)
    .executeTakeFirst();
  return row && upgradeFromRow(row);
}
