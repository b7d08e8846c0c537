import {
  type ActResult,
  type Launch,
  type MemberProcess,
  type ProcessIdentity,
  showRelease,
  type TrialRun,
} from '../../../domain/index.ts';
import type { Journal } from '../../journal.ts';
import type { ClusterWorld } from '../../program.ts';
import type { Clock, Steps } from '../clock.ts';
import { end, forget, launchProcess, type SimProcess, terminate, type World } from '../world/index.ts';
import { foldersOf, processOf } from './launch.ts';
import { runTrial } from './trial.ts';

const lastLinesMax = 20;
const eraseStopTimeoutMs = 30_000;

export interface MembersParts {
  readonly clusterId: string;
  readonly world: World;
  readonly clock: Clock;
  readonly steps: Steps;
  readonly journal: Journal;
  /** Closes what the world listens on. */
  readonly close: () => Promise<void>;
}

const done = (says: string): ActResult => ({ kind: 'done', says });
const failed = (says: string, lastLines: readonly string[] = []): ActResult => ({ kind: 'failed', says, lastLines });

/** The members of one cluster as processes of a simulated world, which may hold others as well. */
export class Members implements ClusterWorld {
  readonly #parts: MembersParts;
  /** Process id that each member runs as, or ran as last. */
  readonly #pids = new Map<string, number>();

  constructor(parts: MembersParts) {
    this.#parts = parts;
  }

  advance(nowMs: number): void {
    this.#parts.steps.advance(nowMs);
  }

  nextEventMs(): number | null {
    return this.#parts.steps.nextEventMs();
  }

  describe(member: string): MemberProcess {
    const node = this.#processOf(member);
    if (node === undefined) return { state: 'absent' };
    const { release, phase } = node;
    if (phase.at === 'ended')
      return { state: 'stopped', release, exitCode: phase.exitCode, lastLines: node.log.slice(-lastLinesMax) };
    const startedAt = new Date(this.#parts.clock.wallOf(node.launchedAtMs)).toISOString();
    return { state: 'running', identity: { pid: node.pid, startTime: node.startTime }, release, startedAt };
  }

  adopt(member: string, pid: number): ActResult {
    const node = this.#parts.world.processes.get(pid);
    if (node === undefined || node.phase.at === 'ended') return failed(`${member}: there is no process ${pid}.`);
    this.#pids.set(member, pid);
    return done(`${member} taken over as process ${pid}.`);
  }

  async stop(member: string, identity: ProcessIdentity, stopTimeoutMs: number): Promise<ActResult> {
    const node = this.#processOf(member);
    if (node === undefined || node.phase.at === 'ended') return done(`${member} is stopped.`);
    if (node.pid !== identity.pid || node.startTime !== identity.startTime) {
      const says = `${member} runs as another process now (${node.pid}, not ${identity.pid}).`;
      return { kind: 'refused', because: 'identity-changed', says };
    }
    await this.#end(member, node, stopTimeoutMs);
    return done(`${member} stopped.`);
  }

  async start(launch: Launch): Promise<ActResult> {
    const { member, release } = launch;
    const running = this.#processOf(member);
    if (running !== undefined && running.phase.at !== 'ended')
      return { kind: 'refused', because: 'already-running', says: `${member} runs already.` };
    const { world, clock } = this.#parts;
    const wanted = processOf(world, launch, false);
    if (typeof wanted === 'string') return failed(`${member}: ${wanted}.`);
    const { pid } = launchProcess(world, wanted, clock.catchUp());
    this.#pids.set(member, pid);
    return done(`${member} started at ${showRelease(release)}.`);
  }

  async run(member: string, command: readonly string[]): Promise<ActResult> {
    const { world, clock, journal, clusterId } = this.#parts;
    const faults = world.hookFaults.get(member) ?? 0;
    if (faults > 0) world.hookFaults.set(member, faults - 1);
    const entry = { clusterId, member, command, failed: faults > 0, atMs: clock.wallMs() };
    journal.hooks.push(entry);
    const program = command[0] ?? 'nothing';
    return entry.failed ? failed(`${program} failed for ${member}.`, ['exit code 1']) : done(`${program} ran for ${member}.`);
  }

  trial(launch: Launch, timeoutMs: number, signal: AbortSignal): Promise<TrialRun> {
    return runTrial(this.#parts, launch, timeoutMs, signal);
  }

  async erase(member: string): Promise<ActResult> {
    const { clusterId, world } = this.#parts;
    const node = this.#processOf(member);
    if (node !== undefined && node.phase.at !== 'ended') await this.#end(member, node, eraseStopTimeoutMs);
    const folder = node?.folder ?? foldersOf({ clusterId, member, folders: null }).data;
    world.folders.delete(folder);
    forget(world, folder);
    this.#pids.delete(member);
    return done(`${member} erased.`);
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  #processOf(member: string): SimProcess | undefined {
    const pid = this.#pids.get(member);
    return pid === undefined ? undefined : this.#parts.world.processes.get(pid);
  }

  async #end(member: string, node: SimProcess, timeoutMs: number): Promise<void> {
    const { clusterId, world, clock, journal } = this.#parts;
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
}
