import type { Instant, Log, Store, WaitReason } from '../../domain/index.ts';
import { atMost } from '../at-most.ts';
import { type Entry, type Journal, workflowId } from './journal.ts';

export interface SweepParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly log: Log;
  readonly now: () => Instant;
  readonly executorId: string;
  /** Ids of the workflows that this process carries on at this moment. */
  readonly carried: ReadonlySet<string>;
  /** Ids of those that were seen to wait for their turn, and whether their upgrades were told. */
  readonly queued: Map<string, 'seen' | 'told'>;
}

type Running = Awaited<ReturnType<Store['listRunning']>>;

/** Workflows that are asked about in one go. */
const workflowsAtOnce = 500;
/** A server that died may have carried thousands on: they are taken up side by side, and leave room for whoever was. */
const takenUpAtOnce = 6;

/**
 * Every running upgrade has a living workflow: one without is begun; one whose server died, or whose workflow has ended
 * all the same, goes on in the next generation. The raised generation is the fence against a server that was only frozen.
 */
export async function sweep(parts: SweepParts): Promise<void> {
  await parts.store.takeExpiredLeases();
  // What this process carries is known to live: of thousands of upgrades only the others are asked about.
  const others = (await parts.store.listRunning()).filter(({ id, generation }) => !parts.carried.has(workflowId(id, generation)));
  const waiting = new Set(others.map(({ id, generation }) => workflowId(id, generation)));
  for (const id of parts.queued.keys()) if (!waiting.has(id)) parts.queued.delete(id);
  for (let first = 0; first < others.length; first += workflowsAtOnce)
    await keepAlive(parts, others.slice(first, first + workflowsAtOnce));
}

async function keepAlive(parts: SweepParts, running: Running): Promise<void> {
  const known = await parts.journal.list(running.map(({ id, generation }) => workflowId(id, generation)));
  // Asked last: whoever is frozen before it and wakes up finds everybody who has come since, and takes nothing from them.
  const alive = new Set([...(await parts.store.liveExecutors()), parts.executorId]);
  const entries = new Map(known.map((one) => [one.id, one]));
  const work = running.map((upgrade) => {
    const entry = entries.get(workflowId(upgrade.id, upgrade.generation));
    return { upgrade, needs: needOf(entry, alive) };
  });
  const needing = (need: Need) => work.filter(({ needs }) => needs === need).map(({ upgrade }) => upgrade);
  const lost = needing('another server');
  await parts.journal.cancel(lost.map(({ id, generation }) => workflowId(id, generation)));
  // What was begun comes before what was not: one of its members may be away.
  const room = atMost(takenUpAtOnce);
  await Promise.all([...lost, ...needing('the next generation')].map((upgrade) => room(() => takeUp(parts, upgrade))));
  for (const { id, generation } of needing('a workflow')) await parts.journal.start(id, generation, false);
  for (const upgrade of needing('patience')) await tellQueued(parts, upgrade);
}

type Need = 'a workflow' | 'patience' | 'another server' | 'the next generation' | 'nothing';

function needOf(entry: Entry | undefined, alive: ReadonlySet<string>): Need {
  if (entry === undefined) return 'a workflow';
  if (entry.status === 'ENQUEUED' || entry.status === 'DELAYED') return 'patience';
  if (entry.status !== 'PENDING') return 'the next generation';
  return alive.has(entry.executorId ?? '') ? 'nothing' : 'another server';
}

/**
 * Told once, when it was seen twice: an upgrade that has not begun for that reason must not look as if it hung. One that was
 * written to since it was seen to wait may have begun meanwhile, and has better words by then.
 */
async function tellQueued(parts: SweepParts, { id, generation, revision }: Running[number]): Promise<void> {
  const before = parts.queued.get(workflowId(id, generation));
  if (before === 'told') return;
  parts.queued.set(workflowId(id, generation), 'seen');
  if (before !== 'seen') return;
  const at = parts.now();
  const reason = queuedReason(id);
  const event = { at, kind: 'waiting', move: null, members: [], says: reason.says, reason, actor: null } as const;
  const turn = { upgradeId: id, generation, expectedRevision: revision, reason, events: [event], at };
  if (await parts.store.writeTurn(turn)) parts.queued.set(workflowId(id, generation), 'told');
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
  await parts.journal.start(raised.id, raised.generation, true);
}
