import { touch } from './cluster-state.ts';
import { newId } from './dice.ts';
import type { Moment, ShardCopy, SimCluster, SimIndex, UnassignedReason } from './model.ts';
import { isAtLeast } from './versions.ts';

export interface NewIndex {
  readonly name: string;
  readonly createdVersion: string;
  /** Flat, with the `index.` prefix. */
  readonly settings: Readonly<Record<string, string>>;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly aliases: Readonly<Record<string, Record<string, unknown>>>;
}

export function createIndex(
  cluster: SimCluster,
  wanted: NewIndex,
  defaultShards: number,
  dataNodes: number,
  moment: Moment,
): SimIndex {
  const { 'index.number_of_shards': shards, 'index.number_of_replicas': replicas, ...rest } = wanted.settings;
  const index: SimIndex = {
    name: wanted.name,
    uuid: newId(moment.random),
    createdVersion: wanted.createdVersion,
    state: 'open',
    settings: rest,
    shards: Number(shards ?? defaultShards),
    replicas: Number(replicas ?? 1),
    mappings: { ...wanted.mappings },
    aliases: new Map(Object.entries(wanted.aliases)),
    inSync: new Map(),
    primaryTerms: new Map(),
    documents: new Map(),
    writes: 0,
  };
  cluster.indices.set(index.name, index);
  for (let shard = 0; shard < index.shards; shard += 1) {
    index.inSync.set(shard, []);
    index.primaryTerms.set(shard, 1);
    for (let copy = 0; copy <= index.replicas; copy += 1)
      cluster.copies.push(newCopy(index.name, shard, copy === 0, 'INDEX_CREATED', moment));
  }
  fitAutoExpand(cluster, dataNodes, moment);
  touch(cluster, moment);
  return index;
}

function newCopy(index: string, shard: number, primary: boolean, reason: UnassignedReason, moment: Moment): ShardCopy {
  return {
    index,
    shard,
    primary,
    state: 'UNASSIGNED',
    nodeId: null,
    relocatingTo: null,
    allocationId: null,
    recovery: null,
    unassigned: { reason, atMs: moment.nowMs, delayedUntilMs: null, failedAttempts: 0, details: null },
  };
}

export function deleteIndex(cluster: SimCluster, name: string, moment: Moment): void {
  cluster.indices.delete(name);
  cluster.copies = cluster.copies.filter((copy) => copy.index !== name);
  touch(cluster, moment);
}

/** Adds or takes away replicas until there are as many as wanted; those without a place go first. */
export function setReplicas(cluster: SimCluster, index: SimIndex, replicas: number, moment: Moment): void {
  if (replicas === index.replicas) return;
  index.replicas = replicas;
  if (index.state === 'close') return;
  for (let shard = 0; shard < index.shards; shard += 1) {
    const there = cluster.copies.filter((copy) => !copy.primary && copy.index === index.name && copy.shard === shard);
    for (let missing = there.length; missing < replicas; missing += 1)
      cluster.copies.push(newCopy(index.name, shard, false, 'REPLICA_ADDED', moment));
    const surplus = [...there]
      .sort((a, b) => Number(a.state === 'STARTED') - Number(b.state === 'STARTED'))
      .slice(0, Math.max(0, there.length - replicas));
    cluster.copies = cluster.copies.filter((copy) => !surplus.includes(copy));
    const gone = surplus.flatMap((copy) => copy.allocationId ?? []);
    index.inSync.set(
      shard,
      (index.inSync.get(shard) ?? []).filter((id) => !gone.includes(id)),
    );
  }
  touch(cluster, moment);
}

/** `index.auto_expand_replicas` follows the number of data nodes. */
export function fitAutoExpand(cluster: SimCluster, dataNodes: number, moment: Moment): void {
  for (const index of cluster.indices.values()) {
    const [, low, high] = /^(\d+)-(\d+|all)$/.exec(index.settings['index.auto_expand_replicas'] ?? '') ?? [];
    if (low === undefined || high === undefined) continue;
    const most = high === 'all' ? dataNodes - 1 : Math.min(Number(high), dataNodes - 1);
    setReplicas(cluster, index, Math.max(Number(low), most), moment);
  }
}

/** Closed indices are replicated from here on; before, their copies leave the routing table. */
const closedAreReplicated = '7.2.0';

export function closeIndex(cluster: SimCluster, index: SimIndex, lowestVersion: string, moment: Moment): void {
  index.state = 'close';
  if (!isAtLeast(lowestVersion, closedAreReplicated)) cluster.copies = cluster.copies.filter((copy) => copy.index !== index.name);
  touch(cluster, moment);
}

export function openIndex(cluster: SimCluster, index: SimIndex, moment: Moment): void {
  if (index.state === 'open') return;
  index.state = 'open';
  const replicated = cluster.copies.some((copy) => copy.index === index.name);
  for (let shard = 0; shard < index.shards && !replicated; shard += 1) {
    for (let copy = 0; copy <= index.replicas; copy += 1)
      cluster.copies.push(newCopy(index.name, shard, copy === 0, 'INDEX_REOPENED', moment));
  }
  touch(cluster, moment);
}
