import type { Caller, Cluster, ClusterSpec, NodegroupChanged, NodegroupRules, NodegroupSpec, Release } from '../domain/index.ts';
import { awaitedSays } from './awaited.ts';
import type { NodegroupEnd, NodegroupView } from './control.ts';
import { lackingFor } from './lacking.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { ownCluster } from './views.ts';

/**
 * Changes the description by the engine's rules; what it asks for is done by the upkeep behind. `nodesAt`: the release of
 * nodes that are new with it, null for the cluster's own; absent: none is.
 */
export async function changeNodegroups(
  parts: ControlParts,
  caller: Caller,
  clusterId: string,
  change: (rules: NodegroupRules, spec: ClusterSpec) => NodegroupChanged,
  nodesAt?: Release | null,
): Promise<NodegroupEnd> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return { kind: 'not-found' };
  const awaited = awaitedSays(cluster);
  if (awaited !== null) return { kind: 'refused', because: [awaited] };
  // Nothing here starts nodes of somebody else's: such a group would wait for them for ever.
  if (cluster.origin === 'registered')
    return { kind: 'refused', because: ['The cluster was registered: its node groups are its owner’s.'] };
  const rules = engineOf(parts, cluster).engine.nodegroups;
  if (rules === undefined) return { kind: 'refused', because: [`A cluster of ${cluster.engine} has no node groups.`] };
  // The places of an upgrade in hand must not change under it.
  if ((await parts.store.unfinishedUpgrade(cluster.id)) !== undefined) return { kind: 'upgrade-unfinished' };
  const lacking = nodesAt === undefined ? [] : await lackingForNodes(parts, cluster, change(rules, cluster.spec), nodesAt);
  if (lacking.length > 0) return { kind: 'refused', because: lacking };
  let ended: NodegroupChanged = { kind: 'no-such-group' };
  const written = await parts.store.changeSpec(
    cluster.id,
    (spec) => {
      ended = change(rules, spec);
      return ended.kind === 'changed' ? ended.spec : null;
    },
    parts.io.now(),
  );
  if (written === undefined) return { kind: 'not-found' };
  return asEnd(ended, written);
}

/** A group whose nodes could never be started is not made. */
async function lackingForNodes(
  parts: ControlParts,
  cluster: Cluster,
  changed: NodegroupChanged,
  release: Release | null,
): Promise<readonly string[]> {
  if (changed.kind !== 'changed') return [];
  const { engine } = engineOf(parts, cluster);
  const before = new Set(engine.members(cluster).map(({ name }) => name));
  const after = { ...cluster, spec: changed.spec };
  const added = engine.members(after).filter(({ name }) => !before.has(name));
  return lackingFor(parts, after, added, release ?? changed.spec.release);
}

function asEnd(ended: NodegroupChanged, cluster: Extract<NodegroupEnd, { kind: 'changed' }>['cluster']): NodegroupEnd {
  return ended.kind === 'changed' ? { kind: 'changed', cluster } : ended;
}

export async function nodegroupViews(
  parts: ControlParts,
  caller: Caller,
  clusterId: string,
): Promise<readonly NodegroupView[] | undefined> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return undefined;
  const { engine, catalog } = engineOf(parts, cluster);
  const groups = cluster.spec.kind === 'kubernetes' ? cluster.spec.nodegroups : [];
  const rules = engine.nodegroups;
  if (groups.length === 0 || rules === undefined) return [];
  const observation = await engine.observe(cluster, catalog, parts.io, 'turn');
  const now = Date.parse(parts.io.now());
  return groups.map((group) => {
    const { ready, wanted } = rules.count(cluster, observation, group.name);
    return { name: group.name, group, ready: ready ?? 0, status: statusOf(group, (ready ?? wanted) >= wanted, now) };
  });
}

/** A group that was changed has been complete before: what it lacks now was lost. */
function statusOf(group: NodegroupSpec, isComplete: boolean, now: number): NodegroupView['status'] {
  if (group.deleting) return 'deleting';
  if (isComplete) return 'active';
  const isYoung = now - Date.parse(group.createdAt) < limits.provisionTimeoutMs && group.modifiedAt === group.createdAt;
  return isYoung ? 'creating' : 'degraded';
}
