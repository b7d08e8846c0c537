import {
  type ActResult,
  type Launch,
  type MemberProcess,
  type ProcessIdentity,
  showRelease,
  type TrialRun,
} from '../../domain/index.ts';
import type { ClusterWorld, WorldParts } from '../program.ts';
import { type Network, sockets } from './listen/network.ts';
import { askToEnd, begin, startTimeOf } from './processes/begin.ts';
import { commandOf, patchOf } from './processes/command.ts';
import { settleControllers } from './processes/controllers.ts';
import { settleDoor } from './processes/door.ts';
import { settleEtcd } from './processes/etcd.ts';
import { noFaults } from './processes/faults.ts';
import { end, isAlive, momentOf, type Process, type Room } from './processes/room.ts';
import { watchRules } from './processes/rules.ts';
import { runTrial } from './processes/trial.ts';
import { advance, createWorld, nextEventMs } from './world/index.ts';

const lastLinesMax = 20;
const eraseStopTimeoutMs = 30_000;
const killedExitCode = 137;

const done = (says: string): ActResult => ({ kind: 'done', says });
const failed = (says: string): ActResult => ({ kind: 'failed', says, lastLines: [] });

/** The members of one control plane, and its nodes, as processes of a simulated world. */
export class Members implements ClusterWorld {
  readonly room: Room;

  constructor({ clock, random, newPid, failures }: WorldParts, network: Network = sockets) {
    this.room = {
      world: createWorld(Math.round(clock.wallMs()), { nowMs: 0, random }),
      clock,
      network,
      now: { ms: 0 },
      random,
      newPid,
      processes: new Map(),
      failures,
      faults: noFaults(),
      etcd: { members: new Map(), leader: null, version: null, committed: 0 },
      up: new Set(),
      first: new Map(),
      seen: { fewestReady: null, hadQuorum: false },
      leaders: new Map(),
      closing: new Set(),
    };
    this.room.world.etcd.quorum = false;
  }

  /** Between two events leases go on as they are: they are settled before and after each. */
  advance(nowMs: number): void {
    const { world, random, now } = this.room;
    for (let next = nextEventMs(world); next !== null && next <= nowMs; next = nextEventMs(world)) {
      now.ms = Math.max(now.ms, next);
      this.#settle();
      advance(world, { nowMs: now.ms, random });
      this.#settle();
    }
    now.ms = nowMs;
    this.#settle();
  }

  nextEventMs(): number | null {
    return nextEventMs(this.room.world);
  }

  describe(member: string): MemberProcess {
    const process = this.room.processes.get(member);
    if (process === undefined) return { state: 'absent' };
    const { identity, launch, log, exitCode, startedMs } = process;
    const { release } = launch;
    if (!isAlive(process)) return { state: 'stopped', release, exitCode, lastLines: log.slice(-lastLinesMax) };
    const startedAt = new Date(this.room.clock.wallOf(startedMs)).toISOString();
    return { state: 'running', identity, release, startedAt };
  }

  async start(launch: Launch): Promise<ActResult> {
    const { room } = this;
    const { member, release } = launch;
    const running = room.processes.get(member);
    if (running !== undefined && isAlive(running))
      return { kind: 'refused', because: 'already-running', says: `${member} runs already.` };
    const command = commandOf(launch);
    if (command === null) return failed(`${member}: nothing here is started by "${launch.command[0] ?? ''}".`);
    await Promise.all(room.closing);
    const version = patchOf(launch);
    if (!room.first.has(command.component)) room.first.set(command.component, version);
    const pid = room.newPid();
    room.now.ms = room.clock.catchUp();
    const process: Process = {
      member,
      launch,
      command,
      version,
      identity: { pid, startTime: startTimeOf(member, pid) },
      startedMs: room.now.ms,
      phase: 'starting',
      exitCode: null,
      log: [],
      listening: null,
      apiserver: null,
    };
    room.processes.set(member, process);
    await begin(room, process);
    this.#settle();
    return done(`${member} started at ${showRelease(release)}.`);
  }

  async stop(member: string, identity: ProcessIdentity, stopTimeoutMs: number): Promise<ActResult> {
    const process = this.room.processes.get(member);
    if (process === undefined || !isAlive(process)) return done(`${member} is stopped.`);
    const { pid, startTime } = process.identity;
    if (pid !== identity.pid || startTime !== identity.startTime) {
      const says = `${member} runs as another process now (${pid}, not ${identity.pid}).`;
      return { kind: 'refused', because: 'identity-changed', says };
    }
    await this.#end(process, stopTimeoutMs);
    return done(`${member} stopped.`);
  }

  async run(member: string, command: readonly string[]): Promise<ActResult> {
    return done(`${command[0] ?? 'nothing'} ran for ${member}.`);
  }

  trial(launch: Launch, timeoutMs: number, signal: AbortSignal): Promise<TrialRun> {
    return runTrial(this.room, launch, timeoutMs, signal);
  }

  async erase(member: string): Promise<ActResult> {
    const { room } = this;
    const process = room.processes.get(member);
    if (process !== undefined && isAlive(process)) await this.#end(process, eraseStopTimeoutMs);
    room.processes.delete(member);
    return done(`${member} erased.`);
  }

  /** Ended by somebody else, at once: a crash. */
  async kill(member: string): Promise<void> {
    const { room } = this;
    room.now.ms = room.clock.catchUp();
    const process = room.processes.get(member);
    if (process !== undefined) end(room, process, killedExitCode, [], momentOf(room));
    this.#settle();
    room.clock.catchUp();
    await Promise.all(room.closing);
  }

  async close(): Promise<void> {
    const { room } = this;
    for (const process of room.processes.values()) end(room, process, killedExitCode, [], momentOf(room));
    await Promise.all(room.closing);
  }

  async #end(process: Process, stopTimeoutMs: number): Promise<void> {
    const { room } = this;
    room.now.ms = room.clock.catchUp();
    askToEnd(room, process);
    this.#settle();
    room.clock.catchUp();
    if (!(await room.clock.until(() => !isAlive(process), stopTimeoutMs))) end(room, process, killedExitCode, [], momentOf(room));
    this.#settle();
    await Promise.all(room.closing);
  }

  #settle(): void {
    const { room } = this;
    settleEtcd(room);
    settleDoor(room, room.now.ms);
    settleControllers(room, momentOf(room));
    watchRules(room);
  }
}
