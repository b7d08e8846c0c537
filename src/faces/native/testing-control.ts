/** The use cases in memory, as this face calls them. */
import {
  actionsOfStarted,
  type ClusterView,
  type Control,
  type NewCluster,
  type StartRequest,
  type StartResult,
} from '../../control/index.ts';
import {
  type Caller,
  type Cluster,
  edgesFrom,
  findRoute,
  isUnfinished,
  obstaclesOf,
  type Plan,
  type Release,
  type Upgrade,
  wishOn,
} from '../../domain/index.ts';
import type { State } from './testing.ts';
import { catalog, sampleObservation, samplePlan, sampleUpgrade, uuidOf } from './testing-samples.ts';

export function fakeControl(state: State): Control {
  return { ...clusterCases(state), ...planCases(state), ...upgradeCases(state), ...keyCases(state) };
}

async function notFaked(): Promise<never> {
  throw new Error('this face does not call it');
}

type Cases<K extends keyof Control> = Pick<Control, K>;

function own(state: State, caller: Caller, id: string): Cluster | undefined {
  const cluster = state.clusters.get(id);
  return cluster?.account === caller.account ? cluster : undefined;
}

function ownUpgrade(state: State, caller: Caller, id: string): Upgrade | undefined {
  const upgrade = state.upgrades.find((one) => one.id === id);
  return upgrade !== undefined && own(state, caller, upgrade.clusterId) !== undefined ? upgrade : undefined;
}

function unfinishedOf(state: State, id: string): Upgrade | undefined {
  return state.upgrades.find((upgrade) => upgrade.clusterId === id && isUnfinished(upgrade.status));
}

function viewOf(state: State, cluster: Cluster): ClusterView {
  const upgrade = unfinishedOf(state, cluster.id) ?? null;
  const { state: provisioning } = cluster.provisioning;
  const status = upgrade === null ? 'active' : upgrade.status === 'running' ? 'upgrading' : upgrade.status;
  return {
    cluster,
    upgrade,
    release: cluster.spec.release,
    status: provisioning === 'ready' ? (status as ClusterView['status']) : provisioning,
  };
}

function add(state: State, caller: Caller, request: NewCluster, origin: Cluster['origin']): Cluster | null {
  if ([...state.clusters.values()].some((other) => other.account === caller.account && other.name === request.name)) return null;
  const cluster: Cluster = {
    ...request,
    id: request.id ?? `es-cn-new${state.clusters.size}`,
    engine: request.spec.kind,
    origin,
    account: caller.account,
    createdAt: state.now(),
    updatedAt: state.now(),
    provisioning: { state: origin === 'created' ? 'creating' : 'ready' },
    deleteAfter: null,
  };
  state.clusters.set(cluster.id, cluster);
  return cluster;
}

function clusterCases(
  state: State,
): Cases<
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
  | 'clusterViews'
  | 'trials'
  | 'engineCall'
  | 'clusterByName'
  | 'clusterViewByName'
  | 'changeSpec'
  | 'putFaceRecord'
  | 'getFaceRecord'
  | 'listFaceRecords'
  | 'addNodegroup'
  | 'changeNodegroup'
  | 'removeNodegroup'
  | 'nodegroupViews'
  | 'catalogOf'
> {
  const change = (cluster: Cluster | undefined, to: Partial<Cluster>) => {
    if (cluster === undefined) return undefined;
    state.clusters.set(cluster.id, { ...cluster, ...to });
    return state.clusters.get(cluster.id);
  };
  return {
    registerCluster: async (caller, request) => {
      const cluster = add(state, caller, request, 'registered');
      return cluster === null ? { kind: 'name-taken' } : { kind: 'registered', cluster, remarks: ['A remark of control.'] };
    },
    createCluster: async (caller, request) => {
      const cluster = add(state, caller, request, 'created');
      return cluster === null ? { kind: 'name-taken' } : { kind: 'creating', cluster };
    },
    openRegistration: notFaked,
    clusterByName: notFaked,
    clusterViewByName: notFaked,
    changeSpec: async (caller, id, to) => {
      const cluster = own(state, caller, id);
      return change(cluster, cluster === undefined ? {} : { spec: to(cluster.spec) ?? cluster.spec });
    },
    putFaceRecord: notFaked,
    getFaceRecord: notFaked,
    listFaceRecords: notFaked,
    addNodegroup: notFaked,
    changeNodegroup: notFaked,
    removeNodegroup: notFaked,
    nodegroupViews: notFaked,
    catalogOf: (engine) => (engine === 'elasticsearch' ? catalog : undefined),
    getCluster: async (caller, id) => own(state, caller, id),
    listClusters: async (caller) => [...state.clusters.values()].filter((cluster) => own(state, caller, cluster.id)),
    changeCluster: async (caller, id, to) => change(own(state, caller, id), to),
    tagTroubles: async (_caller, _id, tags) =>
      tags['clusterlift:fail'] === 'nothing-known' ? ['Nobody knows that failure.'] : [],
    removeCluster: async (caller, id, graceMs) => {
      const cluster = own(state, caller, id);
      if (cluster === undefined) return 'not-found';
      if (unfinishedOf(state, id)?.status === 'running') return 'upgrade-unfinished';
      const deleteAfter = new Date(Date.parse(state.now()) + graceMs).toISOString();
      if (cluster.origin === 'created' && graceMs > 0) change(cluster, { deleteAfter });
      else state.clusters.delete(id);
      return 'removed';
    },
    cancelRemoval: async (caller, id) => {
      const cluster = own(state, caller, id);
      if (cluster === undefined) return 'not-found';
      if (cluster.deleteAfter === null) return 'not-being-removed';
      change(cluster, { deleteAfter: null });
      return 'cancelled';
    },
    observeCluster: async (caller, id) => (own(state, caller, id) === undefined ? undefined : sampleObservation()),
    clusterView: async (caller, id) => {
      const cluster = own(state, caller, id);
      return cluster === undefined ? undefined : viewOf(state, cluster);
    },
    clusterViews: async (caller) =>
      [...state.clusters.values()].filter((one) => own(state, caller, one.id)).map((one) => viewOf(state, one)),
    trials: async (caller, id) => (own(state, caller, id) === undefined ? [] : state.trials),
    engineCall: async (caller, id, call) => {
      if (own(state, caller, id) === undefined) return { kind: 'not-found' };
      return state.engineAnswer(call);
    },
  };
}

function planCases(state: State): Cases<'routeTo' | 'edgesFrom' | 'planUpgrade' | 'getPlan'> {
  return {
    routeTo: (_, from, to) => findRoute(catalog, from, to),
    edgesFrom: (_, from) => edgesFrom(catalog, from.version),
    planUpgrade: async (caller, id, to) => {
      const made = makePlan(state, caller, id, to);
      if (made.kind === 'planned') state.plans.set(made.plan.id, made.plan);
      return made;
    },
    getPlan: async (caller, id) => {
      const plan = state.plans.get(id);
      return plan !== undefined && own(state, caller, plan.clusterId) !== undefined ? plan : undefined;
    },
  };
}

function makePlan(state: State, caller: Caller, id: string, to: Release) {
  const cluster = own(state, caller, id);
  if (cluster === undefined) return { kind: 'not-found' } as const;
  const upgrade = unfinishedOf(state, id);
  if (upgrade !== undefined) return { kind: 'upgrade-unfinished', upgrade } as const;
  const from = cluster.spec.release;
  const route = findRoute(catalog, from, to);
  if (route.kind !== 'route') return { kind: 'no-route', from, route } as const;
  const hops = route.hops.map((hop) => ({ hop, waves: [['n2'], ['n1']], estimateSeconds: 60, oneWayDoors: hop.oneWayDoors }));
  const { findings, reports } = state;
  const made = { id: uuidOf(state.plans.size + 10), clusterId: id, from, to, hops, findings, madeBy: caller.keyId };
  const plan: Plan = samplePlan({ ...made, ...(reports.length === 0 ? {} : { reports }) });
  return { kind: 'planned', plan } as const;
}

function start(state: State, caller: Caller, request: StartRequest): StartResult {
  const { what, clusterId, token } = request;
  const made = makePlan(
    state,
    caller,
    clusterId,
    'to' in what ? what.to : (state.plans.get(what.planId)?.to ?? { version: '', build: null }),
  );
  if (made.kind !== 'planned') return made;
  const plan = 'planId' in what ? { ...made.plan, id: what.planId } : made.plan;
  const obstacles = obstaclesOf(plan, request.acknowledge);
  if (obstacles.hazards.length + obstacles.policy.length + obstacles.couldNotRun.length > 0)
    return { kind: 'obstacles', plan, obstacles };
  const upgrade = sampleUpgrade({
    id: uuidOf(state.upgrades.length + 101),
    clusterId,
    planId: plan.id,
    from: plan.from,
    to: plan.to,
    reason: null,
    acknowledged: request.acknowledge,
    startedBy: caller.keyId,
  });
  const key = `${token?.scope} ${token?.token}`;
  if (token !== null && state.tokens.has(key)) return { kind: 'token-taken' };
  if (token !== null) state.tokens.set(key, { ...token, answer: JSON.parse(JSON.stringify(request.answer(upgrade))) });
  state.plans.set(plan.id, plan);
  state.upgrades.push(upgrade);
  return { kind: 'started', upgrade, plan };
}

function upgradeCases(
  state: State,
): Cases<
  | 'startUpgrade'
  | 'getUpgrade'
  | 'listUpgrades'
  | 'listEvents'
  | 'onUpgradeChanged'
  | 'onClusterChanged'
  | 'wish'
  | 'upgradeActions'
  | 'planWayBack'
> {
  return {
    startUpgrade: async (caller, request) => start(state, caller, request),
    getUpgrade: async (caller, id) => ownUpgrade(state, caller, id),
    listUpgrades: async (caller, filter) => {
      const rows = state.upgrades.filter((one) => ownUpgrade(state, caller, one.id)).reverse();
      const from = filter.before === undefined ? 0 : rows.findIndex((one) => one.id === filter.before) + 1;
      return rows
        .slice(from)
        .filter((one) => filter.clusterId === undefined || one.clusterId === filter.clusterId)
        .filter((one) => filter.unfinished === undefined || isUnfinished(one.status) === filter.unfinished)
        .slice(0, filter.limit);
    },
    listEvents: async (caller, id, after, limit) =>
      ownUpgrade(state, caller, id) === undefined
        ? []
        : state.events.filter((event) => event.upgradeId === id && event.seq > after).slice(0, limit),
    upgradeActions: async (caller, upgrades) =>
      upgrades.map((upgrade) => (ownUpgrade(state, caller, upgrade.id) === undefined ? [] : actionsOfStarted(upgrade))),
    planWayBack: async (caller, id) => {
      const upgrade = ownUpgrade(state, caller, id);
      if (upgrade === undefined) return { kind: 'not-found' };
      if (isUnfinished(upgrade.status)) return { kind: 'not-now', upgrade, says: 'The upgrade has not ended.' };
      const plan = samplePlan({ id: uuidOf(state.plans.size + 50), from: upgrade.to, to: upgrade.from });
      state.plans.set(plan.id, plan);
      return { kind: 'planned', plan };
    },
    onClusterChanged: ({ account }, listener) => {
      const own = (clusterId: string) => {
        if (clusterId === 'missed' || state.clusters.get(clusterId)?.account === account) listener(clusterId);
      };
      state.clusterListeners.add(own);
      return () => state.clusterListeners.delete(own);
    },
    onUpgradeChanged: (listener) => {
      state.listeners.add(listener);
      return () => state.listeners.delete(listener);
    },
    wish: async (caller, id, wanted) => {
      const upgrade = ownUpgrade(state, caller, id);
      if (upgrade === undefined) return { kind: 'not-found' };
      const result = wishOn(upgrade.status, upgrade.intent, wanted);
      if (result.kind !== 'accepted') return { ...result, upgrade };
      state.change(id, { intent: result.intent, ...(result.nextGeneration ? { status: 'running' } : {}) });
      return { kind: 'accepted', upgrade: ownUpgrade(state, caller, id) ?? upgrade };
    },
  };
}

function keyCases(state: State): Cases<'createKey' | 'listKeys' | 'revokeKey' | 'listAudit' | 'getToken' | 'putToken'> {
  return {
    createKey: async (caller, description, policy) => {
      const key = { id: `LTAInew${state.keys.length}`, secret: 'shown once', description, status: 'active' } as const;
      const made = { ...key, account: caller.account, policy: policy ?? caller.policy, createdAt: state.now() };
      state.keys.push(made);
      return made;
    },
    // Careless on purpose: the secret is there, and must not get through.
    listKeys: async (caller) => state.keys.filter((key) => key.account === caller.account),
    revokeKey: async (caller, id) => {
      const index = state.keys.findIndex((key) => key.id === id && key.account === caller.account);
      const key = state.keys[index];
      if (key === undefined) return 'not-found';
      if (key.status === 'active' && state.keys.filter((one) => one.status === 'active').length === 1) return 'last-active-key';
      state.keys[index] = { ...key, status: 'revoked' };
      return 'revoked';
    },
    listAudit: async ({ account }, limit, before) =>
      state.audit
        .filter((entry) => entry.account === account && (before === null || entry.seq < before))
        .toReversed()
        .slice(0, limit),
    getToken: async (scope, token) => state.tokens.get(`${scope} ${token}`),
    putToken: async (record) => {
      state.tokens.set(`${record.scope} ${record.token}`, record);
      return 'stored';
    },
  };
}
