import { newId } from './dice.ts';
import type { Moment, ShardCopy, SimCluster, SimIndex, SimProcess, World } from './model.ts';
import { lowestVersion } from './versions.ts';

export function makeCluster(name: string): SimCluster {
  return {
    name,
    uuid: '_na_',
    version: 0,
    stateUuid: '_na_',
    masterNodeId: null,
    electionEndsAtMs: null,
    members: new Map(),
    persistent: {},
    transient: {},
    templates: new Map(),
    indices: new Map(),
    copies: [],
    votingConfig: [],
    votingExclusions: [],
    repositories: new Map(),
    everStarted: new Set(),
    everJoined: new Set(),
    quiet: null,
  };
}

/** Every change of a cluster's state has a new version and a new id. */
export function touch(cluster: SimCluster, moment: Moment): void {
  cluster.version += 1;
  cluster.stateUuid = newId(moment.random);
}

export function membersOf(world: World, cluster: SimCluster): readonly SimProcess[] {
  return [...cluster.members.values()].flatMap((pid) => world.processes.get(pid) ?? []);
}

export function memberById(world: World, cluster: SimCluster, nodeId: string | null): SimProcess | undefined {
  const pid = nodeId === null ? undefined : cluster.members.get(nodeId);
  return pid === undefined ? undefined : world.processes.get(pid);
}

export function dataNodesOf(world: World, cluster: SimCluster): readonly SimProcess[] {
  return membersOf(world, cluster).filter((node) => node.roles.includes('data'));
}

/** Version of the oldest member. */
export function lowestMemberVersion(world: World, cluster: SimCluster): string {
  return lowestVersion(membersOf(world, cluster).map((node) => node.release.version)) ?? '0.0.0';
}

export function masterOf(world: World, cluster: SimCluster): SimProcess | undefined {
  return memberById(world, cluster, cluster.masterNodeId);
}

/** A transient value hides a persistent one. */
export function effective(cluster: SimCluster, name: string): string | undefined {
  return cluster.transient[name] ?? cluster.persistent[name];
}

export function copiesOf(cluster: SimCluster, index: string, shard: number): readonly ShardCopy[] {
  return cluster.copies.filter((copy) => copy.index === index && copy.shard === shard);
}

export function primaryOf(cluster: SimCluster, index: string, shard: number): ShardCopy | undefined {
  return cluster.copies.find((copy) => copy.primary && copy.index === index && copy.shard === shard);
}

/** Serves: a relocating copy does until its target has taken over. */
export function isActive(copy: ShardCopy): boolean {
  return copy.state === 'STARTED' || copy.state === 'RELOCATING';
}

export function isOn(copy: ShardCopy, nodeId: string): boolean {
  return copy.nodeId === nodeId || copy.relocatingTo === nodeId;
}

export function shardKey(index: SimIndex, shard: number): string {
  return `${index.uuid}/${shard}`;
}

export function indexOf(cluster: SimCluster, copy: ShardCopy): SimIndex {
  const index = cluster.indices.get(copy.index);
  if (index === undefined) throw new Error(`a copy of the unknown index ${copy.index}`);
  return index;
}

export interface HealthCounts {
  readonly status: 'green' | 'yellow' | 'red';
  readonly activePrimaries: number;
  readonly active: number;
  readonly relocating: number;
  readonly initializing: number;
  readonly unassigned: number;
  readonly unassignedPrimaries: number;
  readonly delayed: number;
}

export function healthCounts(copies: readonly ShardCopy[], nowMs: number): HealthCounts {
  const active = copies.filter(isActive);
  const red = copies.some((copy) => copy.primary && !isActive(copy));
  return {
    status: red ? 'red' : active.length < copies.length ? 'yellow' : 'green',
    activePrimaries: active.filter((copy) => copy.primary).length,
    active: active.length,
    relocating: copies.filter((copy) => copy.state === 'RELOCATING').length,
    initializing: copies.filter((copy) => copy.state === 'INITIALIZING').length,
    unassigned: copies.filter((copy) => copy.state === 'UNASSIGNED').length,
    unassignedPrimaries: copies.filter((copy) => copy.primary && copy.state === 'UNASSIGNED').length,
    delayed: copies.filter((copy) => isDelayed(copy, nowMs)).length,
  };
}

export function isDelayed(copy: ShardCopy, nowMs: number): boolean {
  const until = copy.unassigned?.delayedUntilMs ?? null;
  return copy.state === 'UNASSIGNED' && until !== null && until > nowMs;
}
