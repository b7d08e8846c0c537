import type { Instant, Upgrade } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';
import { tellChanged } from './tell-changed.ts';

/** `writeId` is the same when the same raise is tried again because its answer was lost. */
export async function nextGeneration(
  db: Db,
  upgradeId: string,
  expectedGeneration: number,
  at: Instant,
  writeId: string,
): Promise<Upgrade | undefined> {
  return db.transaction().execute(async (transaction) => {
    const raised = await transaction
      .updateTable('upgrades')
      .set((row) => ({
        generation: row('generation', '+', 1),
        updated_at: at,
        revision: row('revision', '+', '1'),
        intent_write: writeId,
      }))
      .where('id', '=', upgradeId)
      .where('status', '=', 'running')
      .where('generation', '=', expectedGeneration)
      .returningAll()
      .executeTakeFirst();
    if (raised !== undefined) {
      await tellChanged(transaction, upgradeId);
      return upgradeFromRow(raised);
    }
    const before = await transaction
      .selectFrom('upgrades')
      .selectAll()
      .where('id', '=', upgradeId)
      .where('intent_write', '=', writeId)
      .executeTakeFirst();
    return before && upgradeFromRow(before);
  });
}
