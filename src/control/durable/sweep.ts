import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Instant, Log, Store, Upgrade } from '../../domain/index.ts';

export interface SweepParts {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => Instant;
  readonly executorId: string;
  readonly start: (upgradeId: string, generation: number) => Promise<void>;
  readonly workflowId: (upgradeId: string, generation: number) => string;
}

/** Upgrades looked at in one sweep; the rest come with the next ones. */
const upgradesPerSweep = 1_000;

/**
 * Every running upgrade has a living workflow: one without is begun; one whose server died, or whose workflow has ended
 * all the same, goes on in the next generation. The raised generation is the fence against a server that was only frozen.
 */
export async function sweep(parts: SweepParts): Promise<void> {
  await parts.store.takeExpiredLeases(parts.now());
  const unfinished = await parts.store.listUpgrades({ unfinished: true, limit: upgradesPerSweep });
  const running = unfinished.filter((upgrade) => upgrade.status === 'running');
  if (running.length === 0) return;
  const alive = new Set([...(await parts.store.liveExecutors(parts.now())), parts.executorId]);
  const ids = running.map((upgrade) => parts.workflowId(upgrade.id, upgrade.generation));
  const workflows = new Map((await DBOS.listWorkflows({ workflowIDs: ids })).map((one) => [one.workflowID, one]));
  for (const upgrade of running) {
    const workflow = workflows.get(parts.workflowId(upgrade.id, upgrade.generation));
    if (workflow === undefined) await parts.start(upgrade.id, upgrade.generation);
    else if (workflow.status === 'ENQUEUED' || workflow.status === 'DELAYED') continue;
    else if (workflow.status !== 'PENDING') await takeUp(parts, upgrade);
    else if (!alive.has(workflow.executorId ?? '')) {
      await DBOS.cancelWorkflow(workflow.workflowID);
      await takeUp(parts, upgrade);
    }
  }
}

async function takeUp(parts: SweepParts, upgrade: Upgrade): Promise<void> {
  const at = parts.now();
  const raised = await parts.store.nextGeneration(upgrade.id, upgrade.generation, at);
  if (raised === undefined) return;
  // Attempts and timers go on as they were: only a person begins afresh.
  await parts.store.writeTurn({
    upgradeId: raised.id,
    generation: raised.generation,
    ledger: { ...raised.ledger, generation: raised.generation },
    events: [],
    at,
  });
  parts.log.info({ upgrade: raised.id, generation: raised.generation }, 'An upgrade was taken up again.');
  await parts.start(raised.id, raised.generation);
}
