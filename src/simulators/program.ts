import type { ActResult, Launch, MemberProcess, ProcessIdentity, TrialRun } from '../domain/index.ts';
import type { Clock } from './clock.ts';

/**
 * A kind of program that a simulated host can run. The host keeps the fence, what was fetched, and how often members were
 * launched; for each cluster it opens a world of the program that its first launch is one of.
 */
export interface Program {
  /** As engines are named: `elasticsearch`, `kubernetes`. */
  readonly kind: string;
  /** What the tag `clusterlift:fail` may name for its clusters, each with what happens then, in one sentence. */
  readonly failures: Readonly<Record<string, string>>;
  /** True for a launch of one of its processes. */
  runs(launch: Launch): boolean;
  /** A world with nothing in it yet. It holds no timer of its own and costs nothing while nothing is in flight. */
  open(parts: WorldParts): ClusterWorld;
}

export interface WorldParts {
  readonly clusterId: string;
  /** Names out of `Program.failures` that the tag asks for, as of the newest launch: it changes. */
  readonly failures: ReadonlySet<string>;
  /** The cluster's own; it calls `ClusterWorld.advance`. */
  readonly clock: Clock;
  /** The cluster's own dice, in [0, 1). */
  readonly random: () => number;
  /** Process ids that no other world of the host gives out, beyond what any kernel does. */
  readonly newPid: () => number;
  /** Free ports of 127.0.0.1. */
  readonly freePorts: (count: number) => Promise<readonly number[]>;
}

/**
 * The processes and what they hold, of one cluster. The host has checked the fence before it asks, and that what is started was
 * fetched. Before each question the clock has brought the world up to date; what a question changed is followed up by the clock.
 */
export interface ClusterWorld {
  /** Brings it to a moment of its clock, in simulated milliseconds: everything whose time has come happens, in order. */
  advance(nowMs: number): void;
  /** The moment of its next event by itself; null while nothing is in flight. */
  nextEventMs(): number | null;
  describe(member: string): MemberProcess;
  /** Takes a process of its owner under care. Absent: there are none that their owners started. */
  adopt?(member: string, pid: number): ActResult;
  /** Spawned is not ready. Refuses when the member runs already. */
  start(launch: Launch): Promise<ActResult>;
  /** Asked to end, and killed when that takes longer. Refuses when another process runs under this name by now. */
  stop(member: string, identity: ProcessIdentity, stopTimeoutMs: number): Promise<ActResult>;
  /** A command beside the member (hooks, etcdctl). */
  run(member: string, command: readonly string[], timeoutMs: number): Promise<ActResult>;
  trial(launch: Launch, timeoutMs: number, signal: AbortSignal): Promise<TrialRun>;
  /** Ends what runs, and forgets what the member had on its disk. */
  erase(member: string): Promise<ActResult>;
  /** Everything that listens is closed. */
  close(): Promise<void>;
}
