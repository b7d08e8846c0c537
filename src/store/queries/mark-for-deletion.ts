import type { DeletionMark, DeletionMarked, Instant, Provisioning } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { instantOrNull } from '../rows/moment.ts';

/** The lock keeps an upgrade from being begun or resumed meanwhile: both look at the cluster under a lock of their own. */
export async function markForDeletion(db: Db, id: string, mark: DeletionMark, at: Instant): Promise<DeletionMarked> {
  return db.transaction().execute(async (transaction) => {
    const cluster = await transaction
      .selectFrom('clusters')
      .select(['provisioning', 'delete_after'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (cluster === undefined) return 'not-found';
    if ((cluster.provisioning as Provisioning).state === 'deleting') return 'being-deleted';
    const deleteAfter = instantOrNull(cluster.delete_after);
    if (mark.kind === 'none' && deleteAfter === null) return 'as-it-was';
    if (mark.kind === 'due' && (deleteAfter === null || deleteAfter > at)) return 'as-it-was';
    if (mark.kind !== 'none' && (await isBeingLifted(transaction, id))) return 'upgrade-running';
    await transaction
      .updateTable('clusters')
      .set({ ...changeOf(mark), updated_at: at })
      .where('id', '=', id)
      .execute();
    return 'marked';
  });
}

function changeOf(mark: DeletionMark) {
  if (mark.kind === 'at') return { delete_after: mark.deleteAfter };
  return mark.kind === 'none' ? { delete_after: null } : { provisioning: toJson({ state: 'deleting' } satisfies Provisioning) };
}

async function isBeingLifted(db: Db, clusterId: string): Promise<boolean> {
  const running = await db
    .selectFrom('upgrades')
    .select('id')
    .where('cluster_id', '=', clusterId)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return running !== undefined;
}
