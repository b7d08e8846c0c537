import type {
  AccessKey,
  Caller,
  Catalog,
  CheckReport,
  Cluster,
  ClusterSpec,
  Edge,
  EngineCall,
  EngineCallResult,
  EngineName,
  FacePolicy,
  FaceRecord,
  Finding,
  Instant,
  MemberTrial,
  NewEvent,
  NewNodegroup,
  NodegroupChange,
  NodegroupSpec,
  NumberedEntry,
  Observation,
  Obstacles,
  OwnersWish,
  Plan,
  PolicyDocument,
  Release,
  RouteResult,
  TokenRecord,
  Upgrade,
  UpgradeAction,
  UpgradeEvent,
  UpgradeFilter,
} from '../domain/index.ts';

/** The use cases, as the faces call them. Expected ends are values; anything thrown is a bug or a database that is away. */
export interface Control {
  /**
   * Describes a cluster that exists; looks at it once, adopts its processes, starts its trials. With the code of one that
   * is awaited it takes that place, and keeps its id, name, region, tags and what its face was told.
   */
  registerCluster(caller: Caller, request: RegisterRequest): Promise<RegisterResult>;
  /** A place for a Kubernetes cluster that its owner brings under care later, with a code. */
  openRegistration(caller: Caller, registration: Registration): Promise<OpenResult>;
  /** Makes a cluster on the process host: answers at once with `provisioning: creating` and goes on behind (resumes after a restart). */
  createCluster(caller: Caller, request: NewCluster): Promise<CreateResult>;
  getCluster(caller: Caller, clusterId: string): Promise<Cluster | undefined>;
  listClusters(caller: Caller): Promise<readonly Cluster[]>;
  clusterByName(caller: Caller, engine: EngineName, region: string, name: string): Promise<Cluster | undefined>;
  /** What a face keeps in the description and no rule asks for. Null leaves it as it is; may be called twice. */
  changeSpec(caller: Caller, clusterId: string, change: (spec: ClusterSpec) => ClusterSpec | null): Promise<Cluster | undefined>;
  putFaceRecord(caller: Caller, record: Omit<FaceRecord, 'createdAt'>): Promise<'stored' | 'not-found'>;
  getFaceRecord(caller: Caller, clusterId: string, face: string, kind: string, id: string): Promise<FaceRecord | undefined>;
  /** Newest first. */
  listFaceRecords(caller: Caller, clusterId: string, face: string, kind: string): Promise<readonly FaceRecord[]>;
  addNodegroup(caller: Caller, clusterId: string, request: NewNodegroup): Promise<NodegroupEnd>;
  changeNodegroup(caller: Caller, clusterId: string, name: string, change: NodegroupChange): Promise<NodegroupEnd>;
  /** Its nodes are drained and removed behind. */
  removeNodegroup(caller: Caller, clusterId: string, name: string): Promise<NodegroupEnd>;
  /** Looks at the cluster; undefined where there is none of that id. */
  nodegroupViews(caller: Caller, clusterId: string): Promise<readonly NodegroupView[] | undefined>;
  catalogOf(engine: EngineName): Catalog | undefined;
  changeCluster(
    caller: Caller,
    clusterId: string,
    change: { description?: string; tags?: Record<string, string> },
  ): Promise<Cluster | undefined>;
  /** What the hosts of a cluster cannot heed of tags that it is to have, in sentences. */
  tagTroubles(caller: Caller, clusterId: string, tags: Readonly<Record<string, string>>): Promise<readonly string[]>;
  /** A registered cluster is only forgotten; a created one is stopped and erased (after `graceMs`, 0 at once). */
  removeCluster(caller: Caller, clusterId: string, graceMs: number): Promise<'removed' | 'not-found' | 'upgrade-unfinished'>;
  cancelRemoval(caller: Caller, clusterId: string): Promise<'cancelled' | 'not-found' | 'not-being-removed'>;

  /** One fresh look at a cluster. */
  observeCluster(caller: Caller, clusterId: string): Promise<Observation<unknown> | undefined>;
  /** The cluster's status as faces show it, from stored rows alone (fast). */
  clusterView(caller: Caller, clusterId: string): Promise<ClusterView | undefined>;
  clusterViewByName(caller: Caller, engine: EngineName, region: string, name: string): Promise<ClusterView | undefined>;
  clusterViews(caller: Caller): Promise<readonly ClusterView[]>;

  /** The way to a release through the catalog, from what the cluster runs. */
  routeTo(cluster: Cluster, from: Release, to: Release): RouteResult;
  edgesFrom(cluster: Cluster, from: Release): readonly Edge[];
  /** Observes, runs every check for every hop of the route, stores the plan. */
  planUpgrade(caller: Caller, clusterId: string, to: Release, nodegroup?: string): Promise<PlanResult>;
  getPlan(caller: Caller, planId: string): Promise<Plan | undefined>;
  trials(caller: Caller, clusterId: string): Promise<readonly MemberTrial[]>;

  startUpgrade(caller: Caller, request: StartRequest): Promise<StartResult>;
  getUpgrade(caller: Caller, upgradeId: string): Promise<Upgrade | undefined>;
  listUpgrades(caller: Caller, filter: Omit<UpgradeFilter, 'account'>): Promise<readonly Upgrade[]>;
  listEvents(caller: Caller, upgradeId: string, afterSeq: number, limit: number): Promise<readonly UpgradeEvent[]>;
  /** Calls back whenever the upgrade's row or events change; returns the way to stop. */
  onUpgradeChanged(listener: (upgradeId: string) => void): () => void;
  /** Calls back with the id of a cluster of the caller's account that was added, changed or forgotten; `missed` as in the store. */
  onClusterChanged(caller: Caller, listener: (clusterId: string | 'missed') => void): () => void;
  wish(caller: Caller, upgradeId: string, wish: OwnersWish): Promise<WishEnd>;
  /** What may be done with each of them now, in their order; from stored rows alone. */
  upgradeActions(caller: Caller, upgrades: readonly Upgrade[]): Promise<readonly (readonly UpgradeAction[])[]>;
  /** A plan of the way back to what the cluster ran before, where there is one. */
  planWayBack(caller: Caller, upgradeId: string): Promise<WayBackResult>;

  /** Asks the engine for something beside an upgrade, such as a snapshot; the engine names what it can do. */
  engineCall(caller: Caller, clusterId: string, call: EngineCall): Promise<CallResult>;

  /** Null leaves the policy to be the caller's own. */
  createKey(caller: Caller, description: string, policy: PolicyDocument | null): Promise<AccessKey>;
  listKeys(caller: Caller): Promise<readonly Omit<AccessKey, 'secret'>[]>;
  revokeKey(caller: Caller, keyId: string): Promise<'revoked' | 'not-found' | 'last-active-key'>;

  /** Calls of the caller's account that changed something, or were to; newest first, those with a lower seq than `before`. */
  listAudit(caller: Caller, limit: number, before: number | null): Promise<readonly NumberedEntry[]>;

  /** For replays of accepted requests other than upgrade starts (create, delete, pause ...). */
  getToken(scope: string, token: string): Promise<TokenRecord | undefined>;
  putToken(record: TokenRecord): Promise<'stored' | 'taken'>;
}

/** A node group with what was just seen of it. */
export interface NodegroupView {
  readonly name: string;
  readonly group: NodegroupSpec;
  /** Nodes that are ready; 0 where the cluster does not answer. */
  readonly ready: number;
  /** `creating`: it is young and has not had all its nodes yet. */
  readonly status: 'creating' | 'active' | 'degraded' | 'deleting';
}

export type NodegroupEnd =
  | { readonly kind: 'changed'; readonly cluster: Cluster }
  | { readonly kind: 'exists' | 'no-such-group' | 'not-found' | 'upgrade-unfinished' }
  | { readonly kind: 'refused'; readonly because: readonly string[] };

export interface NewCluster {
  readonly id?: string;
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly spec: ClusterSpec;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface RegisterRequest extends NewCluster {
  readonly activationCode?: string;
}

export interface Registration {
  readonly name: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly face: Readonly<Record<string, unknown>>;
  /** Kept as a secret of the cluster. */
  readonly activationCode: string;
  readonly awaitedUntil: Instant;
}

export type OpenResult = { readonly kind: 'opened'; readonly cluster: Cluster } | { readonly kind: 'name-taken' };

export type RegisterResult =
  | { readonly kind: 'registered'; readonly cluster: Cluster; readonly remarks: readonly string[] }
  | { readonly kind: 'name-taken' }
  /** What was looked for and not found: a node that does not answer, a version outside the catalog, a process that is not there. */
  | { readonly kind: 'refused'; readonly because: readonly string[] };

export type CreateResult =
  | { readonly kind: 'creating'; readonly cluster: Cluster }
  | { readonly kind: 'name-taken' }
  | { readonly kind: 'refused'; readonly because: readonly string[] };

/** `awaited`: its owner has not brought it under care yet. */
export interface ClusterView {
  readonly cluster: Cluster;
  readonly status: 'awaited' | 'creating' | 'active' | 'upgrading' | 'paused' | 'gated' | 'stopped' | 'failed' | 'deleting';
  /** The lowest release among the members, as last seen. */
  readonly release: Release;
  readonly upgrade: Upgrade | null;
}

export type PlanResult =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'upgrade-unfinished'; readonly upgrade: Upgrade }
  | { readonly kind: 'not-ready'; readonly says: string }
  | { readonly kind: 'unreachable'; readonly because: string }
  | { readonly kind: 'no-route'; readonly from: Release; readonly route: Exclude<RouteResult, { kind: 'route' }> };

export interface StartRequest {
  readonly clusterId: string;
  /** Either a plan that was reviewed, or a target for which a plan is made now. */
  readonly what: { readonly planId: string } | { readonly to: Release; readonly nodegroup?: string };
  /** Ids of checks whose policy findings, or whose failure to run, a person accepts. */
  readonly acknowledge: readonly string[];
  readonly policy: FacePolicy;
  /** Stored with the upgrade in one transaction; the face replays its answer. */
  readonly token: Omit<TokenRecord, 'answer'> | null;
  /** Answer to store for the token, made from the upgrade. */
  readonly answer: (upgrade: Upgrade) => unknown;
  readonly remarks?: readonly string[];
  /** A cluster that has not been looked at within this time is `unreachable`, and nothing starts later. */
  readonly lookTimeoutMs?: number;
}

export type StartResult =
  | { readonly kind: 'started'; readonly upgrade: Upgrade; readonly plan: Plan }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'plan-not-found' }
  | { readonly kind: 'plan-outdated'; readonly says: string }
  | { readonly kind: 'upgrade-unfinished'; readonly upgrade: Upgrade }
  | { readonly kind: 'not-ready'; readonly says: string }
  | { readonly kind: 'unreachable'; readonly because: string }
  | { readonly kind: 'no-route'; readonly from: Release; readonly route: Exclude<RouteResult, { kind: 'route' }> }
  | { readonly kind: 'too-far'; readonly from: Release; readonly next: readonly string[] }
  | { readonly kind: 'obstacles'; readonly plan: Plan; readonly obstacles: Obstacles }
  | { readonly kind: 'token-taken' };

export type WishEnd =
  | { readonly kind: 'accepted'; readonly upgrade: Upgrade }
  | { readonly kind: 'already'; readonly upgrade: Upgrade; readonly says: string }
  | { readonly kind: 'not-now'; readonly upgrade: Upgrade; readonly says: string }
  | { readonly kind: 'not-found' };

export type WayBackResult =
  | PlanResult
  /** It is not the latest, has not ended, or nothing leads back. */
  | { readonly kind: 'not-now'; readonly upgrade: Upgrade; readonly says: string };

export type CallResult = EngineCallResult | { readonly kind: 'not-found' };

export type { CheckReport, Finding, NewEvent };
