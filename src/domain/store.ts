import type { AccessKey, AuditEntry, NumberedEntry, Session } from './access.ts';
import type { Cluster, ClusterSpec, EngineName, Provisioning } from './cluster.ts';
import type { Ledger } from './ledger.ts';
import type { Intent } from './move.ts';
import type { Plan } from './plan.ts';
import type { Reason } from './reason.ts';
import type { Instant, Release } from './release.ts';
import type { Retention } from './retention.ts';
import type { TrialKey, TrialOutcome } from './trial.ts';
import type { Upgrade, UpgradeEvent, UpgradeStatus } from './upgrade.ts';

export type NewEvent = Omit<UpgradeEvent, 'seq' | 'upgradeId' | 'generation'>;

/** What one turn of the loop writes. Refused (false) when the generation is no longer the upgrade's. */
export interface TurnWrite {
  readonly upgradeId: string;
  readonly generation: number;
  /** Given, the turn is refused as well when the owner has wished something else meanwhile: an ending must not overtake a wish. */
  readonly expectedIntent?: Intent;
  /** Given, the turn is refused as well when anything of the upgrade was written since. */
  readonly expectedRevision?: number;
  readonly ledger?: Ledger;
  readonly status?: UpgradeStatus;
  readonly reason?: Reason | null;
  readonly endedAt?: Instant;
  /** What the cluster runs now: remembered in the same transaction, so that no ending is without it. */
  readonly release?: Release;
  readonly events: readonly NewEvent[];
  readonly at: Instant;
}

/** `revision` rises with everything that is written of it. */
export interface RunningUpgrade extends Pick<Upgrade, 'id' | 'generation'> {
  readonly revision: number;
}

export interface UpgradeFilter {
  readonly clusterId?: string;
  readonly account?: string;
  readonly unfinished?: boolean;
  readonly status?: UpgradeStatus;
  readonly limit: number;
  /** Return upgrades created before this one (paging). */
  readonly before?: string;
}

export interface ClusterChange {
  readonly description?: string;
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly spec?: ClusterSpec;
  readonly provisioning?: Provisioning;
  readonly deleteAfter?: Instant | null;
}

/** What an awaited cluster is brought under care with; its id, name, region, tags and account stay. */
export type AwaitedKnown = Pick<Cluster, 'description' | 'spec' | 'secrets'>;

export type DeletionMark =
  | { readonly kind: 'at'; readonly deleteAfter: Instant }
  | { readonly kind: 'now' }
  /** Now, if its time has come and the mark still stands. */
  | { readonly kind: 'due' }
  /** Takes the time back. */
  | { readonly kind: 'none' };

/** `as-it-was`: there is no mark that has come due or could be taken back. */
export type DeletionMarked = 'marked' | 'not-found' | 'upgrade-running' | 'being-deleted' | 'as-it-was';

/** A stored answer to an accepted request, for replay. `parameters` is a hash: other parameters with the same token are refused. */
export interface TokenRecord {
  /** Access key id, operation and resource, joined. */
  readonly scope: string;
  readonly token: string;
  readonly parameters: string;
  readonly answer: unknown;
  readonly expiresAt: Instant;
}

/** What a public API must remember of a cluster beyond its description, such as a change of settings that it tells of. */
export interface FaceRecord {
  readonly clusterId: string;
  readonly face: string;
  /** `config-update`, `insights`. */
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
  readonly createdAt: Instant;
}

/** An upgrade with its cluster and its plan: what a turn is about. */
export interface Carried {
  readonly upgrade: Upgrade;
  readonly cluster: Cluster;
  readonly plan: Plan;
}

/** A cluster and its unfinished upgrade, as both were at one moment. */
export interface WithUpgrade {
  readonly cluster: Cluster;
  readonly upgrade: Upgrade | null;
}

/** A cluster was added, changed or forgotten; or notices may have been lost, so that whoever listens is to look himself. */
export type ClusterNotice = { readonly id: string; readonly account: string } | 'missed';

/** How many went. */
export interface Forgotten {
  readonly upgrades: number;
  readonly events: number;
  readonly faceRecords: number;
  readonly auditEntries: number;
}

/** Everything that survives. Each method is one transaction. */
export interface Store {
  insertCluster(cluster: Cluster): Promise<'inserted' | 'name-taken'>;
  getCluster(id: string): Promise<Cluster | undefined>;
  listClusters(account: string | null): Promise<readonly Cluster[]>;
  clusterByName(account: string, engine: EngineName, region: string, name: string): Promise<Cluster | undefined>;
  clusterWithUpgrade(id: string): Promise<WithUpgrade | undefined>;
  /** Oldest first. */
  clustersWithUpgrades(account: string): Promise<readonly WithUpgrade[]>;
  clusterWithUpgradeByName(account: string, engine: EngineName, region: string, name: string): Promise<WithUpgrade | undefined>;
  /** Of every account: those that are made, awaited, erased, or are to be deleted some time. */
  clustersInMotion(): Promise<readonly Cluster[]>;
  /** Of every account, in the order of their ids: so many of those that come after this id (empty: from the beginning). */
  clustersAfter(id: string, limit: number): Promise<readonly Cluster[]>;
  /** A cluster that is being deleted stays so: a change of its provisioning is refused (undefined). */
  updateCluster(id: string, change: ClusterChange, at: Instant): Promise<Cluster | undefined>;
  /** Puts what is known of an awaited cluster into its place; undefined where it is not, or no longer, awaited at that time. */
  fulfilAwaited(id: string, known: AwaitedKnown, at: Instant): Promise<Cluster | undefined>;
  /** Forgets it if it is still awaited and its time is over. */
  forgetAwaited(id: string, now: Instant): Promise<boolean>;
  /** What a look at the cluster found; left to the loop (undefined) while an upgrade is unfinished. */
  refreshRelease(id: string, release: Release, at: Instant): Promise<Cluster | undefined>;
  /** In one transaction; null leaves it as it is. May be called twice, so `change` gives the same for what it has changed. */
  changeSpec(id: string, change: (spec: ClusterSpec) => ClusterSpec | null, at: Instant): Promise<Cluster | undefined>;
  /** Takes the place of the record of that id; goes with its cluster. */
  putFaceRecord(record: FaceRecord): Promise<void>;
  getFaceRecord(clusterId: string, face: string, kind: string, id: string): Promise<FaceRecord | undefined>;
  /** Newest first. */
  listFaceRecords(clusterId: string, face: string, kind: string): Promise<readonly FaceRecord[]>;
  /**
   * Says when a cluster is to be deleted, or that it is being deleted from now on. Refused while an upgrade is running, in
   * the same transaction: none is begun or resumed once the mark is there.
   */
  markForDeletion(id: string, mark: DeletionMark, at: Instant): Promise<DeletionMarked>;
  /**
   * Forgets the cluster with its plans, upgrades, events and trials. Refused while an upgrade is unfinished, while one is
   * running only, or (forced) never.
   */
  deleteCluster(id: string, force: boolean | 'unless-running'): Promise<'deleted' | 'not-found' | 'upgrade-unfinished'>;

  insertPlan(plan: Plan): Promise<void>;
  getPlan(id: string): Promise<Plan | undefined>;

  /**
   * Inserts with its first events. One unfinished upgrade per cluster is held by a partial unique index. The answer for
   * `token`, if given, is stored in the same transaction.
   */
  insertUpgrade(
    upgrade: Upgrade,
    events: readonly NewEvent[],
    token: TokenRecord | null,
  ): Promise<
    | { kind: 'inserted' }
    | { kind: 'unfinished-exists'; upgrade: Upgrade }
    | { kind: 'token-taken' }
    /** It is gone, or marked for deletion: none begins to run. */
    | { kind: 'cluster-leaves' }
  >;
  getUpgrade(id: string): Promise<Upgrade | undefined>;
  getCarried(upgradeId: string): Promise<Carried | undefined>;
  /** The unfinished upgrade of a cluster, if any. */
  unfinishedUpgrade(clusterId: string): Promise<Upgrade | undefined>;
  /** Newest first. */
  listUpgrades(filter: UpgradeFilter): Promise<readonly Upgrade[]>;
  /** Of each of these clusters the id of its newest upgrade, by the cluster's. */
  latestUpgrades(clusterIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Every running upgrade, of every account: no more of it than who carries it on has to be compared with. */
  listRunning(): Promise<readonly RunningUpgrade[]>;
  writeTurn(turn: TurnWrite): Promise<boolean>;
  /**
   * Stores the owner's wish: compare-and-set on (status, generation). With `nextGeneration` the generation rises by one
   * and the status becomes running; refused (`cluster-leaves`) while the cluster is marked for deletion. A cancelled
   * upgrade may still be left clean until the cluster is being deleted.
   */
  writeIntent(change: {
    readonly upgradeId: string;
    readonly expectedStatus: UpgradeStatus;
    readonly expectedGeneration: number;
    readonly intent: Intent;
    readonly nextGeneration: boolean;
    readonly gatePassed: number | null;
    readonly events: readonly NewEvent[];
    readonly at: Instant;
  }): Promise<Upgrade | 'cluster-leaves' | undefined>;
  /** Raises the generation of a running upgrade without any wish (journal kept short, takeover of a dead workflow). */
  nextGeneration(upgradeId: string, expectedGeneration: number, at: Instant): Promise<Upgrade | undefined>;
  /** Events with seq greater than `afterSeq`, oldest first. */
  listEvents(upgradeId: string, afterSeq: number, limit: number): Promise<readonly UpgradeEvent[]>;
  /** Calls back with the upgrade's id whenever its row or events change. Returns the way to stop. */
  onUpgradeChanged(listener: (upgradeId: string) => void): () => void;
  onClusterChanged(listener: (notice: ClusterNotice) => void): () => void;

  getTrial(key: TrialKey): Promise<TrialOutcome | undefined>;
  /** All trials of a cluster. */
  listTrials(clusterId: string): Promise<readonly { readonly key: TrialKey; readonly outcome: TrialOutcome }[]>;
  /** Takes the place of what the member was told with other settings. */
  putTrial(key: TrialKey, outcome: TrialOutcome): Promise<void>;
  /** The same for members of one cluster that share a trial. */
  putTrials(keys: readonly TrialKey[], outcome: TrialOutcome): Promise<void>;

  getToken(scope: string, token: string, now: Instant): Promise<TokenRecord | undefined>;
  putToken(record: TokenRecord): Promise<'stored' | 'taken'>;
  /** False when the nonce was seen before within its lifetime. */
  rememberNonce(keyId: string, nonce: string, expiresAt: Instant, now: Instant): Promise<boolean>;

  insertKey(key: AccessKey): Promise<'inserted' | 'id-taken'>;
  getKey(id: string): Promise<AccessKey | undefined>;
  listKeys(): Promise<readonly Omit<AccessKey, 'secret'>[]>;
  /** Ends the key's sessions in the same transaction. */
  revokeKey(id: string): Promise<'revoked' | 'not-found' | 'last-active-key'>;
  insertSession(session: Session): Promise<void>;
  /** Also one whose time is over and that is not swept out yet. */
  getSession(id: string): Promise<Session | undefined>;
  deleteSession(id: string): Promise<void>;
  /** Tried once: it is about what has been done already. */
  insertAuditEntry(entry: AuditEntry): Promise<void>;
  /** Newest first; those with a lower seq than `before`. */
  listAudit(account: string, limit: number, before: number | null): Promise<readonly NumberedEntry[]>;

  /**
   * Executor leases: a server that does not renew is taken over. Their times are the database's own, so that servers whose
   * clocks differ agree.
   */
  renewLease(executorId: string, leaseMs: number): Promise<void>;
  /** Executors whose lease has run out; each is handed to one caller only (deleted in the same stroke). */
  takeExpiredLeases(): Promise<readonly string[]>;
  dropLease(executorId: string): Promise<void>;
  /** For who is alone on the database: whoever else holds a lease is dead. */
  dropOtherLeases(executorId: string): Promise<void>;
  /** Executors whose lease still runs. */
  liveExecutors(): Promise<readonly string[]>;
  /** Sweeps out tokens, nonces and sessions whose time is over, and plans made before then that no upgrade was begun with. */
  forgetExpired(now: Instant, plansMadeBefore: Instant): Promise<void>;
  /** Sweeps out what a policy no longer keeps of upgrades that are over, of events, of what public APIs remember and of the audit trail; a bounded lot at once. */
  forgetOver(retention: Retention, now: Instant): Promise<Forgotten>;
  ping(): Promise<void>;
}
