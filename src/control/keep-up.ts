/** What clusters of our making need outside an upgrade: members started while one is made, and again when they ended by themselves. */
import {
  type ActResult,
  type Cluster,
  emptyLedger,
  type Host,
  type Launch,
  type MemberProcess,
  type Move,
  type Observation,
  type Ticket,
} from '../domain/index.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';
import type { Patience } from './patience.ts';

type Act = Extract<Move, { do: 'act' }>;

interface Kept {
  readonly observation: Observation<unknown>;
  readonly ended: readonly { readonly act: Act; readonly result: ActResult }[];
}

interface Restraint {
  /** Limits how many clusters are looked at side by side. */
  readonly looks: <T>(look: () => Promise<T>) => Promise<T>;
  readonly patience: Patience;
  readonly actTimeoutMs: number;
}

/** While a cluster is made nothing else is to be done for it, and its attempts are counted. */
const unrestrained: Restraint = {
  looks: (look) => look(),
  patience: { takes: () => true },
  actTimeoutMs: limits.provisionTimeoutMs,
};

/**
 * How far a cluster is left to us: in everything; or, while its upgrade waits for a person, in that what ended by itself is
 * started again; or not at all, because it is being lifted or leaves.
 */
type Left = 'all' | 'held' | 'nothing';

/** Performs what is needed now; what was performed, and what became of it. Null where nobody wants that any more. */
async function upkeep(
  parts: ControlParts,
  cluster: Cluster,
  wanted: () => Promise<Left>,
  { looks, patience, actTimeoutMs }: Restraint,
): Promise<Kept | null> {
  const { engine, catalog } = engineOf(parts, cluster);
  const ticket = { clusterId: cluster.id, generation: await newestGeneration(parts, cluster) };
  const left = await wanted();
  if (left === 'nothing') return null;
  const observation = await looks(() => engine.observe(cluster, catalog, parts.io, 'turn'));
  const acts = engine.upkeep?.(cluster, catalog, observation, left === 'held') ?? [];
  // A look takes seconds.
  if (acts.length > 0 && (await wanted()) !== left) return null;
  const signal = AbortSignal.timeout(actTimeoutMs);
  const now = parts.io.now();
  const taken = acts.filter((act) => patience.takes([cluster.id, act.move, ...act.on.map(({ name }) => name)].join(' '), now));
  const context = { cluster, catalog, plan: null, ledger: emptyLedger, ticket, signal };
  const ended = await Promise.all(taken.map(async (act) => ({ act, result: await engine.perform(act, context, parts.io) })));
  return { observation, ended };
}

/** Of all its hosts, asked before anything is looked at: from the first act of an upgrade that has begun since, hosts refuse it. */
async function newestGeneration(parts: ControlParts, cluster: Cluster): Promise<number> {
  const keys = new Set(
    engineOf(parts, cluster)
      .engine.members(cluster)
      .map((member) => member.host),
  );
  const seen = await Promise.all([...keys].map(async (key) => (await parts.io.hosts(key)?.generationOf(cluster.id)) ?? 0));
  return Math.max(0, ...seen);
}

/**
 * Called again and again. A cluster that is lifted is left to its upgrade, a registered one to its owner. One whose upgrade is
 * resumed while we act is safe all the same: hosts refuse us from its first act on, and before that a member that we have
 * started is left as it is by whoever would start it.
 */
export async function keepUp(parts: ControlParts, clusterId: string, restraint = unrestrained): Promise<void> {
  const cluster = await parts.store.getCluster(clusterId);
  if (cluster === undefined || cluster.origin !== 'created' || cluster.provisioning.state !== 'ready') return;
  const { engine } = engineOf(parts, cluster);
  if (engine.upkeep === undefined) return;
  const kept = await upkeep(parts, cluster, () => leftToUs(parts, cluster), restraint);
  if (kept === null) return;
  const { observation, ended } = kept;
  for (const name of engine.nodegroups?.gone(cluster, observation) ?? [])
    await parts.store.changeSpec(cluster.id, (spec) => engine.nodegroups?.forget(spec, name) ?? null, parts.io.now());
  for (const { act, result } of ended) {
    const members = act.on.map((identity) => identity.name);
    parts.log.info({ cluster: cluster.id, move: act.move, members, result: result.kind, says: result.says }, act.why);
  }
}

async function leftToUs(parts: ControlParts, { id }: Cluster): Promise<Left> {
  const upgrade = await parts.store.unfinishedUpgrade(id);
  if (upgrade?.status === 'running') return 'nothing';
  if ((await parts.store.getCluster(id))?.provisioning.state !== 'ready') return 'nothing';
  return upgrade === undefined ? 'all' : 'held';
}

/** Who makes a cluster. */
interface Maker {
  readonly stillWanted: () => Promise<boolean>;
  /** Shows what the making waits for; null: nothing that is worth telling. */
  readonly tell: (says: string | null) => Promise<unknown>;
  readonly closing: AbortSignal;
}

/**
 * Starts the members in the order that the engine asks for, until all run. Null when they do, or nobody wants them any more.
 * Time in which its owner has something to do counts by a limit of its own.
 */
export async function form(parts: ControlParts, cluster: Cluster, { stillWanted, tell, closing }: Maker): Promise<string | null> {
  const { engine } = engineOf(parts, cluster);
  const tried = new Map<string, number>();
  const clock = formingClock(Date.parse(parts.io.now()));
  for (;;) {
    const kept = await upkeep(parts, cluster, async () => ((await stillWanted()) ? 'all' : 'nothing'), unrestrained);
    if (kept === null) return null;
    const { observation, ended } = kept;
    const missing = engine.members(cluster).filter(({ name, surge }) => surge !== true && !joined(observation, name));
    if (ended.length === 0 && missing.length === 0) return null;
    for (const { act, result } of ended) {
      const name = act.on.map((identity) => identity.name).join(', ');
      const times = (tried.get(name) ?? 0) + 1;
      tried.set(name, times);
      if (times > limits.formAttempts) return whyNot(observation, name, result);
    }
    const needed = engine.needsOwner?.(cluster, observation) ?? null;
    await tell(needed);
    const late = clock.late(needed, Date.parse(parts.io.now()));
    if (late !== null)
      return `${missing.map(({ name }) => name).join(', ')} did not come up within ${late} minutes. ${needed ?? ''}`.trim();
    if (closing.aborted) return null;
    await parts.io.pause(needed === null ? limits.provisionLookMs : limits.provisionByOwnerLookMs, closing);
  }
}

/** Says whether it has taken too long: the number of minutes that it had, or null. */
function formingClock(beganMs: number) {
  let ownersMs = 0;
  let lastMs = beganMs;
  return {
    late(needed: string | null, nowMs: number): number | null {
      if (needed !== null) ownersMs += nowMs - lastMs;
      lastMs = nowMs;
      if (nowMs - beganMs - ownersMs >= limits.provisionTimeoutMs) return limits.provisionTimeoutMs / 60_000;
      return ownersMs >= limits.provisionByOwnerTimeoutMs ? limits.provisionByOwnerTimeoutMs / 60_000 : null;
    },
  };
}

function joined(observation: Observation<unknown>, name: string): boolean {
  return observation.members.find((member) => member.name === name)?.joined != null;
}

function whyNot(observation: Observation<unknown>, name: string, result: ActResult): string {
  const process: MemberProcess | undefined = observation.members.find((member) => member.name === name)?.process;
  const lines = process?.state === 'stopped' ? process.lastLines : [];
  return [result.kind === 'done' ? `${name} ends instead of coming up.` : result.says, ...lines].join('\n');
}

/** Gets a launch's own artefact and its tools ready. Null when they are; else why not. `told` hears how far it is. */
export async function fetchFor(
  host: Host,
  ticket: Ticket,
  launch: Launch,
  signal: AbortSignal,
  told?: (says: string) => void,
): Promise<string | null> {
  const wanted = [
    ...(launch.artefacts.length === 0 ? [] : [{ release: launch.release, artefacts: launch.artefacts }]),
    ...(launch.tools ?? []),
  ];
  for (const { release, artefacts } of wanted) {
    const fetched = await host.prefetch(ticket, release, artefacts, signal, told);
    if (fetched.kind !== 'done') return fetched.says;
  }
  return null;
}
