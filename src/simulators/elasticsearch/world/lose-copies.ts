import { compareVersions } from '../../../domain/index.ts';
import { copiesOf, indexOf, isActive, memberById } from './cluster-state.ts';
import type { Moment, ShardCopy, SimCluster, UnassignedReason, World } from './model.ts';
import { durationMs } from './units.ts';

/** What a master does about copies on nodes that are not members any more. */
export function takeCopiesFrom(world: World, cluster: SimCluster, nodeId: string, moment: Moment): void {
  const lost = cluster.copies.filter((copy) => copy.nodeId === nodeId);
  for (const copy of cluster.copies.filter((other) => other.relocatingTo === nodeId)) {
    copy.state = 'STARTED';
    copy.relocatingTo = null;
    copy.recovery = null;
  }
  for (const copy of lost.filter((candidate) => !candidate.primary)) unassign(cluster, copy, 'NODE_LEFT', moment);
  for (const copy of lost.filter((candidate) => candidate.primary)) failPrimary(world, cluster, copy, 'NODE_LEFT', moment);
}

/**
 * What the `cancel` command of a reroute does to a copy that serves: it is taken from its node and out of the in-sync set, and
 * another one is the primary in its place.
 */
export function cancelCopy(world: World, cluster: SimCluster, copy: ShardCopy, moment: Moment): void {
  const index = indexOf(cluster, copy);
  const left = (index.inSync.get(copy.shard) ?? []).filter((id) => id !== copy.allocationId);
  if (left.length > 0) index.inSync.set(copy.shard, left);
  if (copy.primary) failPrimary(world, cluster, copy, 'REROUTE_CANCELLED', moment);
  else unassign(cluster, copy, 'REROUTE_CANCELLED', moment);
}

function failPrimary(world: World, cluster: SimCluster, copy: ShardCopy, reason: UnassignedReason, moment: Moment): void {
  const others = copiesOf(cluster, copy.index, copy.shard).filter((other) => other !== copy);
  const successor = [...others]
    .filter((other) => isActive(other))
    .sort((a, b) => compareVersions(versionOf(world, cluster, b), versionOf(world, cluster, a)))[0];
  for (const other of others.filter((candidate) => candidate.state === 'INITIALIZING'))
    unassign(cluster, other, 'PRIMARY_FAILED', moment);
  unassign(cluster, copy, reason, moment);
  if (successor === undefined) return;
  if (successor.state === 'RELOCATING') {
    successor.state = 'STARTED';
    successor.relocatingTo = null;
    successor.recovery = null;
  }
  successor.primary = true;
  copy.primary = false;
  const index = indexOf(cluster, copy);
  index.primaryTerms.set(copy.shard, (index.primaryTerms.get(copy.shard) ?? 1) + 1);
}

function versionOf(world: World, cluster: SimCluster, copy: ShardCopy): string {
  return memberById(world, cluster, copy.nodeId)?.release.version ?? '0.0.0';
}

function unassign(cluster: SimCluster, copy: ShardCopy, reason: UnassignedReason, moment: Moment): void {
  const delay = durationMs(indexOf(cluster, copy).settings['index.unassigned.node_left.delayed_timeout'] ?? '1m');
  copy.state = 'UNASSIGNED';
  copy.nodeId = null;
  copy.relocatingTo = null;
  copy.allocationId = null;
  copy.recovery = null;
  copy.unassigned = {
    reason,
    atMs: moment.nowMs,
    delayedUntilMs: reason === 'NODE_LEFT' && delay > 0 ? moment.nowMs + delay : null,
    failedAttempts: 0,
    details: reason === 'NODE_LEFT' ? 'node_left' : null,
  };
}
