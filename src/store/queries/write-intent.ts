import type { Ledger, Store, Upgrade } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';
import { appendEvents } from './append-events.ts';
import { lockStaying } from './lock-staying.ts';
import { tellChanged } from './tell-changed.ts';

export type IntentChange = Parameters<Store['writeIntent']>[0];

/** `writeId` is the same when the same wish is written again because its answer was lost. */
export async function writeIntent(
  db: Db,
  change: IntentChange,
  writeId: string,
): Promise<Upgrade | 'cluster-leaves' | undefined> {
  return db.transaction().execute(async (transaction) => {
    const staying = change.nextGeneration ? await lockClusterOf(transaction, change.upgradeId) : 'stays';
    const before = await transaction
      .selectFrom('upgrades')
      .selectAll()
      .where('id', '=', change.upgradeId)
      .forUpdate()
      .executeTakeFirst();
    if (before === undefined) return undefined;
    if (before.intent_write === writeId) return upgradeFromRow(before);
    if (before.status !== change.expectedStatus || before.generation !== change.expectedGeneration) return undefined;
    if (staying === 'gone' || (staying === 'leaves' && change.intent !== 'cancel')) return 'cluster-leaves';
    const generation = before.generation + (change.nextGeneration ? 1 : 0);
    const after = await transaction
      .updateTable('upgrades')
      .set((row) => ({
        intent: change.intent,
        generation,
        ...(change.nextGeneration && { status: 'running', reason: null }),
        ...(change.gatePassed !== null && { ledger: toJson(passGate(before.ledger as Ledger, change.gatePassed)) }),
        updated_at: change.at,
        last_seq: before.last_seq + change.events.length,
        revision: row('revision', '+', '1'),
        intent_write: writeId,
      }))
      .where('id', '=', change.upgradeId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await appendEvents(transaction, change.upgradeId, generation, before.last_seq, change.events);
    await tellChanged(transaction, change.upgradeId);
    return upgradeFromRow(after);
  });
}

/** Before its upgrade, as whoever deletes a cluster locks them. */
async function lockClusterOf(transaction: Db, upgradeId: string) {
  const upgrade = await transaction.selectFrom('upgrades').select('cluster_id').where('id', '=', upgradeId).executeTakeFirst();
  return upgrade === undefined ? 'gone' : lockStaying(transaction, upgrade.cluster_id);
}

function passGate(ledger: Ledger, hop: number): Ledger {
  return ledger.gatesPassed.includes(hop) ? ledger : { ...ledger, gatesPassed: [...ledger.gatesPassed, hop] };
}
