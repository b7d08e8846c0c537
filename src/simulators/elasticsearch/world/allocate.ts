import {
  copiesOf,
  dataNodesOf,
  effective,
  indexOf,
  isActive,
  isDelayed,
  isOn,
  memberById,
  primaryOf,
  shardKey,
  touch,
} from './cluster-state.ts';
import { objections } from './deciders.ts';
import { newId, varied } from './dice.ts';
import type { Moment, ShardCopy, SimCluster, SimProcess, World } from './model.ts';

/** Gives every unassigned copy a place that no decider objects to, then evens out. True when something changed. */
export function reroute(world: World, cluster: SimCluster, moment: Moment): boolean {
  if (cluster.masterNodeId === null) return false;
  let changed = false;
  const waiting = cluster.copies.filter((copy) => copy.state === 'UNASSIGNED');
  for (const copy of [...waiting].sort((a, b) => Number(b.primary) - Number(a.primary))) {
    changed = assign(world, cluster, copy, moment) || changed;
  }
  changed = rebalance(world, cluster, moment) || changed;
  if (changed) touch(cluster, moment);
  return changed;
}

function assign(world: World, cluster: SimCluster, copy: ShardCopy, moment: Moment): boolean {
  const index = indexOf(cluster, copy);
  const inSync = index.inSync.get(copy.shard) ?? [];
  const onDisk = (node: SimProcess) => world.folders.get(node.folder)?.copies.get(shardKey(index, copy.shard));
  const mustExist = copy.primary && inSync.length > 0;
  const candidates = dataNodesOf(world, cluster)
    .filter((node) => !mustExist || inSync.includes(onDisk(node) ?? ''))
    .filter((node) => objections({ world, cluster, copy, node, moving: false }).length === 0);
  const preferred = candidates.filter((node) => onDisk(node) !== undefined);
  // A delayed copy waits for its data to come back; where its data is, it goes at once.
  const others = !copy.primary && isDelayed(copy, moment.nowMs) ? [] : candidates;
  const node = leastLoaded(cluster, preferred.length > 0 ? preferred : others, moment);
  if (node === undefined) return false;
  const there = onDisk(node);
  const quick = copy.primary || there !== undefined;
  copy.state = 'INITIALIZING';
  copy.nodeId = node.nodeId;
  copy.allocationId = mustExist && there !== undefined ? there : newId(moment.random);
  copy.recovery = {
    source: copy.primary ? (mustExist ? 'EXISTING_STORE' : 'EMPTY_STORE') : 'PEER',
    fromNodeId: copy.primary ? null : (primaryOf(cluster, copy.index, copy.shard)?.nodeId ?? null),
    startedAtMs: moment.nowMs,
    endsAtMs: moment.nowMs + recoveryMs(world, mustExist || !copy.primary, quick, moment),
  };
  return true;
}

/** A new empty primary is there at once; data that is there already is quicker than data that must be sent. */
function recoveryMs(world: World, hasData: boolean, quick: boolean, moment: Moment): number {
  const { quickRecoveryMs, wholeRecoveryMs } = world.durations;
  return varied(!hasData ? quickRecoveryMs / 10 : quick ? quickRecoveryMs : wholeRecoveryMs, moment.random);
}

function leastLoaded(cluster: SimCluster, nodes: readonly SimProcess[], moment: Moment): SimProcess | undefined {
  const load = new Map(nodes.map((node) => [node, loadOf(cluster, node) + moment.random() / 2]));
  return [...nodes].sort((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))[0];
}

function loadOf(cluster: SimCluster, node: SimProcess): number {
  return cluster.copies.filter((copy) => isOn(copy, node.nodeId)).length;
}

/** Recoveries that have had their time are finished. True when something changed. */
export function finishRecoveries(world: World, cluster: SimCluster, moment: Moment): boolean {
  let changed = false;
  for (const copy of cluster.copies) {
    if (copy.recovery === null || copy.recovery.endsAtMs > moment.nowMs) continue;
    changed = true;
    if (copy.state === 'RELOCATING') finishRelocation(world, cluster, copy, moment);
    else started(world, cluster, copy);
  }
  if (changed) touch(cluster, moment);
  return changed;
}

function started(world: World, cluster: SimCluster, copy: ShardCopy): void {
  const index = indexOf(cluster, copy);
  copy.state = 'STARTED';
  copy.arrived = copy.recovery;
  copy.recovery = null;
  copy.unassigned = null;
  const before = index.inSync.get(copy.shard) ?? [];
  const ids = [...before.filter((id) => id !== copy.allocationId), copy.allocationId ?? ''];
  const assigned = copiesOf(cluster, copy.index, copy.shard).flatMap((other) =>
    isActive(other) ? (other.allocationId ?? []) : [],
  );
  // More ids than there should be copies: those of copies that are gone are forgotten.
  index.inSync.set(copy.shard, ids.length > index.replicas + 1 ? ids.filter((id) => assigned.includes(id)) : ids);
  cluster.everStarted.add(shardKey(index, copy.shard));
  keepOnDisk(world, cluster, copy);
}

function keepOnDisk(world: World, cluster: SimCluster, copy: ShardCopy): void {
  const index = indexOf(cluster, copy);
  const key = shardKey(index, copy.shard);
  const holder = memberById(world, cluster, copy.nodeId);
  if (holder !== undefined) world.folders.get(holder.folder)?.copies.set(key, copy.allocationId ?? '');
  const copies = copiesOf(cluster, copy.index, copy.shard);
  if (!copies.every(isActive)) return;
  // Once every copy is started, what lies about elsewhere is deleted.
  for (const node of dataNodesOf(world, cluster)) {
    if (!copies.some((other) => isOn(other, node.nodeId))) world.folders.get(node.folder)?.copies.delete(key);
  }
}

function finishRelocation(world: World, cluster: SimCluster, copy: ShardCopy, moment: Moment): void {
  const source = copy.allocationId;
  const index = indexOf(cluster, copy);
  copy.nodeId = copy.relocatingTo;
  copy.relocatingTo = null;
  copy.allocationId = newId(moment.random);
  const ids = (index.inSync.get(copy.shard) ?? []).filter((id) => id !== source);
  index.inSync.set(copy.shard, ids);
  started(world, cluster, copy);
}

/** Moves a copy from the fullest to the emptiest node, or off a node that a filter empties. */
function rebalance(world: World, cluster: SimCluster, moment: Moment): boolean {
  const most = Number(effective(cluster, 'cluster.routing.allocation.cluster_concurrent_rebalance') ?? 2);
  let changed = false;
  for (const copy of cluster.copies.filter((candidate) => candidate.state === 'STARTED')) {
    const node = memberById(world, cluster, copy.nodeId);
    if (node !== undefined && !mayRemain(world, cluster, copy, node)) changed = move(world, cluster, copy, moment) || changed;
  }
  if (cluster.copies.some((copy) => !isActive(copy))) return changed;
  const value = (effective(cluster, 'cluster.routing.rebalance.enable') ?? 'all').toLowerCase();
  while (cluster.copies.filter((copy) => copy.state === 'RELOCATING').length < most) {
    const moved = moveOne(world, cluster, value, moment);
    if (!moved) break;
    changed = true;
  }
  return changed;
}

function mayRemain(world: World, cluster: SimCluster, copy: ShardCopy, node: SimProcess): boolean {
  return !objections({ world, cluster, copy, node, moving: true }).some((verdict) => verdict.decider === 'filter');
}

function moveOne(world: World, cluster: SimCluster, value: string, moment: Moment): boolean {
  if (value === 'none') return false;
  const nodes = [...dataNodesOf(world, cluster)].sort((a, b) => loadOf(cluster, b) - loadOf(cluster, a));
  const [fullest] = nodes;
  if (fullest === undefined) return false;
  const allowed = (copy: ShardCopy) => value === 'all' || (value === 'primaries') === copy.primary;
  const movable = cluster.copies.filter((copy) => copy.state === 'STARTED' && copy.nodeId === fullest.nodeId && allowed(copy));
  return movable.some((copy) => move(world, cluster, copy, moment, loadOf(cluster, fullest) - 1));
}

/** Starts relocating a copy to the emptiest node that may take it and holds fewer than `below`. */
function move(world: World, cluster: SimCluster, copy: ShardCopy, moment: Moment, below = Number.POSITIVE_INFINITY): boolean {
  const targets = dataNodesOf(world, cluster).filter(
    (node) => loadOf(cluster, node) < below && objections({ world, cluster, copy, node, moving: true }).length === 0,
  );
  const target = leastLoaded(cluster, targets, moment);
  if (target === undefined) return false;
  copy.state = 'RELOCATING';
  copy.relocatingTo = target.nodeId;
  copy.recovery = {
    source: 'PEER',
    fromNodeId: copy.nodeId,
    startedAtMs: moment.nowMs,
    endsAtMs: moment.nowMs + varied(world.durations.wholeRecoveryMs, moment.random),
  };
  return true;
}
