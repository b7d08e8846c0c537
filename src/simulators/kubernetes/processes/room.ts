/** The processes of one simulated cluster, and what they have in common. */
import type { Launch, ProcessIdentity } from '../../../domain/index.ts';
import type { Clock } from '../../clock.ts';
import type { Listening } from '../listen/https.ts';
import type { Network } from '../listen/network.ts';
import { type ApiserverProcess, endWatches, type Moment, schedule, stopKubelet, unschedule, type World } from '../world/index.ts';
import type { Command, Component } from './command.ts';
import type { Faults } from './faults.ts';

export interface Process {
  readonly member: string;
  readonly launch: Launch;
  readonly command: Command;
  /** `1.36.1`, of etcd `3.6.16`. */
  readonly version: string;
  readonly identity: ProcessIdentity;
  readonly startedMs: number;
  /** `serving`: it answers, whether it is ready or not. */
  phase: 'starting' | 'serving' | 'ending' | 'ended';
  exitCode: number | null;
  readonly log: string[];
  listening: Listening | null;
  apiserver: ApiserverProcess | null;
}

/** A member of etcd, which outlives its processes. */
export interface EtcdMember {
  readonly name: string;
  /** Decimal, as its gateway tells it. */
  readonly id: bigint;
}

export interface Room {
  readonly world: World;
  readonly clock: Clock;
  readonly network: Network;
  /** The moment that is being carried out: of an event its own, not the end of the step. */
  readonly now: { ms: number };
  readonly random: () => number;
  readonly newPid: () => number;
  /** By member: the one that runs, or ran last. */
  readonly processes: Map<string, Process>;
  /** What the tag of the cluster lets fail. */
  readonly failures: ReadonlySet<string>;
  readonly faults: Faults;
  readonly etcd: {
    readonly members: Map<string, EtcdMember>;
    leader: string | null;
    /** `3.6.0`: what all its members can do; it never falls. */
    version: string | null;
    committed: number;
  };
  /** Servers that the front door sends to. */
  readonly up: Set<string>;
  /** The version that each kind was started with first. */
  readonly first: Map<Component, string>;
  /** Ready apiservers, at the fewest since the first two were; null before that. */
  readonly seen: { fewestReady: number | null; hadQuorum: boolean };
  /** Who leads, by component. */
  readonly leaders: Map<Component, { readonly member: string; readonly holder: string; renewedMs: number }>;
  /** Listeners that are being closed. */
  readonly closing: Set<Promise<void>>;
}

export function momentOf({ now, random }: Pick<Room, 'now' | 'random'>): Moment {
  return { nowMs: now.ms, random };
}

export function processesOf(room: Room, component: Component): readonly Process[] {
  return [...room.processes.values()].filter(({ command }) => command.component === component);
}

export function isAlive({ phase }: Process): boolean {
  return phase !== 'ended';
}

/** It answers its clients now. */
export function answersNow(room: Room, process: Process): boolean {
  return (process.phase === 'serving' || process.phase === 'ending') && !room.faults.frozen.has(process.member);
}

/** Something of this process happens later, unless it has ended by then. */
export function later(room: Room, process: Process, afterMs: number, what: string, happen: (moment: Moment) => void): void {
  const atMs = room.now.ms + afterMs;
  const name = `${process.member} ${process.identity.pid} ${what}`;
  unschedule(room.world, name);
  schedule(room.world, {
    atMs,
    name,
    happen: (_, moment) => {
      if (process.phase !== 'ended') happen(moment);
    },
  });
}

/** It ends now. */
export function end(room: Room, process: Process, exitCode: number, lines: readonly string[], moment: Moment): void {
  if (process.phase === 'ended') return;
  process.phase = 'ended';
  process.exitCode = exitCode;
  process.log.push(...lines);
  if (process.apiserver !== null) endWatches(process.apiserver);
  if (process.command.component === 'hollow-node') stopKubelet(room.world, process.member, moment);
  const closed = process.listening?.close();
  process.listening = null;
  if (closed === undefined) return;
  const tracked = closed.finally(() => room.closing.delete(tracked));
  room.closing.add(tracked);
}
