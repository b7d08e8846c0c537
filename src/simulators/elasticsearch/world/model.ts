import type { Release } from '../../../domain/index.ts';

/** Everything that is simulated, in memory. Changed only by the functions of this folder, which are given the time and the dice. */
export interface World {
  /** Simulated milliseconds. */
  nowMs: number;
  readonly durations: Durations;
  /** By process id, ended ones included. */
  readonly processes: Map<number, SimProcess>;
  /** Data folders by key. They outlive their processes. */
  readonly folders: Map<string, DataFolder>;
  /** By `cluster.name`. */
  readonly clusters: Map<string, SimCluster>;
  readonly violations: Violation[];
  /** elasticsearch.yml that an owner wrote, flat, by configuration folder. */
  readonly settingsFiles: Map<string, Readonly<Record<string, string>>>;
  /** Nodes that a fault keeps from starting, by name. */
  readonly startFaults: Map<string, StartFault>;
  /** Names of nodes that none of the others reaches: each of them is alone. */
  readonly isolated: Set<string>;
  /** How often the next hooks beside a node fail, by its name. */
  readonly hookFaults: Map<string, number>;
  nextPid: number;
}

/** What a node says instead of starting, until somebody mends it. */
export interface StartFault {
  /** The only version that it befalls; null: every one. */
  readonly version: string | null;
  readonly lines: readonly string[];
}

/** What a function needs of the outside: the moment and the dice. */
export interface Moment {
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** How long things take, simulated milliseconds; each is varied by a fifth. */
export interface Durations {
  /** From launch to looking for a cluster, by major version. */
  readonly startMs: (major: number) => number;
  /** From SIGTERM to the end of the process. */
  readonly stopMs: number;
  /** Election of a master: the ping round of 6 and older, votes from 7 on. */
  readonly electionMs: (major: number) => number;
  /** A copy from data that is there already, and one made anew. */
  readonly quickRecoveryMs: number;
  readonly wholeRecoveryMs: number;
  /** A node that finds no cluster opens its REST port after this time all the same. */
  readonly initialStateTimeoutMs: number;
  readonly snapshotMs: number;
  readonly prefetchMs: number;
}

export type ProcessPhase =
  | { readonly at: 'starting'; readonly untilMs: number }
  /** Looks for its cluster. */
  | { readonly at: 'joining'; readonly sinceMs: number }
  | { readonly at: 'joined' }
  | { readonly at: 'stopping'; readonly untilMs: number }
  | { readonly at: 'ended'; readonly exitCode: number };

export interface SimProcess {
  /** Beyond what any kernel gives out, so that no real process is ever meant. */
  readonly pid: number;
  readonly startTime: string;
  readonly launchedAtMs: number;
  readonly release: Release;
  readonly name: string;
  readonly clusterName: string;
  readonly nodeId: string;
  readonly ephemeralId: string;
  /** elasticsearch.yml, flat; lists joined by commas. */
  readonly settings: Readonly<Record<string, string>>;
  readonly jvmArguments: readonly string[];
  readonly plugins: readonly string[];
  readonly folder: string;
  readonly httpPort: number;
  readonly transportPort: number;
  readonly roles: readonly SimRole[];
  phase: ProcessPhase;
  /** The REST port answers. */
  httpOpen: boolean;
  readonly log: string[];
}

export type SimRole = 'master' | 'data' | 'ingest';

export interface DataFolder {
  readonly key: string;
  /** A node keeps its id with its data. */
  nodeId: string;
  /** The newest version that has written here. */
  version: string | null;
  /** `index uuid/shard` to the allocation id of the copy on disk. */
  readonly copies: Map<string, string>;
  diskUsedPercent: number;
}

export interface SimCluster {
  readonly name: string;
  /** `_na_` until a first master was elected. */
  uuid: string;
  version: number;
  stateUuid: string;
  masterNodeId: string | null;
  electionEndsAtMs: number | null;
  /** Node id to process id of the members. */
  readonly members: Map<string, number>;
  persistent: Record<string, string>;
  transient: Record<string, string>;
  readonly templates: Map<string, Record<string, unknown>>;
  readonly indices: Map<string, SimIndex>;
  copies: ShardCopy[];
  /** Node ids; empty while 6 and older decide by minimum_master_nodes. */
  votingConfig: readonly string[];
  votingExclusions: readonly string[];
  readonly repositories: Map<string, SimRepository>;
  /** Every shard `index uuid/shard` that has had a started copy. */
  readonly everStarted: Set<string>;
  /** Names of every node that has joined since the cluster was made. */
  readonly everJoined: Set<string>;
  /** The state in which allocation last found nothing to do. */
  quiet: { readonly version: number; readonly delayed: number } | null;
}

export interface SimIndex {
  readonly name: string;
  readonly uuid: string;
  readonly createdVersion: string;
  state: 'open' | 'close';
  /** Flat, with the `index.` prefix, without what is written in other fields. */
  settings: Record<string, string>;
  shards: number;
  replicas: number;
  mappings: Record<string, unknown>;
  readonly aliases: Map<string, Record<string, unknown>>;
  /** Shard number to allocation ids. */
  readonly inSync: Map<number, readonly string[]>;
  readonly primaryTerms: Map<number, number>;
  readonly documents: Map<string, SimDocument>;
  writes: number;
}

export interface SimDocument {
  readonly type: string;
  readonly source: string;
  readonly version: number;
  readonly seqNo: number;
  readonly shard: number;
}

export type UnassignedReason =
  | 'INDEX_CREATED'
  | 'NODE_LEFT'
  | 'REPLICA_ADDED'
  | 'ALLOCATION_FAILED'
  | 'PRIMARY_FAILED'
  | 'REROUTE_CANCELLED'
  | 'INDEX_REOPENED'
  | 'CLUSTER_RECOVERED';

export interface ShardCopy {
  readonly index: string;
  readonly shard: number;
  primary: boolean;
  state: 'STARTED' | 'INITIALIZING' | 'RELOCATING' | 'UNASSIGNED';
  nodeId: string | null;
  /** Target of a relocation, on the copy that moves. */
  relocatingTo: string | null;
  allocationId: string | null;
  recovery: Recovery | null;
  /** How it came to where it is. */
  arrived?: Recovery | null;
  unassigned: Unassigned | null;
}

export interface Recovery {
  readonly source: 'EMPTY_STORE' | 'EXISTING_STORE' | 'PEER';
  readonly fromNodeId: string | null;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
}

export interface Unassigned {
  readonly reason: UnassignedReason;
  readonly atMs: number;
  /** Not looked at before this time; null: at once. */
  delayedUntilMs: number | null;
  failedAttempts: number;
  readonly details: string | null;
}

export interface SimRepository {
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly snapshots: Map<string, SimSnapshot>;
}

export interface SimSnapshot {
  readonly name: string;
  readonly uuid: string;
  readonly version: string;
  readonly indices: readonly string[];
  readonly includesGlobalState: boolean;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  /** Wall clock, for the answers: snapshots are judged by their age. */
  readonly startedAtWallMs: number;
  endedAtWallMs: number | null;
  state: 'IN_PROGRESS' | 'SUCCESS' | 'PARTIAL';
}

/** What must never happen to a cluster that is lifted, noted as it happens. */
export interface Violation {
  readonly atMs: number;
  readonly cluster: string;
  readonly kind: 'last-copy-lost' | 'quorum-lost' | 'two-masters-down' | 'replica-on-older-node' | 'killed';
  readonly says: string;
}

export const defaultDurations: Durations = {
  startMs: (major) => (major >= 8 ? 10_000 : 5_000),
  stopMs: 300,
  electionMs: (major) => (major >= 7 ? 500 : 3_000),
  quickRecoveryMs: 1_000,
  wholeRecoveryMs: 3_000,
  initialStateTimeoutMs: 30_000,
  snapshotMs: 1_500,
  prefetchMs: 2_000,
};

export function makeWorld(durations: Partial<Durations> = {}): World {
  return {
    nowMs: 0,
    durations: { ...defaultDurations, ...durations },
    processes: new Map(),
    folders: new Map(),
    clusters: new Map(),
    violations: [],
    settingsFiles: new Map(),
    startFaults: new Map(),
    isolated: new Set(),
    hookFaults: new Map(),
    nextPid: 10_000_001,
  };
}
