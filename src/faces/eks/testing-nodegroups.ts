/** Node groups and registrations in memory, beside the other use cases that this face calls. */
import type { NodegroupEnd, NodegroupView, StartRequest, StartResult } from '../../control/index.ts';
import type { Caller, Cluster, KubernetesMemberSpec, NodegroupSpec } from '../../domain/index.ts';
import { isUnfinished, obstaclesOf } from '../../domain/index.ts';
import type { FaceControl } from './call.ts';
import type { FakeWorld } from './testing.ts';
import { samplePlan, sampleSpec, sampleUpgrade } from './testing-samples.ts';
import { desiredSize } from './translate/nodegroup.ts';

export interface NodegroupWorld extends FakeWorld {
  /** Nodes that are ready, by group; a group that is not here has all of its nodes. */
  readonly ready: Map<string, number>;
  /** Groups that have not had all of their nodes yet. */
  readonly forming: Set<string>;
  /** Why no change is made to any. */
  refusesNodegroups: readonly string[];
  /** All nodes of a group are up for the first time. */
  form(group: string): void;
  /** Ends an upgrade of a group well. */
  finishNodegroup(upgradeId: string): void;
}

export function withNodegroups(world: FakeWorld): NodegroupWorld {
  const state: NodegroupWorld = Object.assign(world, {
    ready: new Map<string, number>(),
    forming: new Set<string>(),
    refusesNodegroups: [],
    form: (group: string) => {
      state.forming.delete(group);
      state.ready.delete(group);
    },
    finishNodegroup: (upgradeId: string) => finishNodegroup(state, upgradeId),
  });
  Object.assign(world.control, nodegroupCases(state), registrationCases(state));
  return state;
}

function finishNodegroup(state: NodegroupWorld, upgradeId: string): void {
  const upgrade = state.upgrades.find(({ id }) => id === upgradeId);
  const cluster = state.clusters.get(upgrade?.clusterId ?? '');
  if (upgrade === undefined || cluster?.spec.kind !== 'kubernetes') return;
  const name = state.plans.get(upgrade.planId)?.hops[0]?.hop.nodegroup;
  const nodegroups = cluster.spec.nodegroups.map((group) => (group.name === name ? { ...group, release: upgrade.to } : group));
  state.change(upgradeId, { status: 'done', endedAt: state.now() });
  state.changeCluster(cluster.id, { spec: { ...cluster.spec, nodegroups } });
}

function own(state: FakeWorld, caller: Caller, id: string): Cluster | undefined {
  const cluster = state.clusters.get(id);
  return cluster?.account === caller.account ? cluster : undefined;
}

type Change = (groups: readonly NodegroupSpec[]) => readonly NodegroupSpec[] | 'exists' | 'no-such-group';

function nodegroupCases(
  state: NodegroupWorld,
): Pick<FaceControl, 'addNodegroup' | 'changeNodegroup' | 'removeNodegroup' | 'nodegroupViews' | 'startUpgrade'> {
  const { startUpgrade } = state.control;
  const changeGroups = async (caller: Caller, id: string, change: Change): Promise<NodegroupEnd> => {
    const cluster = own(state, caller, id);
    if (cluster?.spec.kind !== 'kubernetes') return { kind: 'not-found' };
    if (state.upgrades.some((upgrade) => upgrade.clusterId === id && isUnfinished(upgrade.status)))
      return { kind: 'upgrade-unfinished' };
    if (state.refusesNodegroups.length > 0) return { kind: 'refused', because: state.refusesNodegroups };
    const nodegroups = change(cluster.spec.nodegroups);
    if (typeof nodegroups === 'string') return { kind: nodegroups };
    const changed = { ...cluster, spec: { ...cluster.spec, nodegroups } };
    state.clusters.set(id, changed);
    return { kind: 'changed', cluster: changed };
  };
  const changed = (name: string, to: (group: NodegroupSpec) => NodegroupSpec): Change => {
    return (groups) =>
      groups.some((group) => group.name === name)
        ? groups.map((group) => (group.name === name ? { ...to(group), modifiedAt: state.now() } : group))
        : 'no-such-group';
  };
  return {
    addNodegroup: (caller, id, { size, release, ...request }) =>
      changeGroups(caller, id, (groups) => {
        if (groups.some((group) => group.name === request.name)) return 'exists';
        state.forming.add(request.name);
        state.ready.set(request.name, 0);
        return [...groups, sampleNodegroup({ ...request, ...(release === null ? {} : { release }), size, at: state.now() })];
      }),
    changeNodegroup: (caller, id, name, { size, ...change }) =>
      changeGroups(
        caller,
        id,
        changed(name, (group) => ({ ...group, ...change, ...(size === undefined ? {} : { nodes: nodesOf(name, size) }) })),
      ),
    removeNodegroup: (caller, id, name) =>
      changeGroups(
        caller,
        id,
        changed(name, (group) => ({ ...group, deleting: true })),
      ),
    nodegroupViews: async (caller, id) => {
      const cluster = own(state, caller, id);
      return cluster?.spec.kind === 'kubernetes' ? cluster.spec.nodegroups.map((group) => viewOf(state, group)) : undefined;
    },
    startUpgrade: (caller, request) => startNodegroup(state, request) ?? startUpgrade(caller, request),
  };
}

function viewOf(state: NodegroupWorld, group: NodegroupSpec): NodegroupView {
  const ready = state.ready.get(group.name) ?? desiredSize(group);
  const formed = state.forming.has(group.name) ? 'creating' : ready < desiredSize(group) ? 'degraded' : 'active';
  return { name: group.name, group, ready, status: group.deleting ? 'deleting' : formed };
}

/** Null for an upgrade of a cluster itself. */
function startNodegroup(state: NodegroupWorld, request: StartRequest): Promise<StartResult> | null {
  const { what, clusterId, token } = request;
  if (!('to' in what) || what.nodegroup === undefined) return null;
  const { nodegroup, to } = what;
  state.starts.push(request);
  const spec = state.clusters.get(clusterId)?.spec;
  const from = spec?.kind === 'kubernetes' ? spec.nodegroups.find(({ name }) => name === nodegroup)?.release : undefined;
  if (from === undefined) return Promise.resolve({ kind: 'not-found' });
  if (state.unreachable !== null) return Promise.resolve({ kind: 'unreachable', because: state.unreachable });
  const hop = { from, to, mode: 'rolling', requires: [], oneWayDoors: [], nodegroup } as const;
  const hops = [{ hop, waves: [], estimateSeconds: 60, oneWayDoors: [] }];
  const { findings, reports } = state;
  const plan = samplePlan({ id: crypto.randomUUID(), clusterId, from, to, hops, findings, reports, madeAt: state.now() });
  const obstacles = obstaclesOf(plan, request.acknowledge);
  const soft = request.policy.policyFindings === 'hold' ? obstacles.policy.length : 0;
  if (obstacles.hazards.length + soft > 0) return Promise.resolve({ kind: 'obstacles', plan, obstacles });
  const upgrade = sampleUpgrade({
    ...{ id: crypto.randomUUID(), clusterId, planId: plan.id, from, to, createdAt: state.now() },
    acknowledged: request.acknowledge,
  });
  if (token !== null) state.tokens.set(`${token.scope} ${token.token}`, { ...token, answer: request.answer(upgrade) });
  state.plans.set(plan.id, plan);
  state.upgrades.push(upgrade);
  return Promise.resolve({ kind: 'started', upgrade, plan });
}

function registrationCases(state: FakeWorld): Pick<FaceControl, 'openRegistration'> {
  return {
    openRegistration: async (caller, { name, region, tags, face, activationCode, awaitedUntil }) => {
      if ([...state.clusters.values()].some((cluster) => cluster.account === caller.account && cluster.name === name))
        return { kind: 'name-taken' };
      const cluster: Cluster = {
        ...({ id: `k8s-${name}`, engine: 'kubernetes', origin: 'registered', name, description: '', region, tags } as const),
        account: caller.account,
        spec: sampleSpec({ face, endpoint: '' }),
        secrets: { 'activation-code': activationCode },
        createdAt: state.now(),
        updatedAt: state.now(),
        provisioning: { state: 'awaited', until: awaitedUntil },
        deleteAfter: null,
      };
      state.clusters.set(cluster.id, cluster);
      return { kind: 'opened', cluster };
    },
  };
}

function nodesOf(group: string, size: number): readonly KubernetesMemberSpec[] {
  const node = (name: string, surge: boolean) =>
    ({ name: `${group}-${name}`, component: 'node', host: 'local', address: '', port: 0, surge, nodegroup: group }) as const;
  return [...Array.from({ length: size }, (_, index) => node(String(index + 1), false)), node('surge', true)];
}

export function sampleNodegroup(
  change: Partial<NodegroupSpec> & { readonly name: string; readonly size: number; readonly at: string },
): NodegroupSpec {
  const { size, at, ...rest } = change;
  return {
    release: { version: '1.36', build: 'eks.3' },
    nodes: nodesOf(change.name, size),
    minSize: 1,
    maxSize: 4,
    maxUnavailable: 1,
    labels: {},
    taints: [],
    createdAt: at,
    modifiedAt: at,
    deleting: false,
    tags: {},
    face: { id: '00000000-0000-4000-8000-000000000001', subnets: ['subnet-a'], nodeRole: 'arn:aws:iam::123456789012:role/node' },
    ...rest,
  };
}
