import type { ArtefactSource, Catalog } from './catalog.ts';
import type { Certificates } from './certificates.ts';
import type { Check, CheckReport } from './check.ts';
import type { CatalogOf, Cluster, ClusterSpec, EngineName, SpecOf } from './cluster.ts';
import type { ActResult, Host, Launch, Ticket } from './host.ts';
import type { Ledger } from './ledger.ts';
import type { Decision, Intent, Move } from './move.ts';
import type { Observation } from './observation.ts';
import type { Plan, PlanHop } from './plan.ts';
import type { Instant, Release } from './release.ts';
import type { Hop } from './route.ts';
import type { MemberTrial } from './trial.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** For an https address whose authority is not the machine's, or that asks for a client's certificate. All PEM. */
  readonly tls?: Tls;
}

export interface Tls {
  readonly authority: string;
  readonly certificate?: string;
  readonly key?: string;
  /** The name that the server's certificate must show; absent: the host of the url. */
  readonly serverName?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
}

/** Rejects on a transport failure or a time-out; every HTTP status is an answer. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** The outside world, as an engine may use it. */
export interface EngineIo {
  readonly http: Http;
  readonly hosts: (key: string) => Host | undefined;
  readonly now: () => Instant;
  /** Resolves after that time, or at once when the signal is aborted. */
  readonly pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** What making and changing members may use besides. */
export interface MakerIo extends EngineIo {
  readonly certificates: Certificates;
}

export interface ActContext<Seen = unknown> {
  readonly cluster: Cluster<SpecOf<Seen>>;
  readonly catalog: CatalogOf<Seen>;
  /** Null for an act that keeps a cluster up outside an upgrade. */
  readonly plan: Plan | null;
  readonly ledger: Ledger;
  readonly ticket: Ticket;
  readonly signal: AbortSignal;
}

export interface DecideInput<Seen> {
  readonly cluster: Cluster<SpecOf<Seen>>;
  readonly catalog: CatalogOf<Seen>;
  readonly plan: Plan;
  readonly observation: Observation<Seen>;
  readonly ledger: Ledger;
  readonly intent: Intent;
  /** A new generation begins with fresh attempts and timers. */
  readonly generation: number;
  /** Trials of the members for the releases of the route. */
  readonly trials: readonly MemberTrial[];
  /** Ids of checks whose failure to run a person accepted at the start. */
  readonly acknowledged?: readonly string[];
  readonly now: Instant;
}

/** `plan` looks at everything that checks ask about; `turn` leaves out what no turn of the loop needs. */
export type ObservationDepth = 'plan' | 'turn';

/** What knows a kind of cluster. `Seen` is opaque to everybody else. */
export interface Engine<Seen = unknown> {
  readonly name: EngineName;
  observe(cluster: Cluster, catalog: Catalog, io: EngineIo, depth: ObservationDepth): Promise<Observation<Seen>>;
  readonly checks: readonly Check<Seen>[];
  /** The release of the cluster as a whole: the lowest among its members. Null when it cannot be told. */
  releaseOf(observation: Observation<Seen>): Release | null;
  /** The newest among its members, where they differ: a way back that was left half-way begins there. Absent: nothing goes back. */
  newestOf?(observation: Observation<Seen>): Release | null;
  /** Waves, doors and times of each hop. */
  planHops(cluster: Cluster, catalog: Catalog, observation: Observation<Seen>, route: readonly Hop[]): readonly PlanHop[];
  /** What an upgrade along these hops will touch, in sentences. */
  touches(cluster: Cluster, route: readonly Hop[]): readonly string[];
  /** Identity of what a plan was made from (see `Plan.basis`). */
  basisOf(observation: Observation<Seen>): string;
  /** What is wrong with a description before anything is asked of the cluster: each a sentence that names the key. Pure. */
  troubles(spec: ClusterSpec, hosts: (key: string) => boolean): readonly string[];
  /** Completes the description of a cluster that is to be made: addresses that are free, keys and certificates. */
  draft(request: DraftRequest, io: MakerIo): Promise<Draft>;
  /**
   * What a cluster of our making needs outside an upgrade: its members started while it is made, those that ended by
   * themselves started again, nodes of a group made or removed. Several are performed side by side. Pure. Absent: the
   * members are started once, all alike, and nothing after that. `held`: an upgrade waits for a person, so that only what
   * ended by itself is started again, as it ran.
   */
  upkeep?(
    cluster: Cluster,
    catalog: Catalog,
    observation: Observation<Seen>,
    held: boolean,
  ): readonly Extract<Move, { do: 'act' }>[];
  /**
   * What a cluster that is being made waits for and its owner alone can do, in a sentence; null: nothing. Pure. Absent:
   * never anything.
   */
  needsOwner?(cluster: Cluster, observation: Observation<Seen>): string | null;
  /** Absent: its clusters have no node groups. */
  readonly nodegroups?: NodegroupRules;
  /** The description of a cluster once an upgrade with this plan is done; null: as before. Pure. */
  after?(cluster: Cluster, plan: Plan): ClusterSpec | null;
  /** What registering takes from a cluster that runs. Pure. */
  adoption(cluster: Cluster, observation: Observation<Seen>): Adoption;
  /** Pure. All safety lives here. */
  decide(input: DecideInput<Seen>): Decision;
  /** Performs one act. Idempotent; guarded by the identities in the move. */
  perform(move: Extract<Move, { do: 'act' }>, context: ActContext<Seen>, io: MakerIo): Promise<ActResult>;
  /** How to run a member: `first` forms a new cluster, `join` joins one, `trial` runs alone on scratch ports. Pure. */
  launch(cluster: Cluster, catalog: Catalog, member: string, release: Release, purpose: LaunchPurpose): Launch;
  /** How many free ports a trial start needs at most. */
  readonly trialPorts: number;
  /** Text that is equal for members whose trial would say the same; hashed by control for `TrialKey.settingsHash`. Pure. */
  trialText(cluster: Cluster, catalog: Catalog, member: string, release: Release): string;
  artefacts(catalog: Catalog, release: Release): readonly ArtefactSource[];
  /**
   * Folders of its hosts that only this cluster used, outside those of its members: they go when those are erased. `own`: the
   * folder for its snapshots that it got where its owner named none. Pure. Absent: there are none.
   */
  leftovers?(cluster: Cluster, own: string): readonly { readonly host: string; readonly folder: string }[];
  /** Something beside an upgrade, such as a snapshot. `refused` carries the cluster's own words. */
  call(cluster: Cluster, call: EngineCall, io: EngineIo): Promise<EngineCallResult>;
  /** Member names with the key of the host that runs each. `surge`: it runs only while others are replaced. */
  members(cluster: Cluster): readonly EngineMember[];
}

/** Node groups of a cluster, as changes of its description. Pure; each gives the same again when it is called twice. */
export interface NodegroupRules {
  add(spec: ClusterSpec, request: NewNodegroup, now: Instant): NodegroupChanged;
  change(spec: ClusterSpec, name: string, change: NodegroupChange, now: Instant): NodegroupChanged;
  /** Marks it; upkeep drains and removes its nodes, then `forget` takes it out. */
  remove(spec: ClusterSpec, name: string, now: Instant): NodegroupChanged;
  /** Nodes of the group that are ready, and those that it is to have; null where the cluster did not answer. */
  count(
    cluster: Cluster,
    observation: Observation<unknown>,
    name: string,
  ): { readonly ready: number | null; readonly wanted: number };
  /** Names of groups that are being removed and have no node left. */
  gone(cluster: Cluster, observation: Observation<unknown>): readonly string[];
  forget(spec: ClusterSpec, name: string): ClusterSpec;
}

export interface NewNodegroup {
  readonly name: string;
  /** Null: that of the control plane. */
  readonly release: Release | null;
  readonly size: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly maxUnavailable: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly face: Readonly<Record<string, unknown>>;
}

export type NodegroupChange = Partial<Omit<NewNodegroup, 'name' | 'release'>>;

export type NodegroupChanged =
  | { readonly kind: 'changed'; readonly spec: ClusterSpec }
  | { readonly kind: 'exists' | 'no-such-group' }
  | { readonly kind: 'refused'; readonly because: readonly string[] };

export interface EngineMember {
  readonly name: string;
  readonly host: string;
  readonly surge?: boolean;
  /** What stands on a lower layer is needed by what stands on a higher one, which is erased first. Absent: 0. */
  readonly layer?: number;
  /** Its owner alone can start it: its process is not taken under care, and no trial is made of it. Absent: false. */
  readonly foreign?: boolean;
}

export interface DraftRequest {
  readonly clusterId: string;
  readonly spec: ClusterSpec;
  /** Of every other cluster of this server: no address is given twice. */
  readonly others: readonly ClusterSpec[];
  /** A folder for snapshots of this cluster. */
  readonly repositoryFolder: string;
  /** Where the members of a Kubernetes cluster ask who a bearer token belongs to. */
  readonly authenticationUrl: string;
}

export type Draft =
  | { readonly kind: 'drafted'; readonly spec: ClusterSpec; readonly secrets: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly because: readonly string[] };

export interface Adoption<Spec extends ClusterSpec = ClusterSpec> {
  /** As declared, completed with what the members tell. */
  readonly spec: Spec;
  /** Of each member by name; null where it does not tell. Foreign ones are left out. */
  readonly processIds: Readonly<Record<string, number | null>>;
  /** What neither the owner nor the members say and no restart can do without, in sentences. */
  readonly missing: readonly string[];
}

export type EngineCall =
  /** A real snapshot with global state; makes the repository where the cluster has none and `repositoryPath` is set. Answers when it is finished. */
  | { readonly do: 'create-snapshot'; readonly repository: string | null }
  | { readonly do: 'list-repositories' }
  | { readonly do: 'list-recoveries'; readonly activeOnly: boolean }
  /** A kubeconfig with the administrator's certificate: works without this server. `value` is its text. */
  | { readonly do: 'kubeconfig' };

export type EngineCallResult =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly because: string };

export type LaunchPurpose =
  | { readonly kind: 'first' }
  /** `emulate`: the minor that a member of a newer one is to behave as, `1.36`. */
  | { readonly kind: 'join'; readonly emulate?: string }
  | {
      readonly kind: 'trial';
      /** Free ports on loopback, as many as `trialPorts` says. */
      readonly ports: readonly number[];
      readonly enforceBootstrapChecks: boolean;
      readonly archive: string;
    };

export type { CheckReport };
