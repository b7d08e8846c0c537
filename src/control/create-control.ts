import { type Cluster, edgesFrom, findRoute, sayingWhatItIs } from '../domain/index.ts';
import { atMost } from './at-most.ts';
import { renewAuthenticationAddress } from './authentication-address.ts';
import { awaitedSays, forgetOverdue, openRegistration } from './awaited.ts';
import type { Control } from './control.ts';
import { createCluster, tagTroubles } from './create-cluster.ts';
import { expireGate } from './expire-gate.ts';
import { keepUp } from './keep-up.ts';
import { createKey } from './keys.ts';
import { limits } from './limits.ts';
import { changeNodegroups, nodegroupViews } from './nodegroups.ts';
import { type ControlParts, engineOf, type Loop } from './parts.ts';
import { createPatience } from './patience.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { provision } from './provision.ts';
import { registerCluster } from './register-cluster.ts';
import { cancelRemoval, erase, removeCluster } from './remove-cluster.ts';
import { startUpgrade } from './start-upgrade.ts';
import { nextReleases } from './trials.ts';
import { planWayBack, upgradeActions } from './upgrade-actions.ts';
import { clusterView, clusterViewByName, clusterViews, observeCluster, ownCluster, ownUpgrade } from './views.ts';
import { wish } from './wish.ts';

/** The use cases, and the work behind them that goes on after an answer was given. */
export interface RunningControl {
  readonly control: Control;
  /** Takes up what an earlier process left: clusters half made or half erased, trials not yet run. */
  resume(): Promise<void>;
  /** Resolves when no background work is in hand. Ask after the closing signal was given. */
  idle(): Promise<void>;
}

export function createControl(parts: ControlParts & { readonly loop: Loop }, closing: AbortSignal): RunningControl {
  const background = createBackground(parts, closing);
  return {
    control: { ...clusterCases(parts, background), ...upgradeCases(parts), ...keyCases(parts) },
    resume: createTending(parts, background),
    idle: background.idle,
  };
}

interface Background {
  provision(clusterId: string): void;
  erase(clusterId: string): void;
  keepUp(clusterId: string): void;
  tryAhead(cluster: Cluster): Promise<void>;
  idle(): Promise<void>;
}

function createBackground(parts: ControlParts, closing: AbortSignal): Background {
  const inHand = new Map<string, Promise<void>>();
  const restraint = {
    looks: atMost(limits.keepUpLooksAtOnce),
    patience: createPatience(),
    actTimeoutMs: limits.keepUpActTimeoutMs,
  };
  const triedAhead = new Map<string, { readonly updatedAt: string; readonly at: string }>();
  const run = (key: string, work: () => Promise<void>) => {
    if (inHand.has(key) || closing.aborted) return;
    const ended = work()
      .catch((error: unknown) => parts.log.error({ work: key, err: error }, 'Background work failed; it is taken up again.'))
      .finally(() => inHand.delete(key));
    inHand.set(key, ended);
  };
  return {
    provision: (clusterId) => run(`provision ${clusterId}`, () => provision(parts, clusterId, closing)),
    keepUp: (clusterId) => run(`keep up ${clusterId}`, () => keepUp(parts, clusterId, restraint)),
    // What is still being made is not erased under the hands of who makes it: that would start a member afterwards.
    erase: (clusterId) =>
      run(`erase ${clusterId}`, async () => {
        await inHand.get(`provision ${clusterId}`);
        await inHand.get(`keep up ${clusterId}`);
        await erase(parts, clusterId, closing);
      }),
    // To find out what is to be tried lays out the launch of every member: not again each time somebody comes by.
    tryAhead: async (cluster) => {
      const [before, at] = [triedAhead.get(cluster.id), parts.io.now()];
      const isRecent = before !== undefined && Date.parse(at) - Date.parse(before.at) < limits.trialAheadMs;
      if (isRecent && before.updatedAt === cluster.updatedAt) return;
      await parts.trials.of(cluster, nextReleases(parts, cluster), 'ahead');
      triedAhead.set(cluster.id, { updatedAt: cluster.updatedAt, at });
    },
    idle: async () => {
      while (inHand.size > 0) await Promise.all(inHand.values());
    },
  };
}

/**
 * Called at the start and then again and again: deletions whose grace is over and gates that expired are found here, too. What
 * comes or goes is taken up each time; of the others so many, and the next ones the next time, so that thousands of clusters
 * neither hold up a start nor are all looked at every few seconds.
 */
function createTending(parts: ControlParts & { readonly loop: Loop }, background: Background): () => Promise<void> {
  let last = '';
  return async () => {
    const moving = await parts.store.clustersInMotion();
    const others = await parts.store.clustersAfter(last, limits.clustersTendedAtOnce);
    last = others.length < limits.clustersTendedAtOnce ? '' : (others.at(-1)?.id ?? '');
    const known = new Set(moving.map(({ id }) => id));
    for (const cluster of [...moving, ...others.filter(({ id }) => !known.has(id))]) {
      // What is wrong with one cluster must keep nobody from the others, nor this server from its start.
      await resumeOne(parts, background, cluster).catch((error: unknown) =>
        parts.log.warn({ cluster: cluster.id, err: error }, 'Looking after a cluster failed; it is tried again.'),
      );
    }
  };
}

async function resumeOne(parts: ControlParts & { readonly loop: Loop }, background: Background, cluster: Cluster): Promise<void> {
  const now = parts.io.now();
  const { state } = cluster.provisioning;
  await renewAuthenticationAddress(parts, cluster);
  if (state === 'awaited') await forgetOverdue(parts, cluster);
  else if (state === 'deleting') background.erase(cluster.id);
  else if (cluster.deleteAfter !== null && cluster.deleteAfter <= now) {
    // A cancelled upgrade may still be left clean: then the next time.
    const marked = await parts.store.markForDeletion(cluster.id, { kind: 'due' }, now);
    if (marked === 'marked') background.erase(cluster.id);
  } else if (state === 'creating') background.provision(cluster.id);
  else if (state === 'ready') {
    const upgrade = await parts.store.unfinishedUpgrade(cluster.id);
    if (upgrade?.status !== 'running') background.keepUp(cluster.id);
    if (upgrade === undefined) await background.tryAhead(cluster);
    else await expireGate(parts, cluster, upgrade);
  }
}

type ClusterCases = Pick<
  Control,
  | 'registerCluster'
  | 'openRegistration'
  | 'createCluster'
  | 'getCluster'
  | 'listClusters'
  | 'changeCluster'
  | 'tagTroubles'
  | 'removeCluster'
  | 'cancelRemoval'
  | 'observeCluster'
  | 'clusterView'
  | 'clusterViewByName'
  | 'clusterViews'
  | 'engineCall'
  | 'clusterByName'
  | 'changeSpec'
  | 'putFaceRecord'
  | 'getFaceRecord'
  | 'listFaceRecords'
  | 'addNodegroup'
  | 'changeNodegroup'
  | 'removeNodegroup'
  | 'nodegroupViews'
  | 'catalogOf'
>;

function clusterCases(parts: ControlParts, background: Background): ClusterCases {
  /** One after the other: who chooses ports must see what the one before has chosen. */
  let creating: Promise<unknown> = Promise.resolve();
  return {
    registerCluster: (caller, request) => registerCluster(parts, caller, request),
    openRegistration: (caller, registration) => openRegistration(parts, caller, registration),
    createCluster: async (caller, request) => {
      const created = creating.then(() => createCluster(parts, caller, request));
      creating = created.catch(() => undefined);
      const result = await created;
      if (result.kind === 'creating') background.provision(result.cluster.id);
      return result;
    },
    ...faceCases(parts),
    ...nodegroupCases(parts),
    catalogOf: (engine) => parts.engines[engine]?.catalog,
    clusterByName: ({ account }, engine, region, name) => parts.store.clusterByName(account, engine, region, name),
    getCluster: (caller, clusterId) => ownCluster(parts, caller, clusterId),
    listClusters: (caller) => parts.store.listClusters(caller.account),
    changeCluster: async (caller, clusterId, change) => {
      const cluster = await ownCluster(parts, caller, clusterId);
      if (cluster === undefined) return undefined;
      const { tags } = change;
      const changed = tags === undefined ? change : { ...change, tags: sayingWhatItIs(cluster.tags, tags) };
      return parts.store.updateCluster(clusterId, changed, parts.io.now());
    },
    tagTroubles: async (caller, clusterId, tags) => tagTroubles(parts, await ownCluster(parts, caller, clusterId), tags),
    removeCluster: async (caller, clusterId, graceMs) => {
      const result = await removeCluster(parts, caller, clusterId, graceMs);
      if (result === 'removed' && graceMs <= 0) background.erase(clusterId);
      return result;
    },
    cancelRemoval: (caller, clusterId) => cancelRemoval(parts, caller, clusterId),
    observeCluster: (caller, clusterId) => observeCluster(parts, caller, clusterId),
    clusterView: (caller, clusterId) => clusterView(parts, caller, clusterId),
    clusterViewByName: (caller, engine, region, name) => clusterViewByName(parts, caller, engine, region, name),
    clusterViews: (caller) => clusterViews(parts, caller),
    engineCall: async (caller, clusterId, call) => {
      const cluster = await ownCluster(parts, caller, clusterId);
      if (cluster === undefined) return { kind: 'not-found' };
      const awaited = awaitedSays(cluster);
      return awaited === null
        ? engineOf(parts, cluster).engine.call(cluster, call, parts.io)
        : { kind: 'refused', because: awaited };
    },
  };
}

function faceCases(parts: ControlParts): Pick<Control, 'changeSpec' | 'putFaceRecord' | 'getFaceRecord' | 'listFaceRecords'> {
  return {
    changeSpec: async (caller, clusterId, change) => {
      if ((await ownCluster(parts, caller, clusterId)) === undefined) return undefined;
      return parts.store.changeSpec(clusterId, change, parts.io.now());
    },
    putFaceRecord: async (caller, record) => {
      if ((await ownCluster(parts, caller, record.clusterId)) === undefined) return 'not-found';
      await parts.store.putFaceRecord({ ...record, createdAt: parts.io.now() });
      return 'stored';
    },
    getFaceRecord: async (caller, clusterId, face, kind, id) => {
      if ((await ownCluster(parts, caller, clusterId)) === undefined) return undefined;
      return parts.store.getFaceRecord(clusterId, face, kind, id);
    },
    listFaceRecords: async (caller, clusterId, face, kind) => {
      if ((await ownCluster(parts, caller, clusterId)) === undefined) return [];
      return parts.store.listFaceRecords(clusterId, face, kind);
    },
  };
}

function nodegroupCases(
  parts: ControlParts,
): Pick<Control, 'nodegroupViews' | 'addNodegroup' | 'changeNodegroup' | 'removeNodegroup'> {
  return {
    nodegroupViews: (caller, clusterId) => nodegroupViews(parts, caller, clusterId),
    addNodegroup: (caller, clusterId, request) =>
      changeNodegroups(parts, caller, clusterId, (rules, spec) => rules.add(spec, request, parts.io.now()), request.release),
    changeNodegroup: (caller, clusterId, name, change) =>
      changeNodegroups(parts, caller, clusterId, (rules, spec) => rules.change(spec, name, change, parts.io.now())),
    removeNodegroup: (caller, clusterId, name) =>
      changeNodegroups(parts, caller, clusterId, (rules, spec) => rules.remove(spec, name, parts.io.now())),
  };
}

type UpgradeCases = Pick<
  Control,
  | 'routeTo'
  | 'edgesFrom'
  | 'planUpgrade'
  | 'getPlan'
  | 'trials'
  | 'startUpgrade'
  | 'getUpgrade'
  | 'listUpgrades'
  | 'listEvents'
  | 'onUpgradeChanged'
  | 'onClusterChanged'
  | 'wish'
  | 'upgradeActions'
  | 'planWayBack'
>;

function upgradeCases(parts: ControlParts & { readonly loop: Loop }): UpgradeCases {
  return {
    routeTo: (cluster, from, to) => findRoute(engineOf(parts, cluster).catalog, from, to),
    edgesFrom: (cluster, from) => edgesFrom(engineOf(parts, cluster).catalog, from.version),
    planUpgrade: (caller, clusterId, to, nodegroup) => planUpgrade(parts, caller, clusterId, to, nodegroup),
    getPlan: async (caller, planId) => {
      const plan = await parts.store.getPlan(planId);
      return plan !== undefined && (await ownCluster(parts, caller, plan.clusterId)) !== undefined ? plan : undefined;
    },
    trials: async (caller, clusterId) => {
      const cluster = await ownCluster(parts, caller, clusterId);
      return cluster === undefined ? [] : parts.trials.of(cluster, nextReleases(parts, cluster), 'ahead');
    },
    startUpgrade: (caller, request) => startUpgrade(parts, caller, request),
    getUpgrade: (caller, upgradeId) => ownUpgrade(parts, caller, upgradeId),
    listUpgrades: (caller, filter) => parts.store.listUpgrades({ ...filter, account: caller.account }),
    listEvents: async (caller, upgradeId, afterSeq, limit) => {
      if ((await ownUpgrade(parts, caller, upgradeId)) === undefined) return [];
      return parts.store.listEvents(upgradeId, afterSeq, limit);
    },
    onUpgradeChanged: (listener) => parts.store.onUpgradeChanged(listener),
    onClusterChanged: ({ account }, listener) =>
      parts.store.onClusterChanged((notice) => {
        if (notice === 'missed') listener(notice);
        else if (notice.account === account) listener(notice.id);
      }),
    wish: (caller, upgradeId, wanted) => wish(parts, caller, upgradeId, wanted),
    upgradeActions: (caller, upgrades) => upgradeActions(parts, caller, upgrades),
    planWayBack: (caller, upgradeId) => planWayBack(parts, caller, upgradeId),
  };
}

type KeyCases = Pick<Control, 'createKey' | 'listKeys' | 'revokeKey' | 'listAudit' | 'getToken' | 'putToken'>;

function keyCases(parts: ControlParts): KeyCases {
  return {
    createKey: (caller, description, policy) => createKey(parts, caller, description, policy),
    listKeys: async (caller) => (await parts.store.listKeys()).filter((key) => key.account === caller.account),
    revokeKey: async (caller, keyId) => {
      const key = await parts.store.getKey(keyId);
      return key?.account === caller.account ? parts.store.revokeKey(keyId) : 'not-found';
    },
    listAudit: ({ account }, limit, before) => parts.store.listAudit(account, limit, before),
    getToken: (scope, token) => parts.store.getToken(scope, token, parts.io.now()),
    putToken: (record) => parts.store.putToken(record),
  };
}
