import { type Upgrade, type UpgradeFilter, unfinishedStatuses } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';

/** Newest first, in the order in which they were inserted. */
export async function listUpgrades(db: Db, filter: UpgradeFilter): Promise<readonly Upgrade[]> {
  let query = db.selectFrom('upgrades').selectAll('upgrades').orderBy('position', 'desc').limit(filter.limit);
  const { clusterId, account, unfinished, status, before } = filter;
  if (clusterId !== undefined) query = query.where('cluster_id', '=', clusterId);
  if (account !== undefined)
    query = query.where('cluster_id', 'in', db.selectFrom('clusters').select('id').where('account', '=', account));
  if (unfinished === true) query = query.where('status', 'in', unfinishedStatuses);
  if (unfinished === false) query = query.where('status', 'not in', unfinishedStatuses);
  if (status !== undefined) query = query.where('status', '=', status);
  if (before !== undefined)
    query = query.where(
      'position',
      '<',
      db.selectFrom('upgrades as other').select('other.position').where('other.id', '=', before),
    );
  return (await query.execute()).map(upgradeFromRow);
}
