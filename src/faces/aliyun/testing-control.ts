/** The use cases in memory, as far as this face calls them. */
import type { ClusterView, Control, StartRequest, StartResult } from '../../control/index.ts';
import {
  type Caller,
  type Cluster,
  elasticsearchSpec,
  findRoute,
  isUnfinished,
  type OwnersWish,
  obstaclesOf,
  type Plan,
  type Release,
  type Upgrade,
  wishOn,
} from '../../domain/index.ts';
import type { FakeWorld } from './testing.ts';
import { sampleCatalog, samplePlan, sampleUpgrade } from './testing-samples.ts';

export type FakeState = Omit<FakeWorld, 'control'>;

export function fakeControl(state: FakeState): Control {
  const own = (caller: Caller, id: string) => {
    const cluster = state.clusters.get(id);
    return cluster?.account === caller.account ? cluster : undefined;
  };
  return {
    ...clusterCases(state, own),
    ...upgradeCases(state, own),
    registerCluster: notFaked,
    openRegistration: notFaked,
    clusterByName: notFaked,
    clusterViewByName: notFaked,
    changeSpec: notFaked,
    listAudit: notFaked,
    upgradeActions: notFaked,
    planWayBack: notFaked,
    putFaceRecord: notFaked,
    getFaceRecord: notFaked,
    listFaceRecords: notFaked,
    addNodegroup: notFaked,
    changeNodegroup: notFaked,
    removeNodegroup: notFaked,
    nodegroupViews: notFaked,
    catalogOf: () => sampleCatalog,
    trials: notFaked,
    createKey: notFaked,
    listKeys: notFaked,
    revokeKey: notFaked,
    getToken: async (scope, token) => {
      const record = state.tokens.get(`${scope} ${token}`);
      return record !== undefined && record.expiresAt > state.now() ? record : undefined;
    },
    putToken: async (record) => {
      const key = `${record.scope} ${record.token}`;
      if (state.tokens.has(key)) return 'taken';
      state.tokens.set(key, record);
      return 'stored';
    },
  } as Control;
}

async function notFaked(): Promise<never> {
  throw new Error('this face does not call it');
}

type Own = (caller: Caller, id: string) => Cluster | undefined;

function clusterCases(state: FakeState, own: Own) {
  const change = (cluster: Cluster | undefined, to: Partial<Cluster>) => {
    if (cluster !== undefined) state.clusters.set(cluster.id, { ...cluster, ...to });
    return cluster === undefined ? undefined : state.clusters.get(cluster.id);
  };
  return {
    createCluster: async (caller, request) => {
      const id = request.id ?? `es-cn-created${String(state.clusters.size).padStart(9, '0')}`;
      if ([...state.clusters.values()].some((cluster) => cluster.id === id || cluster.name === request.name))
        return { kind: 'name-taken' };
      const cluster: Cluster = {
        ...request,
        id,
        engine: 'elasticsearch',
        origin: 'created',
        account: caller.account,
        createdAt: state.now(),
        updatedAt: state.now(),
        provisioning: { state: 'creating' },
        deleteAfter: null,
      };
      state.clusters.set(id, cluster);
      return { kind: 'creating', cluster };
    },
    getCluster: async (caller, id) => own(caller, id),
    listClusters: async (caller) => [...state.clusters.values()].filter((cluster) => cluster.account === caller.account),
    changeCluster: async (caller, id, to) => change(own(caller, id), to),
    tagTroubles: async (_caller, _id, tags) =>
      tags['clusterlift:fail'] === 'nothing-known' ? ['Nobody knows that failure.'] : [],
    removeCluster: async (caller, id, graceMs) => {
      const cluster = own(caller, id);
      if (cluster === undefined) return 'not-found';
      if (unfinishedOf(state, id)?.status === 'running') return 'upgrade-unfinished';
      state.removals.push({ clusterId: id, graceMs });
      if (graceMs > 0) change(cluster, { deleteAfter: new Date(state.nowMs + graceMs).toISOString() });
      else state.clusters.delete(id);
      return 'removed';
    },
    cancelRemoval: async (caller, id) => {
      const cluster = own(caller, id);
      if (cluster === undefined) return 'not-found';
      if (cluster.deleteAfter === null) return 'not-being-removed';
      change(cluster, { deleteAfter: null });
      return 'cancelled';
    },
    observeCluster: async (caller, id) => {
      await state.lookEnds;
      if (own(caller, id) === undefined) return undefined;
      const because = state.unreachable;
      const cluster =
        because === null ? ({ kind: 'seen', seen: state.seen } as const) : ({ kind: 'unreachable', because } as const);
      return { at: state.now(), members: [], cluster, hosts: {}, unknowns: [] };
    },
    clusterView: async (caller, id) => viewOf(state, own(caller, id)),
    clusterViews: async (caller) =>
      [...state.clusters.values()]
        .filter((cluster) => cluster.account === caller.account)
        .flatMap((cluster) => viewOf(state, cluster) ?? []),
    engineCall: async (caller, id, call) => {
      if (own(caller, id) === undefined) return { kind: 'not-found' };
      state.engineCalls.push(call);
      await state.lookEnds;
      return state.engineAnswers(call);
    },
  } satisfies Partial<Control>;
}

function viewOf(state: FakeState, cluster: Cluster | undefined): ClusterView | undefined {
  if (cluster === undefined) return undefined;
  const upgrade = unfinishedOf(state, cluster.id) ?? null;
  const running = upgrade?.status === 'running' ? 'upgrading' : (upgrade?.status ?? 'active');
  const { state: provisioning } = cluster.provisioning;
  const status = provisioning === 'ready' ? (running as ClusterView['status']) : provisioning;
  return { cluster, status, release: cluster.spec.release, upgrade };
}

function unfinishedOf(state: FakeState, clusterId: string): Upgrade | undefined {
  return state.upgrades.find((upgrade) => upgrade.clusterId === clusterId && isUnfinished(upgrade.status));
}

function upgradeCases(state: FakeState, own: Own) {
  const plans = new Map<string, Plan>();
  return {
    routeTo: (_cluster, from, to) => findRoute(sampleCatalog, from, to),
    edgesFrom: (_cluster, from) => sampleCatalog.edges.filter((edge) => edge.from === from.version),
    planUpgrade: async (caller, id, to) => {
      const cluster = own(caller, id);
      if (cluster === undefined) return { kind: 'not-found' };
      const made = await plan(state, cluster, to);
      if (made.kind === 'planned') plans.set(made.plan.id, made.plan);
      return made;
    },
    getPlan: async (_caller, id) => plans.get(id),
    startUpgrade: async (caller, request) => {
      state.starts.push(request);
      const cluster = own(caller, request.clusterId);
      if (cluster === undefined) return { kind: 'not-found' };
      const result = await start(state, cluster, request);
      if (result.kind === 'started') plans.set(result.plan.id, result.plan);
      return result;
    },
    getUpgrade: async (_caller, id) => state.upgrades.find((upgrade) => upgrade.id === id),
    listUpgrades: async (_caller, filter) =>
      state.upgrades
        .filter((upgrade) => upgrade.clusterId === filter.clusterId)
        .toReversed()
        .slice(0, filter.limit),
    listEvents: async (_caller, id) => state.events.filter((event) => event.upgradeId === id),
    onUpgradeChanged: () => () => undefined,
    onClusterChanged: () => () => undefined,
    wish: async (_caller, id, wanted) => wish(state, id, wanted),
  } satisfies Partial<Control>;
}

async function plan(state: FakeState, cluster: Cluster, to: Release) {
  await state.lookEnds;
  if (state.unreachable !== null) return { kind: 'unreachable', because: state.unreachable } as const;
  const from = cluster.spec.release;
  const route = findRoute(sampleCatalog, from, to);
  if (route.kind !== 'route') return { kind: 'no-route', from, route } as const;
  const waves = elasticsearchSpec(cluster).nodes.map((node) => [node.name]);
  const hops = route.hops.map((hop) => ({ hop, waves, estimateSeconds: 60, oneWayDoors: [] }));
  const id = crypto.randomUUID();
  const { findings, reports } = state;
  const made = samplePlan({ id, clusterId: cluster.id, from, to, hops, findings, reports, madeAt: state.now() });
  return { kind: 'planned', plan: made } as const;
}

async function start(state: FakeState, cluster: Cluster, request: StartRequest): Promise<StartResult> {
  const unfinished = unfinishedOf(state, cluster.id);
  if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
  if (!('to' in request.what)) return { kind: 'plan-not-found' };
  const made = await plan(state, cluster, request.what.to);
  if (made.kind !== 'planned') return made;
  const next = sampleCatalog.edges.filter((edge) => edge.from === made.plan.from.version).map((edge) => edge.to);
  if (made.plan.hops.length > request.policy.maxHops) return { kind: 'too-far', from: made.plan.from, next };
  const obstacles = obstaclesOf(made.plan, request.acknowledge);
  if (obstacles.hazards.length > 0) return { kind: 'obstacles', plan: made.plan, obstacles };
  const other = unfinishedOf(state, cluster.id);
  if (other !== undefined) return { kind: 'upgrade-unfinished', upgrade: other };
  const { id: planId, clusterId, from, to } = made.plan;
  const upgrade = sampleUpgrade({ id: crypto.randomUUID(), clusterId, planId, from, to, createdAt: state.now() });
  const { token } = request;
  if (token !== null) {
    if (state.tokens.has(`${token.scope} ${token.token}`)) return { kind: 'token-taken' };
    state.tokens.set(`${token.scope} ${token.token}`, { ...token, answer: request.answer(upgrade) });
  }
  state.upgrades.push(upgrade);
  return { kind: 'started', upgrade, plan: made.plan };
}

/** A wish that is accepted is fulfilled at once. */
function wish(state: FakeState, id: string, wanted: OwnersWish) {
  const upgrade = state.upgrades.find((candidate) => candidate.id === id);
  if (upgrade === undefined) return { kind: 'not-found' } as const;
  const result = wishOn(upgrade.status, upgrade.intent, wanted);
  if (result.kind !== 'accepted') return { ...result, upgrade };
  const status = ({ pause: 'paused', cancel: 'cancelled', resume: 'running', continue: 'running' } as const)[wanted];
  state.change(id, { status, intent: result.intent });
  return { kind: 'accepted', upgrade: { ...upgrade, status } } as const;
}
