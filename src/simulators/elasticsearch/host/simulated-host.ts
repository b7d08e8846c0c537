import { type ActResult, type Host, type Launch, releaseKey, showRelease, type Ticket } from '../../../domain/index.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { end, launchProcess, type SimProcess, terminate, varied, type World } from '../world/index.ts';
import { foldersOf, processOf } from './launch.ts';
import { runTrial } from './trial.ts';

const lastLinesMax = 20;
const javas = [8, 11, 17, 21].map((feature) => ({ feature, home: `/simulated/jdk-${feature}` }));
const freeMemoryBytes = 64 * 1024 ** 3;
const eraseStopTimeoutMs = 30_000;

export interface SimulatedHostParts {
  readonly world: World;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly freePorts: (count: number) => Promise<readonly number[]>;
}

/** A member as its host knows it: the process that it runs or ran last. */
interface Kept {
  readonly pid: number;
}

const done = (says: string): ActResult => ({ kind: 'done', says });
const failed = (says: string, lastLines: readonly string[] = []): ActResult => ({ kind: 'failed', says, lastLines });

/** A host of simulated processes. Its memory is the world's: it outlives whoever asks it. */
export function hostOf(parts: SimulatedHostParts): Host {
  const { world, clock, journal } = parts;
  const generations = new Map<string, number>();
  const prefetched = new Set<string>();
  const members = new Map<string, Kept>();
  const keyOf = (clusterId: string, member: string) => `${clusterId}/${member}`;
  const processOfMember = (clusterId: string, member: string) => {
    const kept = members.get(keyOf(clusterId, member));
    return kept === undefined ? undefined : world.processes.get(kept.pid);
  };

  /** The fence: an older generation touches nothing; a newer one is remembered first. */
  function fence({ clusterId, generation }: Ticket): ActResult | null {
    const newest = generations.get(clusterId) ?? 0;
    if (generation < newest) {
      journal.refusedTickets.push({ clusterId, generation, newest });
      const says = `Generation ${generation} is older than ${newest}: another server has taken over.`;
      return { kind: 'refused', because: 'older-generation', says };
    }
    generations.set(clusterId, generation);
    return null;
  }

  async function endProcess(clusterId: string, member: string, node: SimProcess, timeoutMs: number): Promise<void> {
    terminate(world, node, clock.catchUp());
    const gone = await clock.until(() => node.phase.at === 'ended', timeoutMs);
    if (!gone) {
      const says = `${node.name} did not end within ${timeoutMs} ms of SIGTERM`;
      world.violations.push({ atMs: world.nowMs, cluster: node.clusterName, kind: 'killed', says });
      end(world, node, 137, clock.catchUp());
    }
    journal.stops.push({ clusterId, member, pid: node.pid, killed: !gone, atMs: clock.wallMs() });
  }

  function spawn(launch: Launch): ActResult {
    const wanted = processOf(world, launch, false);
    if (typeof wanted === 'string') return failed(`${launch.member}: ${wanted}.`);
    const made = launchProcess(world, wanted, clock.catchUp());
    members.set(keyOf(launch.clusterId, launch.member), { pid: made.pid });
    const { clusterId, member, release } = launch;
    journal.launches.push({ clusterId, member, release, pid: made.pid, atMs: clock.wallMs() });
    return done(`${member} started at ${showRelease(release)}.`);
  }

  return {
    kind: 'simulated',
    freePorts: parts.freePorts,
    facts: async () => ({ javas, freeMemoryBytes, prefetched: [...prefetched] }),
    generationOf: async (clusterId) => generations.get(clusterId) ?? 0,
    launches: async (clusterId, member) =>
      journal.launches
        .filter((entry) => entry.clusterId === clusterId && entry.member === member)
        .map(({ release, atMs }) => ({ release, at: new Date(atMs).toISOString() })),

    describe: async (clusterId, member) => {
      clock.catchUp();
      const node = processOfMember(clusterId, member);
      if (node === undefined) return { state: 'absent' };
      const { release, phase } = node;
      if (phase.at === 'ended')
        return { state: 'stopped', release, exitCode: phase.exitCode, lastLines: node.log.slice(-lastLinesMax) };
      const startedAt = new Date(clock.wallOf(node.launchedAtMs)).toISOString();
      return { state: 'running', identity: { pid: node.pid, startTime: node.startTime }, release, startedAt };
    },

    prefetch: async (ticket, release) => {
      const refused = fence(ticket);
      if (refused !== null) return refused;
      if (!prefetched.has(releaseKey(release))) {
        const { nowMs, random } = clock.catchUp();
        const ready = nowMs + varied(world.durations.prefetchMs, random);
        await clock.until(() => world.nowMs >= ready, Number.POSITIVE_INFINITY);
        prefetched.add(releaseKey(release));
      }
      return done(`${showRelease(release)} lies ready.`);
    },

    adopt: async (ticket, member, pid) => {
      const refused = fence(ticket);
      if (refused !== null) return refused;
      const node = world.processes.get(pid);
      if (node === undefined || node.phase.at === 'ended') return failed(`${member}: there is no process ${pid}.`);
      members.set(keyOf(ticket.clusterId, member), { pid });
      return done(`${member} taken over as process ${pid}.`);
    },

    stop: async (ticket, member, identity, stopTimeoutMs) => {
      const refused = fence(ticket);
      if (refused !== null) return refused;
      const node = processOfMember(ticket.clusterId, member);
      if (node === undefined || node.phase.at === 'ended') return done(`${member} is stopped.`);
      if (node.pid !== identity.pid || node.startTime !== identity.startTime) {
        const says = `${member} runs as another process now (${node.pid}, not ${identity.pid}).`;
        return { kind: 'refused', because: 'identity-changed', says };
      }
      await endProcess(ticket.clusterId, member, node, stopTimeoutMs);
      return done(`${member} stopped.`);
    },

    start: async (ticket, launch) => {
      const refused = fence(ticket);
      if (refused !== null) return refused;
      const unfit = unfitHere(launch, prefetched);
      if (unfit !== null) return failed(`${launch.member}: ${unfit}`);
      const running = processOfMember(launch.clusterId, launch.member);
      if (running !== undefined && running.phase.at !== 'ended')
        return { kind: 'refused', because: 'already-running', says: `${launch.member} runs already.` };
      return spawn(launch);
    },

    run: async (ticket, member, command) => {
      const refused = fence(ticket);
      if (refused !== null) return refused;
      const faults = world.hookFaults.get(member) ?? 0;
      if (faults > 0) world.hookFaults.set(member, faults - 1);
      const entry = { clusterId: ticket.clusterId, member, command, failed: faults > 0, atMs: clock.wallMs() };
      journal.hooks.push(entry);
      const program = command[0] ?? 'nothing';
      return entry.failed ? failed(`${program} failed for ${member}.`, ['exit code 1']) : done(`${program} ran for ${member}.`);
    },

    trial: async (launch, limits, signal) => {
      const unfit = unfitHere(launch, prefetched);
      if (unfit !== null) return { kind: 'could-not-run', because: unfit };
      const ended = await runTrial(parts, launch, limits.timeoutMs, signal);
      const { clusterId, member, release } = launch;
      journal.trials.push({ clusterId, member, release, outcome: ended.kind, atMs: clock.wallMs() });
      return ended;
    },

    erase: async (ticket, member) => {
      const refused = fence(ticket);
      if (refused !== null) return refused;
      const node = processOfMember(ticket.clusterId, member);
      if (node !== undefined && node.phase.at !== 'ended') await endProcess(ticket.clusterId, member, node, eraseStopTimeoutMs);
      world.folders.delete(node?.folder ?? foldersOf({ clusterId: ticket.clusterId, member, folders: null }).data);
      members.delete(keyOf(ticket.clusterId, member));
      return done(`${member} erased.`);
    },
  };
}

/** Why a launch cannot be run on this host; null when it can. */
function unfitHere(launch: Launch, prefetched: ReadonlySet<string>): string | null {
  const { release, java } = launch;
  if (!prefetched.has(releaseKey(release))) return `${showRelease(release)} has not been fetched to this host.`;
  if (java === null || javas.some(({ feature }) => feature >= java.min && feature <= java.max)) return null;
  return `${showRelease(release)} needs Java ${java.min} to ${java.max}; here is ${javas.map((jdk) => jdk.feature).join(', ')}.`;
}
