import { type EsCheck, passedUnless, policy, waitedFor } from './check.ts';

const taskWaitMaxMs = 30_000;
const tasksMax = 100;

/** A master that does not keep up makes every join and every election of the upgrade slow. */
export const noLongPendingTasks: EsCheck = {
  id: 'es.no-long-pending-tasks',
  asks: 'Does the master keep up with its tasks?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const { pendingTasks, maxTaskWaitMs, timedOut } = seen.health;
    if (pendingTasks <= tasksMax && maxTaskWaitMs <= taskWaitMaxMs) return { kind: 'passed' };
    const found = policy(
      'cluster',
      `The master has ${pendingTasks} tasks waiting, the oldest for ${Math.round(maxTaskWaitMs / 1000)} s.`,
      'See GET /_cluster/pending_tasks; wait until it is empty.',
    );
    // The loop takes no member while the master cannot get to the end of its queue.
    return passedUnless([timedOut ? waitedFor(found) : found]);
  },
};
