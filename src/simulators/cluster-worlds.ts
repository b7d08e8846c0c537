import type { Launch } from '../domain/index.ts';
import { type Clock, startClock } from './clock.ts';
import { seededRandom } from './dice.ts';
import type { OpenWorld, Worlds } from './host/simulated-host.ts';
import type { ClusterWorld, Program } from './program.ts';
import { failuresOf, speedOf, troublesWithTags } from './tags.ts';

/** What is written down of each cluster, so that a simulator that ended starts its members again, as after a power cut. */
export interface Kept {
  put(clusterId: string, launches: readonly Launch[]): Promise<void>;
  remove(clusterId: string): Promise<void>;
  all(): Promise<readonly (readonly Launch[])[]>;
}

export interface ClusterWorldsParts {
  readonly programs: readonly Program[];
  readonly seed: number;
  readonly nowMs: () => number;
  readonly freePorts: (count: number) => Promise<readonly number[]>;
  readonly kept: Kept;
}

interface Own extends OpenWorld {
  readonly failures: Set<string>;
  readonly launches: Map<string, Launch>;
}

/** A world for each cluster, with its own clock, dice and failures. */
export class ClusterWorlds implements Worlds {
  readonly #parts: ClusterWorldsParts;
  readonly #worlds = new Map<string, Own>();
  #nextPid: number;

  constructor(parts: ClusterWorldsParts) {
    this.#parts = parts;
    // Never those of an earlier simulator, whose processes somebody may still have in mind.
    this.#nextPid = 10_000_001 + (Math.floor(parts.nowMs()) % 1_000_000_000);
  }

  get size(): number {
    return this.#worlds.size;
  }

  of(clusterId: string): OpenWorld | undefined {
    return this.#worlds.get(clusterId);
  }

  /** What fails is what the tags of the last launch say: whoever takes the tag away has mended it. */
  openFor(launch: Launch): OpenWorld | string {
    const program = this.#parts.programs.find((one) => one.runs(launch));
    if (program === undefined) return `nothing that is simulated here is started by "${launch.command[0] ?? ''}".`;
    const own = this.#worlds.get(launch.clusterId) ?? this.#open(program, launch);
    own.failures.clear();
    for (const name of failuresOf(launch.tags ?? {})) own.failures.add(name);
    return own;
  }

  async started(launch: Launch): Promise<void> {
    const own = this.#worlds.get(launch.clusterId);
    own?.launches.set(launch.member, launch);
    await this.#keep(launch.clusterId);
  }

  async stopped(clusterId: string, member: string): Promise<void> {
    if (this.#worlds.get(clusterId)?.launches.delete(member) === true) await this.#keep(clusterId);
  }

  async erased(clusterId: string, member: string): Promise<void> {
    const own = this.#worlds.get(clusterId);
    if (own === undefined) return;
    own.launches.delete(member);
    if (own.launches.size > 0) return this.#keep(clusterId);
    this.#worlds.delete(clusterId);
    own.clock.stop();
    await own.world.close();
    await this.#parts.kept.remove(clusterId);
  }

  troublesWithTags(engine: string, tags: Readonly<Record<string, string>>): readonly string[] {
    return troublesWithTags(
      this.#parts.programs.find(({ kind }) => kind === engine),
      engine,
      tags,
    );
  }

  /** Starts what ran when the simulator ended. */
  async resume(): Promise<void> {
    for (const launches of await this.#parts.kept.all())
      for (const launch of launches) {
        const opened = this.openFor(launch);
        if (typeof opened === 'string') continue;
        opened.clock.catchUp();
        await opened.world.start(launch);
        this.#worlds.get(launch.clusterId)?.launches.set(launch.member, launch);
      }
  }

  async close(): Promise<void> {
    const open = [...this.#worlds.values()];
    this.#worlds.clear();
    for (const { clock } of open) clock.stop();
    await Promise.all(open.map(({ world }) => world.close()));
  }

  async #keep(clusterId: string): Promise<void> {
    await this.#parts.kept.put(clusterId, [...(this.#worlds.get(clusterId)?.launches.values() ?? [])]);
  }

  #open(program: Program, { clusterId, tags = {} }: Launch): Own {
    const { nowMs, seed, freePorts } = this.#parts;
    const failures = new Set<string>();
    const random = seededRandom(seed ^ hashOf(clusterId));
    const clock: Clock = startClock({
      speed: speedOf(tags),
      nowMs,
      advance: (simulatedMs) => world.advance(simulatedMs),
      nextEventMs: () => world.nextEventMs(),
    });
    const newPid = () => this.#nextPid++;
    const world: ClusterWorld = program.open({ clusterId, failures, clock, random, newPid, freePorts });
    const own = { world, clock, failures, launches: new Map<string, Launch>() };
    this.#worlds.set(clusterId, own);
    return own;
  }
}

/** The same cluster of the same seed has the same dice. */
function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}
