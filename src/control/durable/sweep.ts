import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Instant, Log, Store } from '../../domain/index.ts';

export interface SweepParts {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => Instant;
  readonly executorId: string;
  /** Ids of the workflows that this process carries on at this moment. */
  readonly carried: ReadonlySet<string>;
  readonly start: (upgradeId: string, generation: number) => Promise<void>;
  readonly workflowId: (upgradeId: string, generation: number) => string;
}

type Running = Awaited<ReturnType<Store['listRunning']>>;

/** Workflows that are asked about in one go. */
const workflowsAtOnce = 500;

/**
 * Every running upgrade has a living workflow: one without is begun; one whose server died, or whose workflow has ended
 * all the same, goes on in the next generation. The raised generation is the fence against a server that was only frozen.
 */
export async function sweep(parts: SweepParts): Promise<void> {
  await parts.store.takeExpiredLeases();
  const alive = new Set([...(await parts.store.liveExecutors()), parts.executorId]);
  // What this process carries is known to live: of thousands of upgrades only the others are asked about.
  const others = (await parts.store.listRunning()).filter(
    ({ id, generation }) => !parts.carried.has(parts.workflowId(id, generation)),
  );
  for (let first = 0; first < others.length; first += workflowsAtOnce)
    await keepAlive(parts, others.slice(first, first + workflowsAtOnce), alive);
}

async function keepAlive(parts: SweepParts, running: Running, alive: ReadonlySet<string>): Promise<void> {
  const ids = running.map((upgrade) => parts.workflowId(upgrade.id, upgrade.generation));
  const known = await DBOS.listWorkflows({ workflowIDs: ids, loadInput: false, loadOutput: false });
  const workflows = new Map(known.map((one) => [one.workflowID, one]));
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

async function takeUp(parts: SweepParts, upgrade: Running[number]): Promise<void> {
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
