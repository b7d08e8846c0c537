import type { TurnWrite } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson, toJsonOrNull } from '../json.ts';
import { appendEvents } from './append-events.ts';
import { rememberRelease } from './refresh-release.ts';
import { tellChanged } from './tell-changed.ts';

/** `writeId` is the same when the same turn is written again because its answer was lost. */
export async function writeTurn(db: Db, turn: TurnWrite, writeId: string): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const clusterId = turn.release === undefined ? undefined : await lockCluster(transaction, turn.upgradeId);
    const before = await transaction
      .selectFrom('upgrades')
      .select(['generation', 'intent', 'last_seq', 'turn_write'])
      .where('id', '=', turn.upgradeId)
      .forUpdate()
      .executeTakeFirst();
    if (before?.turn_write === writeId) return true;
    if (before?.generation !== turn.generation) return false;
    if (turn.expectedIntent !== undefined && before.intent !== turn.expectedIntent) return false;
    await transaction
      .updateTable('upgrades')
      .set((row) => ({
        ...(turn.ledger !== undefined && { ledger: toJson(turn.ledger) }),
        ...(turn.status !== undefined && { status: turn.status }),
        ...(turn.reason !== undefined && { reason: toJsonOrNull(turn.reason) }),
        ...(turn.endedAt !== undefined && { ended_at: turn.endedAt }),
        updated_at: turn.at,
        last_seq: before.last_seq + turn.events.length,
        revision: row('revision', '+', '1'),
        turn_write: writeId,
      }))
      .where('id', '=', turn.upgradeId)
      .execute();
    if (turn.release !== undefined && clusterId !== undefined)
      await rememberRelease(transaction, clusterId, turn.release, turn.at);
    await appendEvents(transaction, turn.upgradeId, turn.generation, before.last_seq, turn.events);
    await tellChanged(transaction, turn.upgradeId);
    return true;
  });
}

/** The cluster before its upgrade, as whoever deletes a cluster locks them: in another order two would wait for each other. */
async function lockCluster(transaction: Db, upgradeId: string): Promise<string | undefined> {
  const row = await transaction
    .selectFrom('clusters')
    .innerJoin('upgrades', 'upgrades.cluster_id', 'clusters.id')
    .select('clusters.id')
    .where('upgrades.id', '=', upgradeId)
    .forUpdate('clusters')
    .executeTakeFirst();
  return row?.id;
}
