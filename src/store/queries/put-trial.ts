import type { TrialKey, TrialOutcome } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { trialColumns } from '../rows/trial-row.ts';

/**
 * One outcome for the members that share a trial. What they were told with other settings goes. A trial may end after its
 * cluster was forgotten: then there is nothing to write.
 */
export async function putTrials(db: Db, keys: readonly TrialKey[], outcome: TrialOutcome): Promise<void> {
  const [first] = keys;
  if (first === undefined) return;
  const body = toJson(outcome);
  const rows = keys.map((key) => ({ ...trialColumns(key), outcome: body }));
  await db.transaction().execute(async (transaction) => {
    const cluster = await transaction
      .selectFrom('clusters')
      .select('id')
      .where('id', '=', first.clusterId)
      .forKeyShare()
      .executeTakeFirst();
    if (cluster === undefined) return;
    await transaction
      .deleteFrom('trials')
      .where(({ or, and, eb }) =>
        or(rows.map(({ settings_hash, outcome: _, ...others }) => and([and(others), eb('settings_hash', '<>', settings_hash)]))),
      )
      .execute();
    await transaction
      .insertInto('trials')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['cluster_id', 'member', 'version', 'build', 'settings_hash']).doUpdateSet({ outcome: body }),
      )
      .execute();
  });
}
