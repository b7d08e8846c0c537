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
} from '../../domain/index.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { isFree } from '../ports.ts';
import type { ClusterWorld } from '../program.ts';

const javas = [8, 11, 17, 21].map((feature) => ({ feature, home: `/simulated/jdk-${feature}` }));
const freeMemoryBytes = 64 * 1024 ** 3;
/** The second number of a loopback block; the third is any. */
const loopback = { from: 64, to: 250, thirds: 256 } as const;
const loopbackBlocks = (loopback.to - loopback.from + 1) * loopback.thirds;
/** Two simulators of one machine begin to look far from each other: between a look and a start the other must not come first. */
const firstBlock = (process.pid * 97) % loopbackBlocks;

export interface OpenWorld {
  readonly world: ClusterWorld;
  readonly clock: Clock;
}

/** Where the world of a cluster is found, and made. */
export interface Worlds {
  of(clusterId: string): OpenWorld | undefined;
  /** For a first launch, or a trial before it. A sentence where nothing here can run that. */
  openFor(launch: Launch): OpenWorld | string;
  /** The member was started so. */
  started(launch: Launch): Promise<void>;
  /** The member was stopped, by whoever asked for it. */
  stopped(clusterId: string, member: string): Promise<void>;
  /** Nothing of the member is left; a world without members may go. */
  erased(clusterId: string, member: string): Promise<void>;
  /** What is wrong with what the tags of a cluster ask for; each a sentence. */
  troublesWithTags(engine: string, tags: Readonly<Record<string, string>>): readonly string[];
}

export interface SimulatedHostParts {
  readonly worlds: Worlds;
  readonly journal: Journal;
  readonly nowMs: () => number;
  /** Resolves when a release has come that was never fetched before. */
  readonly fetch: (release: Release) => Promise<void>;
  readonly freePorts: (count: number) => Promise<readonly number[]>;
}

const done = (says: string): ActResult => ({ kind: 'done', says });
const failed = (says: string): ActResult => ({ kind: 'failed', says, lastLines: [] });

/** A host of simulated processes: the fence, what was fetched, how often members were launched. The rest is the worlds'. */
export class SimulatedHost implements Host {
  readonly kind = 'simulated';
  readonly #parts: SimulatedHostParts;
  readonly #generations = new Map<string, number>();
  readonly #prefetched = new Set<string>();

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

  /** What listens there may belong to somebody of whom the caller knows nothing: the first address is asked. */
  async freeLoopbackBlock(ports: readonly number[], taken: readonly string[]): Promise<string> {
    for (let tries = 0; tries < loopbackBlocks; tries += 1) {
      const number = (firstBlock + tries) % loopbackBlocks;
      const block = `127.${loopback.from + Math.floor(number / loopback.thirds)}.${number % loopback.thirds}`;
      if (taken.includes(block)) continue;
      const free = await Promise.all(ports.map((port) => isFree(port, `${block}.1`)));
      if (free.every(Boolean)) return block;
    }
    throw new Error('all blocks of loopback addresses were given out');
  }

  async launches(clusterId: string, member: string) {
    return this.#parts.journal.launches
      .filter((entry) => entry.clusterId === clusterId && entry.member === member)
      .map(({ release, atMs }) => ({ release, at: new Date(atMs).toISOString() }));
  }

  async troublesWithTags(engine: string, tags: Readonly<Record<string, string>>): Promise<readonly string[]> {
    return this.#parts.worlds.troublesWithTags(engine, tags);
  }

  async describe(clusterId: string, member: string): Promise<MemberProcess> {
    return this.#upToDate(clusterId)?.describe(member) ?? { state: 'absent' };
  }

  async prefetch(ticket: Ticket, release: Release): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    if (!this.#prefetched.has(releaseKey(release))) await this.#parts.fetch(release);
    this.#prefetched.add(releaseKey(release));
    return done(`${showRelease(release)} lies ready.`);
  }

  async adopt(ticket: Ticket, member: string, pid: number): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    return this.#upToDate(ticket.clusterId)?.adopt?.(member, pid) ?? failed(`${member}: there is no process ${pid}.`);
  }

  async stop(ticket: Ticket, member: string, identity: ProcessIdentity, stopTimeoutMs: number): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const world = this.#upToDate(ticket.clusterId);
    const stopped = (await world?.stop(member, identity, stopTimeoutMs)) ?? done(`${member} is stopped.`);
    if (stopped.kind === 'done') await this.#parts.worlds.stopped(ticket.clusterId, member);
    return stopped;
  }

  async start(ticket: Ticket, launch: Launch): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const { clusterId, member, release } = launch;
    const unfit = this.#unfitHere(launch);
    if (unfit !== null) return failed(`${member}: ${unfit}`);
    const opened = this.#parts.worlds.openFor(launch);
    if (typeof opened === 'string') return failed(`${member}: ${opened}`);
    opened.clock.catchUp();
    const started = await opened.world.start(launch);
    if (started.kind !== 'done') return started;
    await this.#parts.worlds.started(launch);
    const process = opened.world.describe(member);
    const pid = process.state === 'running' ? process.identity.pid : 0;
    this.#parts.journal.launches.push({ clusterId, member, release, pid, atMs: this.#parts.nowMs() });
    return started;
  }

  async run(ticket: Ticket, member: string, command: readonly string[], timeoutMs: number): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const world = this.#upToDate(ticket.clusterId);
    // A cluster that is being erased has no world any more, and nothing that a command could find.
    return world?.run(member, command, timeoutMs) ?? done(`${member}: nothing of this cluster is here.`);
  }

  async trial(launch: Launch, limits: { readonly timeoutMs: number }, signal: AbortSignal): Promise<TrialRun> {
    const unfit = this.#unfitHere(launch);
    if (unfit !== null) return { kind: 'could-not-run', because: unfit };
    const opened = this.#parts.worlds.openFor(launch);
    if (typeof opened === 'string') return { kind: 'could-not-run', because: opened };
    opened.clock.catchUp();
    const ended = await opened.world.trial(launch, limits.timeoutMs, signal);
    const { clusterId, member, release } = launch;
    this.#parts.journal.trials.push({ clusterId, member, release, outcome: ended.kind, atMs: this.#parts.nowMs() });
    return ended;
  }

  async erase(ticket: Ticket, member: string): Promise<ActResult> {
    const refused = this.#fence(ticket);
    if (refused !== null) return refused;
    const erased = await this.#upToDate(ticket.clusterId)?.erase(member);
    await this.#parts.worlds.erased(ticket.clusterId, member);
    return erased ?? done(`${member} erased.`);
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

  #upToDate(clusterId: string): ClusterWorld | undefined {
    const opened = this.#parts.worlds.of(clusterId);
    opened?.clock.catchUp();
    return opened?.world;
  }

  /** Why a launch cannot be run on this host; null when it can. */
  #unfitHere({ release, java, artefacts }: Launch): string | null {
    if (artefacts.length > 0 && !this.#prefetched.has(releaseKey(release)))
      return `${showRelease(release)} has not been fetched to this host.`;
    if (java === null || javas.some(({ feature }) => feature >= java.min && feature <= java.max)) return null;
    return `${showRelease(release)} needs Java ${java.min} to ${java.max}; here is ${javas.map((jdk) => jdk.feature).join(', ')}.`;
  }
}
