/** The use cases in memory, as far as this face calls them. */
import type { ClusterView, StartRequest, StartResult } from '../../control/index.ts';
import {
  type Caller,
  type Cluster,
  findRoute,
  isUnfinished,
  type OwnersWish,
  obstaclesOf,
  type Plan,
  type Release,
  type Upgrade,
  wishOn,
} from '../../domain/index.ts';
import type { FaceControl } from './call.ts';
import type { FakeWorld } from './testing.ts';
import { sampleAuthority, sampleCatalog, samplePlan, sampleUpgrade } from './testing-samples.ts';

export type FakeState = Omit<FakeWorld, 'control'>;

export function fakeControl(state: FakeState): FaceControl {
  const own = (caller: Caller, id: string) => {
    const cluster = state.clusters.get(id);
    return cluster?.account === caller.account ? cluster : undefined;
  };
  return { ...clusterCases(state, own), ...recordCases(state, own), ...upgradeCases(state, own) };
}

type Own = (caller: Caller, id: string) => Cluster | undefined;
type Cases = keyof FaceControl;

function clusterCases(state: FakeState, own: Own) {
  const change = (cluster: Cluster | undefined, to: Partial<Cluster>) => {
    if (cluster !== undefined) state.clusters.set(cluster.id, { ...cluster, ...to });
    return cluster === undefined ? undefined : state.clusters.get(cluster.id);
  };
  const ofAccount = (caller: Caller) => [...state.clusters.values()].filter((cluster) => cluster.account === caller.account);
  return {
    createCluster: async (caller, request) => {
      if (state.refusesToMake.length > 0) return { kind: 'refused', because: state.refusesToMake };
      if (ofAccount(caller).some((cluster) => cluster.name === request.name)) return { kind: 'name-taken' };
      const id = `k8s-${request.name}`;
      const cluster: Cluster = {
        ...request,
        id,
        engine: 'kubernetes',
        origin: 'created',
        account: caller.account,
        secrets: { 'ca.crt': sampleAuthority },
        createdAt: state.now(),
        updatedAt: state.now(),
        provisioning: { state: 'creating' },
        deleteAfter: null,
      };
      state.clusters.set(id, cluster);
      return { kind: 'creating', cluster };
    },
    clusterByName: async (caller, engine, region, name) =>
      ofAccount(caller).find((one) => one.name === name && one.engine === engine && one.region === region),
    clusterView: async (caller, id) => viewOf(state, own(caller, id)),
    clusterViewByName: async (caller, engine, region, name) =>
      viewOf(
        state,
        ofAccount(caller).find((one) => one.name === name && one.engine === engine && one.region === region),
      ),
    clusterViews: async (caller) => ofAccount(caller).flatMap((cluster) => viewOf(state, cluster) ?? []),
    changeCluster: async (caller, id, to) => change(own(caller, id), to),
    tagTroubles: async (_caller, _id, tags) =>
      tags['clusterlift:fail'] === 'nothing-known' ? ['Nobody knows that failure.'] : [],
    changeSpec: async (caller, id, to) => {
      const cluster = own(caller, id);
      const spec = cluster === undefined ? null : to(cluster.spec);
      return spec === null ? cluster : change(cluster, { spec });
    },
    // testing-nodegroups.ts has registrations, and node groups that come and go.
    openRegistration: async () => ({ kind: 'name-taken' }),
    addNodegroup: async () => ({ kind: 'not-found' }),
    removeNodegroup: async () => ({ kind: 'not-found' }),
    nodegroupViews: async () => [],
    changeNodegroup: async (caller, id, name, to) => {
      const cluster = own(caller, id);
      if (cluster?.spec.kind !== 'kubernetes') return { kind: 'not-found' };
      const nodegroups = cluster.spec.nodegroups.map((group) => (group.name === name ? { ...group, ...to } : group));
      const changed = change(cluster, { spec: { ...cluster.spec, nodegroups } });
      return changed === undefined ? { kind: 'not-found' } : { kind: 'changed', cluster: changed };
    },
    removeCluster: async (caller, id) => {
      const cluster = own(caller, id);
      if (cluster === undefined) return 'not-found';
      if (unfinishedOf(state, id)?.status === 'running') return 'upgrade-unfinished';
      if (cluster.origin === 'registered') state.clusters.delete(id);
      else change(cluster, { provisioning: { state: 'deleting' } });
      return 'removed';
    },
  } satisfies Partial<Pick<FaceControl, Cases>>;
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

function recordCases(state: FakeState, own: Own) {
  const keyOf = (...parts: readonly string[]) => parts.join(' ');
  return {
    putFaceRecord: async (caller, record) => {
      if (own(caller, record.clusterId) === undefined) return 'not-found';
      const key = keyOf(record.clusterId, record.face, record.kind, record.id);
      state.records.set(key, { ...record, createdAt: state.records.get(key)?.createdAt ?? state.now() });
      return 'stored';
    },
    getFaceRecord: async (_caller, clusterId, face, kind, id) => state.records.get(keyOf(clusterId, face, kind, id)),
    listFaceRecords: async (_caller, clusterId, face, kind) =>
      [...state.records.values()]
        .filter((record) => record.clusterId === clusterId && record.face === face && record.kind === kind)
        .toReversed(),
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
  } satisfies Partial<Pick<FaceControl, Cases>>;
}

function upgradeCases(state: FakeState, own: Own) {
  return {
    routeTo: (_cluster, from, to) => findRoute(sampleCatalog, from, to),
    planUpgrade: async (caller, id, to, nodegroup) => {
      const cluster = own(caller, id);
      if (cluster === undefined) return { kind: 'not-found' };
      const unfinished = unfinishedOf(state, id);
      if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
      const made = await plan(state, cluster, to, nodegroup);
      if (made.kind === 'planned') state.plans.set(made.plan.id, made.plan);
      return made;
    },
    getPlan: async (_caller, id) => state.plans.get(id),
    startUpgrade: async (caller, request) => {
      state.starts.push(request);
      const cluster = own(caller, request.clusterId);
      return cluster === undefined ? { kind: 'not-found' } : start(state, cluster, request);
    },
    getUpgrade: async (_caller, id) => state.upgrades.find((upgrade) => upgrade.id === id),
    listUpgrades: async (_caller, filter) =>
      state.upgrades
        .filter((upgrade) => upgrade.clusterId === filter.clusterId)
        .toReversed()
        .slice(0, filter.limit),
    wish: async (_caller, id, wanted) => wish(state, id, wanted),
  } satisfies Partial<Pick<FaceControl, Cases>>;
}

async function plan(state: FakeState, cluster: Cluster, to: Release, nodegroup?: string) {
  await state.lookEnds;
  if (state.unreachable !== null) return { kind: 'unreachable', because: state.unreachable } as const;
  const from = cluster.spec.release;
  const route = findRoute(sampleCatalog, from, to);
  if (route.kind !== 'route') return { kind: 'no-route', from, route } as const;
  const hops = route.hops.map((hop) => ({
    hop: nodegroup === undefined ? hop : { ...hop, nodegroup },
    waves: [],
    estimateSeconds: 60,
    oneWayDoors: [],
  }));
  const target = route.hops.at(-1)?.to ?? to;
  const { findings, reports } = state;
  const parts = { id: crypto.randomUUID(), clusterId: cluster.id, from, to: target, hops, findings, reports };
  return { kind: 'planned', plan: samplePlan({ ...parts, madeAt: state.now() }) } as const;
}

async function start(state: FakeState, cluster: Cluster, request: StartRequest): Promise<StartResult> {
  const unfinished = unfinishedOf(state, cluster.id);
  if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
  if (!('to' in request.what)) return { kind: 'plan-not-found' };
  const made = await plan(state, cluster, request.what.to, request.what.nodegroup);
  if (made.kind !== 'planned') return made;
  const held = holds(made.plan, request);
  if (held !== null) return held;
  const other = unfinishedOf(state, cluster.id);
  if (other !== undefined) return { kind: 'upgrade-unfinished', upgrade: other };
  const { id: planId, clusterId, from, to } = made.plan;
  const upgrade = sampleUpgrade({ id: crypto.randomUUID(), clusterId, planId, from, to, createdAt: state.now() });
  const { token } = request;
  if (token !== null) {
    if (state.tokens.has(`${token.scope} ${token.token}`)) return { kind: 'token-taken' };
    state.tokens.set(`${token.scope} ${token.token}`, { ...token, answer: request.answer(upgrade) });
  }
  state.plans.set(planId, made.plan);
  state.upgrades.push(upgrade);
  return { kind: 'started', upgrade, plan: made.plan };
}

function holds(made: Plan, { policy, acknowledge }: StartRequest): StartResult | null {
  const next = sampleCatalog.edges.filter((edge) => edge.from === made.from.version).map((edge) => edge.to);
  if (made.hops.length > policy.maxHops) return { kind: 'too-far', from: made.from, next };
  const obstacles = obstaclesOf(made, acknowledge);
  const soft = policy.policyFindings === 'hold' ? obstacles.policy.length + obstacles.couldNotRun.length : 0;
  return obstacles.hazards.length + soft > 0 ? { kind: 'obstacles', plan: made, obstacles } : null;
}

/** A wish that is accepted is stored, and fulfilled where the test says so. */
function wish(state: FakeState, id: string, wanted: OwnersWish) {
  const upgrade = state.upgrades.find((candidate) => candidate.id === id);
  if (upgrade === undefined) return { kind: 'not-found' } as const;
  const result = wishOn(upgrade.status, upgrade.intent, wanted);
  if (result.kind !== 'accepted') return { ...result, upgrade };
  state.change(id, { status: 'running', intent: result.intent });
  return { kind: 'accepted', upgrade: { ...upgrade, status: 'running', intent: result.intent } } as const;
}
