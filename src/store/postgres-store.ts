import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Log, SecretBox, Store, UpgradeStatus } from '../domain/index.ts';
import { type Changes, listenForChanges } from './changes.ts';
import { connectionFromUrl } from './connection.ts';
import { type Db, inOurSchema, openKysely, openPool } from './db.ts';
import { type GatheredReads, gatheredReads, OwnWrites } from './gathered/index.ts';
import { migrate } from './migrations/index.ts';
import { insertAuditEntry, listAudit } from './queries/audit.ts';
import { forgetAwaited, fulfilAwaited } from './queries/awaited.ts';
import { changeSpec } from './queries/change-spec.ts';
import { clustersAfter, clustersInMotion } from './queries/clusters-to-tend.ts';
import { countUnfinished } from './queries/count-unfinished.ts';
import { deleteCluster } from './queries/delete-cluster.ts';
import { dropLease, dropOtherLeases } from './queries/drop-lease.ts';
import { getFaceRecord, listFaceRecords, putFaceRecord } from './queries/face-records.ts';
import { forgetExpired } from './queries/forget-expired.ts';
import { forgetOver } from './queries/forget-over.ts';
import { getCarried } from './queries/get-carried.ts';
import { getToken } from './queries/get-token.ts';
import { getTrial } from './queries/get-trial.ts';
import { insertCluster } from './queries/insert-cluster.ts';
import { insertKey } from './queries/insert-key.ts';
import { insertPlan } from './queries/insert-plan.ts';
import { insertUpgrade } from './queries/insert-upgrade.ts';
import { latestUpgrades } from './queries/latest-upgrades.ts';
import { listClusters } from './queries/list-clusters.ts';
import { listEvents } from './queries/list-events.ts';
import { listKeys } from './queries/list-keys.ts';
import { listRunning } from './queries/list-running.ts';
import { listTrials } from './queries/list-trials.ts';
import { listUpgrades } from './queries/list-upgrades.ts';
import { liveExecutors } from './queries/live-executors.ts';
import { markForDeletion } from './queries/mark-for-deletion.ts';
import { nextGeneration } from './queries/next-generation.ts';
import { ping } from './queries/ping.ts';
import { putToken } from './queries/put-token.ts';
import { putTrials } from './queries/put-trial.ts';
import { refreshRelease } from './queries/refresh-release.ts';
import { renewLease } from './queries/renew-lease.ts';
import { revokeKey } from './queries/revoke-key.ts';
import { deleteSession, insertSession } from './queries/sessions.ts';
import { takeExpiredLeases } from './queries/take-expired-leases.ts';
import { unfinishedUpgrade } from './queries/unfinished-upgrade.ts';
import { updateCluster } from './queries/update-cluster.ts';
import { writeIntent } from './queries/write-intent.ts';
import { writeTurn } from './queries/write-turn.ts';
import { ridingOut } from './retry.ts';

export interface StoreOptions {
  readonly url: string;
  readonly box: SecretBox;
  readonly log: Log;
  /** Nobody else writes to this database, so that what was read need not be asked for again until we write. */
  readonly alone?: boolean;
}

export interface PostgresStore extends Store {
  /** For whoever watches the server. */
  countUnfinished(): Promise<ReadonlyMap<UpgradeStatus, number>>;
  close(): Promise<void>;
}

/** Opens the store and brings its tables up to date. A database that is away for a moment is ridden out by every method. */
export async function openStore({ url, box, log, alone = false }: StoreOptions): Promise<PostgresStore> {
  const pool = openPool(connectionFromUrl(url), log);
  const ownWrites = alone ? new OwnWrites() : null;
  const kysely = openKysely(pool, ownWrites);
  try {
    const done = await ridingOut(() => migrate(kysely as unknown as Kysely<unknown>));
    if (done.length > 0) log.info({ migrations: done }, 'The database was brought up to date.');
  } catch (error) {
    await pool.end();
    throw error;
  }
  const db = inOurSchema(kysely);
  const changes = listenForChanges(url, db, log);
  const gathered = gatheredReads(pool, box, ownWrites);
  return {
    ...clusterMethods(db, box, gathered),
    ...upgradeMethods(db, changes, box, gathered),
    ...accessMethods(db, box, gathered),
    ...leaseMethods(db),
    countUnfinished: () => countUnfinished(db),
    close: async () => {
      await changes.close();
      await kysely.destroy();
    },
  };
}

type Cluster = Pick<
  Store,
  | 'insertCluster'
  | 'getCluster'
  | 'listClusters'
  | 'clusterByName'
  | 'clusterWithUpgrade'
  | 'clustersWithUpgrades'
  | 'clusterWithUpgradeByName'
  | 'clustersInMotion'
  | 'clustersAfter'
  | 'updateCluster'
  | 'fulfilAwaited'
  | 'forgetAwaited'
  | 'refreshRelease'
  | 'changeSpec'
  | 'putFaceRecord'
  | 'getFaceRecord'
  | 'listFaceRecords'
  | 'markForDeletion'
  | 'deleteCluster'
  | 'getTrial'
  | 'listTrials'
  | 'putTrial'
  | 'putTrials'
>;

function clusterMethods(db: Db, box: SecretBox, gathered: GatheredReads): Cluster {
  return {
    insertCluster: (cluster) => ridingOut(() => insertCluster(db, cluster, box)),
    getCluster: async (id) => (await gathered.clusterById(id))?.cluster,
    clusterWithUpgrade: (id) => gathered.clusterById(id),
    clustersWithUpgrades: (account) => gathered.clustersOf(account),
    listClusters: (account) => ridingOut(() => listClusters(db, account, box)),
    clustersInMotion: () => ridingOut(() => clustersInMotion(db, box)),
    clustersAfter: (id, limit) => ridingOut(() => clustersAfter(db, id, limit, box)),
    clusterByName: async (account, engine, region, name) =>
      (await gathered.clusterByName({ account, engine, region, name }))?.cluster,
    clusterWithUpgradeByName: (account, engine, region, name) => gathered.clusterByName({ account, engine, region, name }),
    updateCluster: (id, change, at) => ridingOut(() => updateCluster(db, id, change, at, box)),
    fulfilAwaited: (id, known, at) => ridingOut((repeated) => fulfilAwaited(db, id, known, at, box, repeated)),
    forgetAwaited: (id, now) => ridingOut(() => forgetAwaited(db, id, now)),
    refreshRelease: (id, release, at) => ridingOut(() => refreshRelease(db, id, release, at, box)),
    changeSpec: (id, change, at) => ridingOut(() => changeSpec(db, id, change, at, box)),
    putFaceRecord: (record) => ridingOut(() => putFaceRecord(db, record)),
    getFaceRecord: (clusterId, face, kind, id) => ridingOut(() => getFaceRecord(db, clusterId, face, kind, id)),
    listFaceRecords: (clusterId, face, kind) => ridingOut(() => listFaceRecords(db, clusterId, face, kind)),
    markForDeletion: (id, mark, at) =>
      ridingOut(async (repeated) => {
        const ended = await markForDeletion(db, id, mark, at);
        const written = (mark.kind === 'none' && ended === 'as-it-was') || (mark.kind !== 'none' && ended === 'being-deleted');
        return repeated && written ? 'marked' : ended;
      }),
    deleteCluster: (id, force) =>
      ridingOut(async (repeated) => {
        const ended = await deleteCluster(db, id, force);
        return repeated && ended === 'not-found' ? 'deleted' : ended;
      }),
    getTrial: (key) => ridingOut(() => getTrial(db, key)),
    listTrials: (clusterId) => ridingOut(() => listTrials(db, clusterId)),
    putTrial: (key, outcome) => ridingOut(() => putTrials(db, [key], outcome)),
    putTrials: (keys, outcome) => ridingOut(() => putTrials(db, keys, outcome)),
  };
}

type Upgrade = Pick<
  Store,
  | 'insertPlan'
  | 'getPlan'
  | 'insertUpgrade'
  | 'getUpgrade'
  | 'getCarried'
  | 'unfinishedUpgrade'
  | 'listUpgrades'
  | 'latestUpgrades'
  | 'listRunning'
  | 'writeTurn'
  | 'writeIntent'
  | 'nextGeneration'
  | 'listEvents'
  | 'onUpgradeChanged'
  | 'onClusterChanged'
>;

function upgradeMethods(db: Db, changes: Changes, box: SecretBox, gathered: GatheredReads): Upgrade {
  return {
    insertPlan: (plan) => ridingOut(() => insertPlan(db, plan)),
    getPlan: (id) => gathered.plan(id),
    insertUpgrade: (upgrade, events, token) => ridingOut(() => insertUpgrade(db, upgrade, events, token)),
    getUpgrade: (id) => gathered.upgrade(id),
    getCarried: (upgradeId) => ridingOut(() => getCarried(db, upgradeId, box)),
    unfinishedUpgrade: (clusterId) => ridingOut(() => unfinishedUpgrade(db, clusterId)),
    latestUpgrades: (clusterIds) => ridingOut(() => latestUpgrades(db, clusterIds)),
    listUpgrades: (filter) => ridingOut(() => listUpgrades(db, filter)),
    listRunning: () => ridingOut(() => listRunning(db)),
    writeTurn: (turn) => {
      const writeId = randomUUID();
      return ridingOut(() => writeTurn(db, turn, writeId));
    },
    writeIntent: (change) => {
      const writeId = randomUUID();
      return ridingOut(() => writeIntent(db, change, writeId));
    },
    nextGeneration: (upgradeId, expectedGeneration, at) => {
      const writeId = randomUUID();
      return ridingOut(() => nextGeneration(db, upgradeId, expectedGeneration, at, writeId));
    },
    listEvents: (upgradeId, afterSeq, limit) => ridingOut(() => listEvents(db, upgradeId, afterSeq, limit)),
    onUpgradeChanged: (listener) => changes.on(listener),
    onClusterChanged: (listener) => changes.onCluster(listener),
  };
}

type Access = Pick<
  Store,
  | 'getToken'
  | 'putToken'
  | 'rememberNonce'
  | 'insertKey'
  | 'getKey'
  | 'listKeys'
  | 'revokeKey'
  | 'insertSession'
  | 'getSession'
  | 'deleteSession'
  | 'insertAuditEntry'
  | 'listAudit'
>;

function accessMethods(db: Db, box: SecretBox, gathered: GatheredReads): Access {
  return {
    getToken: (scope, token, now) => ridingOut(() => getToken(db, scope, token, now)),
    putToken: (record) => ridingOut(() => putToken(db, record, null)),
    rememberNonce: (keyId, nonce, expiresAt, now) => gathered.rememberNonce({ keyId, nonce, expiresAt, now }),
    insertKey: (key) => ridingOut((repeated) => insertKey(db, key, box, repeated)),
    getKey: (id) => gathered.key(id),
    listKeys: () => ridingOut(() => listKeys(db)),
    revokeKey: (id) => ridingOut(() => revokeKey(db, id)),
    insertSession: (session) => ridingOut(() => insertSession(db, session)),
    getSession: (id) => gathered.session(id),
    deleteSession: (id) => ridingOut(() => deleteSession(db, id)),
    insertAuditEntry: (entry) => insertAuditEntry(db, entry),
    listAudit: (account, limit, before) => ridingOut(() => listAudit(db, account, limit, before)),
  };
}

type Lease = Pick<
  Store,
  'renewLease' | 'takeExpiredLeases' | 'dropLease' | 'dropOtherLeases' | 'liveExecutors' | 'forgetExpired' | 'forgetOver' | 'ping'
>;

function leaseMethods(db: Db): Lease {
  return {
    renewLease: (executorId, leaseMs) => ridingOut(() => renewLease(db, executorId, leaseMs)),
    takeExpiredLeases: () => ridingOut(() => takeExpiredLeases(db)),
    dropLease: (executorId) => ridingOut(() => dropLease(db, executorId)),
    dropOtherLeases: (executorId) => ridingOut(() => dropOtherLeases(db, executorId)),
    liveExecutors: () => ridingOut(() => liveExecutors(db)),
    forgetExpired: (now, plansMadeBefore) => ridingOut(() => forgetExpired(db, now, plansMadeBefore)),
    forgetOver: (retention, now) => ridingOut(() => forgetOver(db, retention, now)),
    // Whoever asks whether we are ready wants to know now.
    ping: () => ping(db),
  };
}
