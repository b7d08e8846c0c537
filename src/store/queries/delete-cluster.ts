import { unfinishedStatuses } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** Plans, upgrades, events and trials go with it. The lock keeps an upgrade from being started meanwhile. */
export async function deleteCluster(
  db: Db,
  id: string,
  force: boolean | 'unless-running',
): Promise<'deleted' | 'not-found' | 'upgrade-unfinished'> {
  return db.transaction().execute(async (transaction) => {
    const cluster = await transaction.selectFrom('clusters').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
    if (cluster === undefined) return 'not-found';
    const unfinished = await transaction
      .selectFrom('upgrades')
      .select('status')
      .where('cluster_id', '=', id)
      .where('status', 'in', unfinishedStatuses)
      .executeTakeFirst();
    if (unfinished !== undefined && (force === false || (force === 'unless-running' && unfinished.status === 'running')))
      return 'upgrade-unfinished';
    await transaction.deleteFrom('clusters').where('id', '=', id).execute();
    return 'deleted';
  });
}
