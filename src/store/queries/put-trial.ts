import type { TrialKey, TrialOutcome } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { trialColumns } from '../rows/trial-row.ts';

/** What the member was told with other settings goes. A trial may end after its cluster was forgotten: then there is nothing to write. */
export async function putTrial(db: Db, key: TrialKey, outcome: TrialOutcome): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const cluster = await transaction
      .selectFrom('clusters')
      .select('id')
      .where('id', '=', key.clusterId)
      .forKeyShare()
      .executeTakeFirst();
    if (cluster === undefined) return;
    const { settings_hash, ...columns } = trialColumns(key);
    await transaction
      .deleteFrom('trials')
      .where((where) => where.and(columns))
      .where('settings_hash', '<>', settings_hash)
      .execute();
    const body = toJson(outcome);
    await transaction
      .insertInto('trials')
      .values({ ...trialColumns(key), outcome: body })
      .onConflict((conflict) =>
        conflict.columns(['cluster_id', 'member', 'version', 'build', 'settings_hash']).doUpdateSet({ outcome: body }),
      )
      .execute();
  });
}
