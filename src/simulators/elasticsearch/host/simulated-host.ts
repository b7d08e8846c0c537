import {
  type ActResult,
  type Host,
  type HostFacts,
  type Launch,
  type MemberProcess,
  type ProcessIdentity,
  type Release,
  releaseKey,
  showRelease,
  type Ticket,
  type TrialRun,
} from '../../../domain/index.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { end, launchProcess, type SimProcess, terminate, varied, type World } from '../world/index.ts';
import { foldersOf, processOf } from './launch.ts';
import { runTrial } from './trial.ts';

const lastLinesMax = 20;
const javas = [8, 11, 17, 21].map((feature) => ({ feature, home: `/simulated/jdk-${feature}` }));
const freeMemoryBytes = 64 * 1024 ** 3;
const eraseStopTimeoutMs = 30_000;
/** The second number of a loopback block. */
const loopback = { from: 64, to: 250 } as const;

export interface SimulatedHostParts {
  readonly world: World;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly freePorts: (count: number) => Promise<readonly number[]>;
}

const done = (says: string): ActResult => ({ kind: 'done', says });
const failed = (says: string, lastLines: readonly string[] = []): ActResult => ({ kind: 'failed', says, lastLines });
const keyOf = (clusterId: string, member: string) => `${clusterId}/${member}`;

/** A host of simulated processes. Its memory is the world's: it outlives whoever asks it. */
export class SimulatedHost implements Host {
  readonly kind = 'simulated';
  readonly #parts: SimulatedHostParts;
  readonly #generations = new Map<string, number>();
  readonly #prefetched = new Set<string>();
  /** Process id that each member runs as, or ran as last. */
  readonly #members = new Map<string, number>();

  constructor(parts: SimulatedHostParts) {
    this.#parts = parts;
  }

  async facts(): Promise<HostFacts> {
    return { javas, freeMemoryBytes, prefetched: [...this.#prefetched] };
  }

  async generationOf(clusterId: string): Promise<number> {
    return this.#generations.get(clusterId) ?? 0;
  }

  freePorts(count: number): Promise<readonly number[]> {
    return this.#parts.freePorts(count);
  }

  /** Nothing of a simulated world listens on loopback blocks: any that was not given out is free. */
  async freeLoopbackBlock(_ports: readonly number[], taken: readonly string[]): Promise<string> {
    for (let second = loopback.from; second <= loopback.to; second += 1)
      for (let third = 0; third <= 255; third += 1)
        if (!taken.includes(`127.${second}.${third}`)) return `127.${second}.${third}`;
    throw new Error('all blocks of loopback addresses were given out');
  }

  async launches(clusterId: string, member: string) {
    return this.#parts.journal.launches
      .filter((entry) => entry.clusterId === clusterId && entry.member === member)
      .map(({ release, atMs }) => ({ release, at: new Date(atMs).toISOString() }));
  }

  async describe(clusterId: string, member: string): Promise<MemberProcess> {
    const { clock } = this.#parts;
    clock.catchUp();
    const node = this.#processOf(clusterId, member);
    if (node === undefined) return { state: 'absent' };
    const { release, phase } = node;
    if (phase.at === 'ended')
      return { state: 'stopped', release, exitCode: phase.exitCode, lastLines: node.log.slice(-lastLinesMax) };
    const startedAt = new Date(clock.wallOf(node.launchedAtMs)).toISOString();
    return { state: 'running', identity: { pid: node.pid, startTime: node.startTime }, release, startedAt };
  }

  async prefetch(ticket: Ticket, release: Release): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const { world, clock } = this.#parts;
    if (!this.#prefetched.has(releaseKey(release))) {
      const { nowMs, random } = clock.catchUp();
      const ready = nowMs + varied(world.durations.prefetchMs, random);
      await clock.until(() => world.nowMs >= ready, Number.POSITIVE_INFINITY);
      this.#prefetched.add(releaseKey(release));
    }
    return done(`${showRelease(release)} lies ready.`);
  }

  async adopt(ticket: Ticket, member: string, pid: number): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const node = this.#parts.world.processes.get(pid);
    if (node === undefined || node.phase.at === 'ended') return failed(`${member}: there is no process ${pid}.`);
    this.#members.set(keyOf(ticket.clusterId, member), pid);
    return done(`${member} taken over as process ${pid}.`);
  }

  async stop(ticket: Ticket, member: string, identity: ProcessIdentity, stopTimeoutMs: number): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const node = this.#processOf(ticket.clusterId, member);
    if (node === undefined || node.phase.at === 'ended') return done(`${member} is stopped.`);
    if (node.pid !== identity.pid || node.startTime !== identity.startTime) {
      const says = `${member} runs as another process now (${node.pid}, not ${identity.pid}).`;
      return { kind: 'refused', because: 'identity-changed', says };
    }
    await this.#end(ticket.clusterId, member, node, stopTimeoutMs);
    return done(`${member} stopped.`);
  }

  async start(ticket: Ticket, launch: Launch): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const { clusterId, member, release } = launch;
    const unfit = this.#unfitHere(launch);
    if (unfit !== null) return failed(`${member}: ${unfit}`);
    const running = this.#processOf(clusterId, member);
    if (running !== undefined && running.phase.at !== 'ended')
      return { kind: 'refused', because: 'already-running', says: `${member} runs already.` };
    const { world, clock, journal } = this.#parts;
    const wanted = processOf(world, launch, false);
    if (typeof wanted === 'string') return failed(`${member}: ${wanted}.`);
    const { pid } = launchProcess(world, wanted, clock.catchUp());
    this.#members.set(keyOf(clusterId, member), pid);
    journal.launches.push({ clusterId, member, release, pid, atMs: clock.wallMs() });
    return done(`${member} started at ${showRelease(release)}.`);
  }

  async run(ticket: Ticket, member: string, command: readonly string[]): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const { world, clock, journal } = this.#parts;
    const faults = world.hookFaults.get(member) ?? 0;
    if (faults > 0) world.hookFaults.set(member, faults - 1);
    const entry = { clusterId: ticket.clusterId, member, command, failed: faults > 0, atMs: clock.wallMs() };
    journal.hooks.push(entry);
    const program = command[0] ?? 'nothing';
    return entry.failed ? failed(`${program} failed for ${member}.`, ['exit code 1']) : done(`${program} ran for ${member}.`);
  }

  async trial(launch: Launch, limits: { readonly timeoutMs: number }, signal: AbortSignal): Promise<TrialRun> {
    const unfit = this.#unfitHere(launch);
    if (unfit !== null) return { kind: 'could-not-run', because: unfit };
    const ended = await runTrial(this.#parts, launch, limits.timeoutMs, signal);
    const { clusterId, member, release } = launch;
    const { clock, journal } = this.#parts;
    journal.trials.push({ clusterId, member, release, outcome: ended.kind, atMs: clock.wallMs() });
    return ended;
  }

  async erase(ticket: Ticket, member: string): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const { clusterId } = ticket;
    const node = this.#processOf(clusterId, member);
    if (node !== undefined && node.phase.at !== 'ended') await this.#end(clusterId, member, node, eraseStopTimeoutMs);
    this.#parts.world.folders.delete(node?.folder ?? foldersOf({ clusterId, member, folders: null }).data);
    this.#members.delete(keyOf(clusterId, member));
    return done(`${member} erased.`);
  }

  /** An older generation touches nothing; a newer one is remembered first. */
  #fence({ clusterId, generation }: Ticket): ActResult | null {
    const newest = this.#generations.get(clusterId) ?? 0;
    if (generation < newest) {
      this.#parts.journal.refusedTickets.push({ clusterId, generation, newest });
      const says = `Generation ${generation} is older than ${newest}: another server has taken over.`;
      return { kind: 'refused', because: 'older-generation', says };
    }
    this.#generations.set(clusterId, generation);
    return null;
  }

  #processOf(clusterId: string, member: string): SimProcess | undefined {
    const pid = this.#members.get(keyOf(clusterId, member));
    return pid === undefined ? undefined : this.#parts.world.processes.get(pid);
  }

  async #end(clusterId: string, member: string, node: SimProcess, timeoutMs: number): Promise<void> {
    const { world, clock, journal } = this.#parts;
    // Asked twice at once, by a server that died and the next one, it is one stop.
    const asked = node.phase.at === 'stopping';
    terminate(world, node, clock.catchUp());
    const gone = await clock.until(() => node.phase.at === 'ended', timeoutMs);
    if (!gone && node.phase.at !== 'ended') {
      const says = `${node.name} did not end within ${timeoutMs} ms of SIGTERM`;
      world.violations.push({ atMs: world.nowMs, cluster: node.clusterName, kind: 'killed', says });
      end(world, node, 137, clock.catchUp());
    }
    if (!asked) journal.stops.push({ clusterId, member, pid: node.pid, killed: !gone, atMs: clock.wallMs() });
  }

  /** Why a launch cannot be run on this host; null when it can. */
  #unfitHere({ release, java }: Launch): string | null {
    if (!this.#prefetched.has(releaseKey(release))) return `${showRelease(release)} has not been fetched to this host.`;
    if (java === null || javas.some(({ feature }) => feature >= java.min && feature <= java.max)) return null;
    return `${showRelease(release)} needs Java ${java.min} to ${java.max}; here is ${javas.map((jdk) => jdk.feature).join(', ')}.`;
  }
}
