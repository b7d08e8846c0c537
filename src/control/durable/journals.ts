import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Instant } from '../../domain/index.ts';

/** Journals forgotten in one go; the rest go the next times. */
const journalsAtOnce = 500;

/** A workflow that has ended is of no use to anybody: what an upgrade did stands in its events. */
export async function forgetOldJournals(now: Instant, keptMs: number): Promise<void> {
  const completedBefore = new Date(Date.parse(now) - keptMs).toISOString();
  const ended = await DBOS.listWorkflows({
    workflowName: 'lift',
    status: ['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'],
    completedBefore,
    limit: journalsAtOnce,
    loadInput: false,
    loadOutput: false,
  });
  if (ended.length > 0) await DBOS.deleteWorkflows(ended.map((workflow) => workflow.workflowID));
}
