import type { Cluster } from './cluster.ts';
import type { EngineIo } from './engine.ts';
import type { Plan } from './plan.ts';
import type { Reason } from './reason.ts';
import type { UpgradeStatus } from './upgrade.ts';

/** Faults that befall one member, when it is the one that is lifted. */
export const memberFaults = [
  'member-does-not-return',
  'member-returns-slowly',
  'member-flaps',
  'disk-fills-up',
  'copies-fail',
] as const;

/** Faults of the cluster as a whole. */
export const clusterFaults = [
  'settings-answer-lost',
  'settings-refused',
  'nobody-answers',
  'recoveries-slow',
  'index-made',
] as const;

/** Faults of one member of a control plane, or a node, beside those that any member can meet. */
export const planeMemberFaults = ['apiserver-never-ready'] as const;

/** Faults of a control plane as a whole, or of its nodes, named as a simulated cluster's tag names them. */
export const planeFaults = ['etcd-full', 'controllers-exit', 'node-does-not-rejoin', 'pods-not-evicted'] as const;

/** What goes wrong in one run of a rehearsal. */
export type RehearsalFault =
  | { readonly fault: (typeof memberFaults | typeof planeMemberFaults)[number]; readonly member: string }
  /** While `member` is away, `lost` dies as well. */
  | { readonly fault: 'another-member-lost'; readonly member: string; readonly lost: string }
  | { readonly fault: (typeof clusterFaults | typeof planeFaults)[number] };

/** A moment of a run at which some shard had the fewest started copies. */
export interface ThinMoment {
  readonly atMs: number;
  readonly forMs: number;
  /** Started copies of the shard that had the fewest, of how many it should have. */
  readonly started: number;
  readonly of: number;
  /** How many shards had no more than that, and some of them, `index/0`. */
  readonly shards: number;
  readonly examples: readonly string[];
  /** Members that were not in the cluster. */
  readonly away: readonly string[];
}

/** Fewer copies first, then more shards, then longer. */
export function isThinner(a: ThinMoment, b: ThinMoment): boolean {
  if (a.started !== b.started) return a.started < b.started;
  return a.shards === b.shards ? a.forMs > b.forMs : a.shards > b.shards;
}

/** What a run took from a control plane at the worst. */
export interface PlaneLow {
  /** The moment at which the fewest apiservers were ready. Null: as many as should be all the time. */
  readonly fewestReady: {
    readonly atMs: number;
    readonly forMs: number;
    readonly ready: number;
    readonly of: number;
    readonly away: readonly string[];
  } | null;
  /** How long no apiserver was ready, in all. */
  readonly withoutApiserverMs: number;
  /** Members of etcd that were away at once, at most, and how long there was no majority, in all. */
  readonly etcdAway: number;
  readonly etcdOf: number;
  readonly withoutQuorumMs: number;
  /** How long no controller manager led, at the longest, and no scheduler. */
  readonly withoutControllerManagerMs: number;
  readonly withoutSchedulerMs: number;
  /** Nodes that were not ready or cordoned at once, at most. */
  readonly nodesAway: number;
  readonly nodesOf: number;
}

/** The worst of each of several runs; null where there is none. */
export function lowestOf(lows: readonly PlaneLow[]): PlaneLow | null {
  return lows.reduce<PlaneLow | null>((worst, next) => (worst === null ? next : lowerOf(worst, next)), null);
}

function lowerOf(a: PlaneLow, b: PlaneLow): PlaneLow {
  const most = (name: Exclude<keyof PlaneLow, 'fewestReady'>) => Math.max(a[name], b[name]);
  const [one, other] = [a.fewestReady, b.fewestReady];
  const isLower =
    one === null || (other !== null && (other.ready < one.ready || (other.ready === one.ready && other.forMs > one.forMs)));
  return {
    fewestReady: isLower ? other : one,
    withoutApiserverMs: most('withoutApiserverMs'),
    etcdAway: most('etcdAway'),
    etcdOf: most('etcdOf'),
    withoutQuorumMs: most('withoutQuorumMs'),
    withoutControllerManagerMs: most('withoutControllerManagerMs'),
    withoutSchedulerMs: most('withoutSchedulerMs'),
    nodesAway: most('nodesAway'),
    nodesOf: most('nodesOf'),
  };
}

/** A cluster as it was seen, in a world of its own whose time passes only while everybody waits. */
export interface RehearsalWorld {
  /** What is lifted there in place of the real one. */
  readonly cluster: Cluster;
  readonly io: EngineIo;
  /** Simulated milliseconds since the run began. */
  nowMs(): number;
  /** What must never happen and did, in sentences. */
  violations(): readonly string[];
  /** Null where every shard had all its copies all the time. Shards that have one copy only are left out. */
  thinnest(): ThinMoment | null;
  /** Null for what is no control plane. */
  plane(): PlaneLow | null;
  close(): void;
}

export interface RehearsalRequest {
  readonly cluster: Cluster;
  /** What an observation saw of it. */
  readonly seen: unknown;
  readonly seed: number;
  readonly beganMs: number;
  readonly fault: RehearsalFault | null;
}

/** What a rehearsal needs of a simulator. */
export interface Rehearsals {
  /** Faults that this cluster can meet with such a plan. In a large one a few members stand for those that are like them. */
  faultsOf(cluster: Cluster, seen: unknown, plan: Plan): readonly RehearsalFault[];
  /** What is lifted there runs as it was seen when this resolves. */
  open(request: RehearsalRequest): Promise<RehearsalWorld>;
  /** What is assumed of such a cluster, and what no rehearsal of it can tell; in sentences. */
  readonly assumed: readonly string[];
}

/** What an upgrade waited for, and how long in all. */
export interface RehearsedWait {
  readonly reason: Reason;
  readonly tookMs: number;
}

/** How one run ended. */
export interface RehearsedRun {
  readonly seed: number;
  readonly fault: RehearsalFault | null;
  /** `running`: not ended within the time that a run has. */
  readonly status: UpgradeStatus;
  readonly reason: Reason | null;
  readonly tookMs: number;
  /** Members in the order in which they were taken, those of one move together. */
  readonly waves: readonly (readonly string[])[];
  readonly waits: readonly RehearsedWait[];
  /** What the upgrade went on in spite of, in sentences. */
  readonly remarks: readonly string[];
  readonly thinnest: ThinMoment | null;
  readonly plane: PlaneLow | null;
  readonly violations: readonly string[];
}

/** Everything that a rehearsal is made from, so that it can be made anywhere. Without secrets. */
export interface RehearsalJob {
  readonly cluster: Cluster;
  readonly seen: unknown;
  readonly plan: Plan;
  /** Runs without a fault, each from the next seed. */
  readonly runs: number;
  /** After them one run for each fault. */
  readonly faults: boolean;
  readonly seed: number;
  readonly beganMs: number;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

/** What happened in runs without a fault and no dry run can see, with what to do about it. */
export interface RehearsalFinding {
  readonly kind: 'ends-otherwise' | 'goes-on-in-spite' | 'waits-long' | 'other-waves';
  readonly says: string;
  readonly remedy: string;
  /** In how many of the runs without a fault. */
  readonly runs: number;
}

export interface RehearsalReport {
  readonly seed: number;
  /** Runs without a fault. */
  readonly runs: number;
  /** Of those that ended done. */
  readonly done: number;
  /** Runs of all kinds that were made, of how many: fewer where the time was over. */
  readonly made: number;
  readonly wanted: number;
  /** Of the runs without a fault that ended done; null where none did. */
  readonly tookMs: Spread | null;
  readonly waveCount: Spread | null;
  /** Of the first of them. */
  readonly waves: readonly (readonly string[])[];
  /** Of all runs without a fault; null where every shard had all its copies all the time. */
  readonly thinnest: ThinMoment | null;
  /** The worst of all runs without a fault; null where there is none, or of what is no control plane. */
  readonly plane: PlaneLow | null;
  readonly findings: readonly RehearsalFinding[];
  /** One run for each fault. */
  readonly faults: readonly {
    readonly fault: RehearsalFault;
    readonly status: UpgradeStatus;
    readonly reason: Reason | null;
    readonly tookMs: number;
    readonly remarks: readonly string[];
    readonly thinnest: ThinMoment | null;
    readonly plane: PlaneLow | null;
    readonly violations: readonly string[];
  }[];
  /** Of runs without a fault. */
  readonly violations: readonly string[];
  /** What was assumed, and what no rehearsal can tell; in sentences. */
  readonly assumed: readonly string[];
}
