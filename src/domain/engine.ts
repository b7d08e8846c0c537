import type { ArtefactSource, Catalog } from './catalog.ts';
import type { Check, CheckReport } from './check.ts';
import type { Cluster, ClusterSpec, EngineName } from './cluster.ts';
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

export interface ActContext {
  readonly cluster: Cluster;
  readonly catalog: Catalog;
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly ticket: Ticket;
  readonly signal: AbortSignal;
}

export interface DecideInput<Seen> {
  readonly cluster: Cluster;
  readonly catalog: Catalog;
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
  /** Waves, doors and times of each hop. */
  planHops(cluster: Cluster, catalog: Catalog, observation: Observation<Seen>, route: readonly Hop[]): readonly PlanHop[];
  /** What an upgrade along these hops will touch, in sentences. */
  touches(cluster: Cluster, route: readonly Hop[]): readonly string[];
  /** Identity of what a plan was made from (see `Plan.basis`). */
  basisOf(observation: Observation<Seen>): string;
  /** What registering takes from a cluster that runs. Pure. */
  adoption(cluster: Cluster, observation: Observation<Seen>): Adoption;
  /** Pure. All safety lives here. */
  decide(input: DecideInput<Seen>): Decision;
  /** Performs one act. Idempotent; guarded by the identities in the move. */
  perform(move: Extract<Move, { do: 'act' }>, context: ActContext, io: EngineIo): Promise<ActResult>;
  /** How to run a member: `first` forms a new cluster, `join` joins one, `trial` runs alone on scratch ports. Pure. */
  launch(cluster: Cluster, catalog: Catalog, member: string, release: Release, purpose: LaunchPurpose): Launch;
  /** Text that is equal for members whose trial would say the same; hashed by control for `TrialKey.settingsHash`. Pure. */
  trialText(cluster: Cluster, catalog: Catalog, member: string, release: Release): string;
  artefacts(catalog: Catalog, release: Release): readonly ArtefactSource[];
  /** Something beside an upgrade, such as a snapshot. `refused` carries the cluster's own words. */
  call(cluster: Cluster, call: EngineCall, io: EngineIo): Promise<EngineCallResult>;
  /** Member names with the key of the host that runs each. */
  members(cluster: Cluster): readonly { readonly name: string; readonly host: string }[];
}

export interface Adoption {
  /** As declared, completed with what the members tell. */
  readonly spec: ClusterSpec;
  /** Of each member by name; null where it does not tell. */
  readonly processIds: Readonly<Record<string, number | null>>;
  /** What neither the owner nor the members say and no restart can do without, in sentences. */
  readonly missing: readonly string[];
}

export type EngineCall =
  /** A real snapshot with global state; makes the repository where the cluster has none and `repositoryPath` is set. Answers when it is finished. */
  | { readonly do: 'create-snapshot'; readonly repository: string | null }
  | { readonly do: 'list-repositories' }
  | { readonly do: 'list-recoveries'; readonly activeOnly: boolean };

export type EngineCallResult =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly because: string };

export type LaunchPurpose =
  | { readonly kind: 'first' }
  | { readonly kind: 'join' }
  | {
      readonly kind: 'trial';
      readonly httpPort: number;
      readonly transportPort: number;
      readonly enforceBootstrapChecks: boolean;
      readonly archive: string;
    };

export type { CheckReport };
