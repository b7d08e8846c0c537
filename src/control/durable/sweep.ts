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

/** Upgrades looked at in one go. */
const upgradesAtOnce = 500;

/**
 * Every running upgrade has a living workflow: one without is begun; one whose server died, or whose workflow has ended
 * all the same, goes on in the next generation. The raised generation is the fence against a server that was only frozen.
 */
export async function sweep(parts: SweepParts): Promise<void> {
  await parts.store.takeExpiredLeases();
  const alive = new Set([...(await parts.store.liveExecutors()), parts.executorId]);
  let before: string | undefined;
  for (;;) {
    const filter = { status: 'running', limit: upgradesAtOnce } as const;
    const running = await parts.store.listUpgrades(before === undefined ? filter : { ...filter, before });
    await keepAlive(parts, running, alive);
    if (running.length < upgradesAtOnce) return;
    before = running.at(-1)?.id;
  }
}

async function keepAlive(parts: SweepParts, running: readonly Upgrade[], alive: ReadonlySet<string>): Promise<void> {
  if (running.length === 0) return;
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
