import { compareVersions } from '../../../domain/index.ts';
import { indexOf, isActive, memberById, membersOf, shardKey } from './cluster-state.ts';
import type { Moment, SimCluster, SimProcess, Violation, World } from './model.ts';
import { hasQuorum } from './quorum.ts';

/** Notes what must never happen, at the moment at which a node goes. */
export function watchLeaving(world: World, cluster: SimCluster, node: SimProcess, moment: Moment): void {
  const note = (kind: Violation['kind'], says: string) =>
    world.violations.push({ atMs: moment.nowMs, cluster: cluster.name, kind, says });
  const others = membersOf(world, cluster).filter((member) => member !== node);
  for (const copy of cluster.copies.filter((candidate) => candidate.nodeId === node.nodeId && isActive(candidate))) {
    // While there is no master, copies on nodes that are gone still stand as started: only those on members count.
    const left = cluster.copies.filter(
      (other) =>
        other !== copy &&
        other.index === copy.index &&
        other.shard === copy.shard &&
        isActive(other) &&
        others.some((member) => member.nodeId === other.nodeId),
    );
    if (left.length === 0 && cluster.everStarted.has(shardKey(indexOf(cluster, copy), copy.shard)))
      note('last-copy-lost', `${node.name} took the last started copy of ${copy.index}/${copy.shard} with it`);
  }
  if (!node.roles.includes('master')) return;
  if (hasQuorum(cluster, membersOf(world, cluster)) && !hasQuorum(cluster, others))
    note('quorum-lost', `without ${node.name} there is no majority of masters`);
  const down = mastersDown(world, cluster).filter((name) => name !== node.name);
  if (down.length > 0) note('two-masters-down', `${node.name} left while ${down.join(', ')} was down`);
}

/** Names of master-eligible nodes that have been members and are not now. */
function mastersDown(world: World, cluster: SimCluster): readonly string[] {
  const there = new Set(membersOf(world, cluster).map((member) => member.name));
  const masters = [...world.processes.values()].filter(
    (node) => node.clusterName === cluster.name && node.roles.includes('master'),
  );
  return [...new Set(masters.map((node) => node.name))].filter((name) => cluster.everJoined.has(name) && !there.has(name));
}

/** A rule of the simulator itself: a replica on a node older than its primary's would be a bug here. */
export function watchVersions(world: World, cluster: SimCluster, moment: Moment): void {
  for (const copy of cluster.copies.filter((candidate) => !candidate.primary && candidate.state === 'INITIALIZING')) {
    const primary = cluster.copies.find((other) => other.primary && other.index === copy.index && other.shard === copy.shard);
    const from = memberById(world, cluster, primary?.nodeId ?? null);
    const to = memberById(world, cluster, copy.nodeId);
    if (from === undefined || to === undefined || compareVersions(to.release.version, from.release.version) >= 0) continue;
    world.violations.push({
      atMs: moment.nowMs,
      cluster: cluster.name,
      kind: 'replica-on-older-node',
      says: `${copy.index}/${copy.shard} goes from ${from.name} (${from.release.version}) to ${to.name} (${to.release.version})`,
    });
  }
}
