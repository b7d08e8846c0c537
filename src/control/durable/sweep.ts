import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Instant, Log, Store, WaitReason } from '../../domain/index.ts';

export interface SweepParts {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => Instant;
  readonly executorId: string;
  /** Ids of the workflows that this process carries on at this moment. */
  readonly carried: ReadonlySet<string>;
  /** Ids of those that were seen to wait for their turn, and whether their upgrades were told. */
  readonly queued: Map<string, 'seen' | 'told'>;
  /** `begun`: it goes before those that were not. */
  readonly start: (upgradeId: string, generation: number, begun?: boolean) => Promise<void>;
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
  // What this process carries is known to live: of thousands of upgrades only the others are asked about.
  const others = (await parts.store.listRunning()).filter(
    ({ id, generation }) => !parts.carried.has(parts.workflowId(id, generation)),
  );
  const waiting = new Set(others.map(({ id, generation }) => parts.workflowId(id, generation)));
  for (const id of parts.queued.keys()) if (!waiting.has(id)) parts.queued.delete(id);
  for (let first = 0; first < others.length; first += workflowsAtOnce)
    await keepAlive(parts, others.slice(first, first + workflowsAtOnce));
}

async function keepAlive(parts: SweepParts, running: Running): Promise<void> {
  const ids = running.map((upgrade) => parts.workflowId(upgrade.id, upgrade.generation));
  const known = await DBOS.listWorkflows({ workflowIDs: ids, loadInput: false, loadOutput: false });
  // Asked last: whoever is frozen before it and wakes up finds everybody who has come since, and takes nothing from them.
  const alive = new Set([...(await parts.store.liveExecutors()), parts.executorId]);
  const workflows = new Map(known.map((one) => [one.workflowID, one]));
  for (const upgrade of running) {
    const workflow = workflows.get(parts.workflowId(upgrade.id, upgrade.generation));
    if (workflow === undefined) await parts.start(upgrade.id, upgrade.generation);
    else if (workflow.status === 'ENQUEUED' || workflow.status === 'DELAYED') await tellQueued(parts, upgrade);
    else if (workflow.status !== 'PENDING') await takeUp(parts, upgrade);
    else if (!alive.has(workflow.executorId ?? '')) {
      await DBOS.cancelWorkflow(workflow.workflowID);
      await takeUp(parts, upgrade);
    }
  }
}

/** Told once, when it was seen twice: an upgrade that has not begun for that reason must not look as if it hung. */
async function tellQueued(parts: SweepParts, { id, generation }: Running[number]): Promise<void> {
  const workflowId = parts.workflowId(id, generation);
  const before = parts.queued.get(workflowId);
  parts.queued.set(workflowId, before === undefined ? 'seen' : 'told');
  if (before !== 'seen') return;
  const at = parts.now();
  const reason = queuedReason(id);
  const event = { at, kind: 'waiting', move: null, members: [], says: reason.says, reason, actor: null } as const;
  await parts.store.writeTurn({ upgradeId: id, generation, reason, events: [event], at });
}

function queuedReason(subject: string): WaitReason {
  return {
    code: 'lift.waits-for-its-turn',
    subject,
    says: 'It waits for its turn: the servers carry on as many upgrades as they may (upgradesAtOnce).',
    clearedBy: 'Another upgrade ends, or upgradesAtOnce is raised.',
  };
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
  await parts.start(raised.id, raised.generation, true);
}
