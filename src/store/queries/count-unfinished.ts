import { type UpgradeStatus, unfinishedStatuses } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** How many upgrades of each unfinished status there are, without reading any: there may be thousands. */
export async function countUnfinished(db: Db): Promise<ReadonlyMap<UpgradeStatus, number>> {
  const rows = await db
    .selectFrom('upgrades')
    .select(['status', (of) => of.fn.countAll<string>().as('count')])
    .where('status', 'in', unfinishedStatuses)
    .groupBy('status')
    .execute();
  return new Map(rows.map(({ status, count }) => [status as UpgradeStatus, Number(count)]));
}
