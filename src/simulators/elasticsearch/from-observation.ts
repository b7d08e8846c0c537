import type { ElasticsearchCluster, ElasticsearchSpec, SeenElasticsearch, SeenNode, SeenShardCopy } from '../../domain/index.ts';
import { foldersOf } from './host/launch.ts';
import {
  draftProcess,
  type Moment,
  makeCluster,
  newId,
  type ShardCopy,
  type SimCluster,
  type SimIndex,
  type UnassignedReason,
  type World,
} from './world/index.ts';

const hostKey = 'simulated';
const firstHttpPort = 20_000;
const firstTransportPort = 30_000;

/**
 * The cluster as the simulator will run it: every node on the simulated host, at an address that no other node has, without
 * hooks and without a password. Names, roles, zones, folders and settings are the owner's.
 */
export function simulatedTwin(cluster: ElasticsearchCluster): ElasticsearchCluster {
  const nodes = cluster.spec.nodes.map((node, position) => ({
    ...node,
    host: hostKey,
    url: `http://127.0.0.1:${firstHttpPort + position}`,
    httpPort: firstHttpPort + position,
    transportPort: firstTransportPort + position,
  }));
  const spec: ElasticsearchSpec = {
    ...cluster.spec,
    nodes,
    bindAddress: '127.0.0.1',
    username: null,
    hooks: { preStop: null, postStart: null },
  };
  return { ...cluster, spec, secrets: {} };
}

/**
 * Puts what was seen of a real cluster into a world. Copies that were on their way are taken for where they came from. It
 * answers with the process id of each member by name.
 */
export function loadObservation(
  world: World,
  twin: ElasticsearchCluster,
  seen: SeenElasticsearch,
  moment: Moment,
): Readonly<Record<string, number>> {
  const made = makeCluster(seen.clusterName);
  made.uuid = seen.clusterUuid;
  made.version = seen.stateVersion;
  made.stateUuid = seen.stateUuid;
  made.masterNodeId = seen.masterNodeId;
  made.persistent = { ...seen.persistentSettings };
  made.transient = { ...seen.transientSettings };
  world.clusters.set(made.name, made);
  const pids: Record<string, number> = {};
  for (const node of seen.nodes) pids[node.name] = loadNode(world, made, twin, node, moment);
  if (seen.nodes.every(({ version }) => Number.parseInt(version, 10) >= 7)) made.votingConfig = seen.votingNodeIds;
  for (const index of seen.indices) {
    const shards = seen.shards.filter((copy) => copy.index === index.name);
    made.indices.set(index.name, {
      name: index.name,
      uuid: index.uuid,
      createdVersion: index.createdVersion,
      state: index.state,
      settings: {
        ...index.settings,
        ...(index.autoExpandReplicas === null ? {} : { 'index.auto_expand_replicas': index.autoExpandReplicas }),
      },
      shards: Math.max(0, ...shards.map((copy) => copy.shard + 1)),
      replicas: index.replicas,
      mappings: {},
      aliases: new Map(),
      inSync: new Map(),
      primaryTerms: new Map(),
      documents: new Map(),
      writes: 0,
    });
  }
  for (const copy of seen.shards) loadCopy(world, made, copy, moment);
  return pids;
}

function loadNode(world: World, made: SimCluster, twin: ElasticsearchCluster, seen: SeenNode, moment: Moment): number {
  const declared = twin.spec.nodes.find(({ name }) => name === seen.name);
  if (declared === undefined) throw new Error(`node ${seen.name} is in the cluster, but not in its description`);
  const folders = foldersOf({ clusterId: twin.id, member: seen.name, folders: declared.folders });
  const settings = {
    ...seen.settings,
    'cluster.name': made.name,
    'node.name': seen.name,
    'http.port': `${declared.httpPort}`,
    'path.data': folders.data,
    [Number.parseInt(seen.version, 10) >= 7 ? 'transport.port' : 'transport.tcp.port']: `${declared.transportPort}`,
  };
  world.settingsFiles.set(folders.conf, settings);
  world.folders.set(folders.data, {
    key: folders.data,
    nodeId: seen.nodeId,
    version: seen.version,
    copies: new Map(),
    diskUsedPercent: seen.diskUsedPercent ?? 0,
  });
  const release = { version: seen.version, build: seen.build };
  const wanted = { release, settings, jvmArguments: seen.jvmInputArguments, folder: folders.data };
  const process = {
    ...draftProcess(world, wanted, moment),
    ephemeralId: seen.ephemeralId,
    plugins: seen.plugins,
    roles: seen.roles,
    phase: { at: 'joined' as const },
    httpOpen: true,
  };
  world.processes.set(process.pid, process);
  made.members.set(seen.nodeId, process.pid);
  made.everJoined.add(seen.name);
  return process.pid;
}

function loadCopy(world: World, made: SimCluster, seen: SeenShardCopy, moment: Moment): void {
  const index = made.indices.get(seen.index);
  if (index === undefined) return;
  const started = seen.nodeId !== null && (seen.state === 'STARTED' || seen.state === 'RELOCATING');
  const allocationId = started ? newId(moment.random) : null;
  const copy: ShardCopy = {
    index: seen.index,
    shard: seen.shard,
    primary: seen.primary,
    state: started ? 'STARTED' : 'UNASSIGNED',
    nodeId: started ? seen.nodeId : null,
    relocatingTo: null,
    allocationId,
    recovery: null,
    unassigned: started ? null : unassigned(seen, moment),
  };
  made.copies.push(copy);
  index.primaryTerms.set(seen.shard, 1);
  if (allocationId !== null) keepOnDisk(world, made, index, copy, allocationId);
}

function keepOnDisk(world: World, made: SimCluster, index: SimIndex, copy: ShardCopy, allocationId: string): void {
  const key = `${index.uuid}/${copy.shard}`;
  made.everStarted.add(key);
  index.inSync.set(copy.shard, [...(index.inSync.get(copy.shard) ?? []), allocationId]);
  const node = world.processes.get(made.members.get(copy.nodeId ?? '') ?? 0);
  if (node !== undefined) world.folders.get(node.folder)?.copies.set(key, allocationId);
}

const reasons: readonly UnassignedReason[] = [
  'INDEX_CREATED',
  'NODE_LEFT',
  'REPLICA_ADDED',
  'ALLOCATION_FAILED',
  'PRIMARY_FAILED',
  'REROUTE_CANCELLED',
  'INDEX_REOPENED',
];

function unassigned({ unassignedReason }: SeenShardCopy, { nowMs }: Moment) {
  const reason = reasons.find((known) => known === unassignedReason) ?? 'CLUSTER_RECOVERED';
  return { reason, atMs: nowMs, delayedUntilMs: null, failedAttempts: 0, details: null };
}
