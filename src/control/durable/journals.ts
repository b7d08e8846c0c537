import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Instant } from '../../domain/index.ts';

/** Journals forgotten in one statement, and statements in one go: ten thousand upgrades that end at once are gone in a few. */
const journalsAtOnce = 500;
const statementsMax = 20;

/** A workflow that has ended is of no use to anybody: what an upgrade did stands in its events. */
export async function forgetOldJournals(now: Instant, keptMs: number): Promise<void> {
  const completedBefore = new Date(Date.parse(now) - keptMs).toISOString();
  for (let statement = 0; statement < statementsMax; statement += 1) {
    const ended = await DBOS.listWorkflows({
      workflowName: 'lift',
      status: ['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'],
      completedBefore,
      limit: journalsAtOnce,
      loadInput: false,
      loadOutput: false,
    });
    if (ended.length > 0) await DBOS.deleteWorkflows(ended.map((workflow) => workflow.workflowID));
    if (ended.length < journalsAtOnce) return;
  }
}
