import type { TrialKey, TrialOutcome } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { trialColumns } from '../rows/trial-row.ts';

export async function getTrial(db: Db, key: TrialKey): Promise<TrialOutcome | undefined> {
  const row = await db
    .selectFrom('trials')
    .select('outcome')
    .where((where) => where.and(trialColumns(key)))
    .executeTakeFirst();
  return row?.outcome as TrialOutcome | undefined;
}
