/** What the owner declared of an Elasticsearch cluster, and the facts that an observation of one holds. */

import type { Build, Catalog, CatalogRelease } from './catalog.ts';
import type { ClusterSpec } from './cluster.ts';
import type { Release } from './release.ts';

export type ElasticsearchRole = 'master' | 'data' | 'ingest';

export interface ElasticsearchNodeSpec {
  /** `node.name`; unique in the cluster; the member's name everywhere. */
  readonly name: string;
  /** Key of the host that runs it; `local` is the process host of this server. */
  readonly host: string;
  /** Base URL of its REST address, `http://127.0.0.1:9201`. */
  readonly url: string;
  readonly httpPort: number;
  readonly transportPort: number;
  readonly zone: string | null;
  readonly roles: readonly ElasticsearchRole[];
  /** 0 in a description to register: as it is now. */
  readonly heapMb: number;
  /** JVM options beyond heap and those that every member has; in a description to register, absent: as it has them now. */
  readonly jvmOptions?: readonly string[];
  /** Who writes the settings file: `clusterlift` makes it anew at every start, `owner` means it is used as it is. */
  readonly settingsFileOwner: 'clusterlift' | 'owner';
  /**
   * Folders of a node that its owner laid out; null: below the host's own state folder, and in a description to register:
   * as they are now. `conf` is null where the settings file is ours.
   */
  readonly folders: { readonly conf: string | null; readonly data: string; readonly logs: string } | null;
}

export interface ElasticsearchSpec {
  readonly kind: 'elasticsearch';
  /** `cluster.name`. */
  readonly clusterName: string;
  readonly nodes: readonly ElasticsearchNodeSpec[];
  /** The release that a created cluster is first started with, or that was seen at registration. */
  readonly release: Release;
  /** Settings of the owner beyond those that Clusterlift writes, flat names. They go to every node's elasticsearch.yml. */
  readonly settings: Readonly<Record<string, string>>;
  /** Zone awareness: the attribute by which copies are kept apart (`zone`), or null. */
  readonly awarenessAttribute: string | null;
  readonly bindAddress: string;
  /** Folder for `path.repo`, shared by all nodes, or null. */
  readonly repositoryPath: string | null;
  /** User name for the REST API; the password is the cluster's secret `password`. Null: no authentication. */
  readonly username: string | null;
  /** Commands run on the member's host around a stop and a start, for example to leave a balancer; or null. */
  readonly hooks: { readonly preStop: readonly string[] | null; readonly postStart: readonly string[] | null };
  /** A gate after the first member (`grayDone`): a person says go on. */
  readonly gateAfterFirstMember: boolean;
}

export interface SeenNode {
  /** Persistent node id. */
  readonly nodeId: string;
  /** New at every start of the process: a name alone is true of the old process. */
  readonly ephemeralId: string;
  readonly name: string;
  readonly version: string;
  readonly roles: readonly ElasticsearchRole[];
  readonly zone: string | null;
  /** Operating system process id as the node tells it; null when it does not. */
  readonly pid: number | null;
  readonly plugins: readonly string[];
  readonly modules: readonly string[];
  /** `oss` or `default`; null where it does not tell (before 6.3). */
  readonly flavor: string | null;
  /** Flat `settings` of `_nodes`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly jvmInputArguments: readonly string[];
  readonly javaVersion: string | null;
  readonly heapUsedPercent: number | null;
  /** Used percentage of the fullest data path; not rounded. */
  readonly diskUsedPercent: number | null;
  /** Free bytes of the data path with the least. */
  readonly diskFreeBytes: number | null;
  /** Build as far as it can be told from settings, arguments and plugins; null when none of the catalog fits. */
  readonly build: string | null;
}

export interface SeenShardCopy {
  readonly index: string;
  readonly shard: number;
  readonly primary: boolean;
  readonly state: 'STARTED' | 'INITIALIZING' | 'RELOCATING' | 'UNASSIGNED';
  /** Node id that holds it, null when unassigned. */
  readonly nodeId: string | null;
  readonly relocatingTo: string | null;
  /** Allocation id is in the in-sync set of the index metadata. Null when the version does not tell. */
  readonly inSync: boolean | null;
  /** For an unassigned copy: `NODE_LEFT`, `INDEX_CREATED`, `ALLOCATION_FAILED`, ... */
  readonly unassignedReason: string | null;
  readonly delayed: boolean;
  /** For an unassigned copy: deciders that say no, from allocation explain (`node_version`, `same_shard`, `awareness`, `enable`, ...). Null: not asked or not known. */
  readonly blockedBy: readonly string[] | null;
}

export interface SeenIndex {
  readonly name: string;
  readonly uuid: string;
  readonly state: 'open' | 'close';
  /** Major version in which it was created. */
  readonly createdMajor: number;
  /** Readable created version, `5.5.3`, as well as it can be told. */
  readonly createdVersion: string;
  readonly replicas: number;
  readonly autoExpandReplicas: string | null;
  /** Empty in a look of a turn, which does not ask for mappings. */
  readonly mappingTypes: readonly string[];
  /** Flat index settings without `index.version.*`, `index.uuid` and the like. */
  readonly settings: Readonly<Record<string, string>>;
  readonly blocks: readonly string[];
}

export interface SeenTemplate {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly mappingTypes: readonly string[];
}

export interface SeenSnapshot {
  readonly repository: string;
  readonly name: string;
  readonly state: string;
  readonly endedAtMs: number | null;
  readonly includesGlobalState: boolean | null;
}

/** A watermark as it was set: `85%`, `0.85` (both of what is used) or `50gb` (of what is free). */
export type DiskWatermark = string;

/**
 * What holds shards off full disks. `headroom`: from 8.5 on a watermark that nobody set asks for no more free bytes than
 * this, however large the disk; null where there is none.
 */
export interface SeenWatermarks {
  readonly enabled: boolean;
  readonly low: DiskWatermark;
  readonly high: DiskWatermark;
  /** Null where the version has none (5). */
  readonly flood: DiskWatermark | null;
  readonly headroom: { readonly low: string | null; readonly high: string | null };
}

export interface SeenDeprecation {
  readonly level: 'critical' | 'warning' | 'none';
  readonly message: string;
  /** What it is about: `cluster`, `nodes`, `index logs-1`. */
  readonly subject: string;
}

/** A fact that could not be found out is `unknown` with why, never guessed. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly because: string; readonly absent: boolean };

/** One moment of an Elasticsearch cluster. */
export interface SeenElasticsearch {
  /** `state_uuid` and `version` of the cluster state that routing and nodes were read from. */
  readonly stateUuid: string;
  readonly stateVersion: number;
  readonly clusterName: string;
  readonly clusterUuid: string;
  /** Url of the node that told the state. */
  readonly answeredAt?: string;
  /** Elected master's node id, null when there is none. */
  readonly masterNodeId: string | null;
  /** All nodes in the cluster state, ordered by name. */
  readonly nodes: readonly SeenNode[];
  readonly health: {
    readonly status: 'green' | 'yellow' | 'red';
    readonly timedOut: boolean;
    readonly numberOfNodes: number;
    readonly initializing: number;
    readonly relocating: number;
    readonly unassigned: number;
    readonly delayedUnassigned: number;
    readonly inFlightFetch: number;
    readonly pendingTasks: number;
    readonly maxTaskWaitMs: number;
  };
  readonly shards: readonly SeenShardCopy[];
  readonly indices: readonly SeenIndex[];
  readonly templates: readonly SeenTemplate[];
  /** Flat. */
  readonly persistentSettings: Readonly<Record<string, string>>;
  readonly transientSettings: Readonly<Record<string, string>>;
  /** Master-eligible nodes that must keep a majority: the voting configuration (7+), else every node with the master role. Node ids. */
  readonly votingNodeIds: readonly string[];
  /** `discovery.zen.minimum_master_nodes` where set (5, 6). */
  readonly minimumMasterNodes: number | null;
  readonly snapshots: Known<readonly SeenSnapshot[]>;
  readonly repositories: Known<readonly string[]>;
  readonly snapshotRunning: Known<boolean>;
  readonly watermarks: SeenWatermarks;
  readonly votingExclusions: Known<readonly string[]>;
  readonly shutdownRecords: Known<readonly string[]>;
  readonly deprecations: Known<readonly SeenDeprecation[]>;
  readonly systemFeatures: Known<'migration-needed' | 'no-migration-needed' | 'in-progress' | 'error'>;
  readonly mlEnabled: Known<boolean>;
  readonly mlUpgradeMode: Known<boolean>;
  /** Machine learning jobs that are open, by id. */
  readonly mlOpenJobs: Known<readonly string[]>;
  readonly ilmMode: Known<string>;
}

/** A build of Elasticsearch. */
export interface ElasticsearchBuild extends Build {
  readonly jvmOptions: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** Plugins that its artefact brings: a build with plugins has an artefact of its own. */
  readonly plugins: readonly string[];
}

/** What an artefact holds, where that differs between the distributions of one version. */
export interface Distribution {
  readonly flavor: 'oss' | 'default';
  readonly modules: readonly string[];
}

export interface ElasticsearchRelease extends CatalogRelease<ElasticsearchBuild> {
  /** Inclusive range of Java feature versions that it starts on; null when it brings its own runtime. */
  readonly java: { readonly min: number; readonly max: number } | null;
  /** Settings that this version no longer knows: exact names, or a prefix ending in `*`. */
  readonly removedSettings: readonly string[];
  /** Plugins that its artefacts bring, nothing is installed beside them; `null` means the catalog does not say. */
  readonly plugins: readonly string[] | null;
  /** Absent: the catalog does not say. */
  readonly distribution?: Distribution;
  /** The oldest major in which an index may have been created for this version to open it. */
  readonly oldestIndexMajor: number;
}

export type ElasticsearchCatalog = Catalog<ElasticsearchRelease>;

/** The description of a cluster that is known to be one of Elasticsearch. */
export function elasticsearchSpec({ spec }: { readonly spec: ClusterSpec }): ElasticsearchSpec {
  if (spec.kind !== 'elasticsearch') throw new Error(`a cluster of kind ${spec.kind} is not one of Elasticsearch`);
  return spec;
}
