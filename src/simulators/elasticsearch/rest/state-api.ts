import { majorOf } from '../../../domain/index.ts';
import {
  durationMs,
  isActive,
  isAtLeast,
  isDelayed,
  lowestMemberVersion,
  membersOf,
  nest,
  type ShardCopy,
  type SimCluster,
  type SimIndex,
  type SimProcess,
  versionId,
} from '../world/index.ts';
import { type Answer, type Handler, indexNotFound, noMaster, ok, type Site } from './answer.ts';
import { resolveIndices } from './names.ts';

/** `_shards` of a request over some indices. */
export function shardsOf(cluster: SimCluster, names: readonly string[]) {
  const copies = cluster.copies.filter((copy) => names.includes(copy.index));
  return { total: copies.length, successful: copies.filter(isActive).length, failed: 0 };
}

/** `GET /_cluster/state/{metrics}/{indices}`. */
export const state: Handler = async (call, site): Promise<Answer> => {
  const { cluster } = site;
  const found = resolveIndices(cluster, call.path[3]);
  if (found.missing !== null) return indexNotFound(found.missing, site.node.release.version);
  // From 9 on every node tells what it knows itself.
  const local = call.query.local === 'true' || majorOf(site.node.release.version) >= 9;
  if (cluster.masterNodeId === null && !local) {
    const timeoutMs = durationMs(call.query.master_timeout ?? '30s');
    if (!(await site.until(() => cluster.masterNodeId !== null, timeoutMs))) return noMaster();
  }
  const metrics = (call.path[2] ?? '_all').split(',');
  const asked = (metric: string) => metrics.includes('_all') || metrics.includes(metric);
  return ok({
    cluster_name: cluster.name,
    ...headOf(cluster, site.node.release.version),
    ...(asked('version') || asked('nodes') || asked('routing_table') || asked('metadata')
      ? { version: cluster.version, state_uuid: cluster.stateUuid }
      : {}),
    ...(asked('master_node') ? { master_node: cluster.masterNodeId } : {}),
    ...(asked('blocks') ? { blocks: blocksOf(found.indices) } : {}),
    ...(asked('nodes')
      ? { nodes: Object.fromEntries(membersOf(site.world, cluster).map((node) => [node.nodeId, stateNode(node)])) }
      : {}),
    ...(asked('metadata') ? { metadata: metadataOf(site, found.indices) } : {}),
    ...(asked('routing_table') ? { routing_table: routingTable(site, found.indices) } : {}),
    ...(asked('routing_nodes') ? { routing_nodes: routingNodes(site, found.indices) } : {}),
  });
};

function headOf(cluster: SimCluster, version: string) {
  if (isAtLeast(version, '6.4.0')) return { cluster_uuid: cluster.uuid };
  return isAtLeast(version, '6.0.0') ? { compressed_size_in_bytes: 1024 } : {};
}

function stateNode(node: SimProcess) {
  return {
    name: node.name,
    ephemeral_id: node.ephemeralId,
    transport_address: `127.0.0.1:${node.transportPort}`,
    attributes: attributesOf(node),
    ...(majorOf(node.release.version) >= 8 ? { roles: node.roles, version: node.release.version } : {}),
  };
}

/** `node.attr.*` without the prefix. Every node of a simulated cluster says what it is. */
export function attributesOf(node: SimProcess): Readonly<Record<string, string>> {
  const attributes = Object.entries(node.settings).flatMap(([name, value]) =>
    name.startsWith('node.attr.') ? [[name.slice('node.attr.'.length), value] as const] : [],
  );
  return { ...Object.fromEntries(attributes), simulated: 'true' };
}

function blocksOf(indices: readonly SimIndex[]) {
  const blocked = indices.flatMap((index) => {
    const blocks = indexBlocks(index);
    return Object.keys(blocks).length === 0 ? [] : [[index.name, blocks] as const];
  });
  return blocked.length === 0 ? {} : { indices: Object.fromEntries(blocked) };
}

function indexBlocks(index: SimIndex) {
  const on = (name: string) => index.settings[`index.blocks.${name}`] === 'true';
  return {
    ...(index.state === 'close' ? { 4: { description: 'index closed', retryable: false, levels: ['read', 'write'] } } : {}),
    ...(on('read_only')
      ? { 5: { description: 'index read-only (api)', retryable: false, levels: ['write', 'metadata_write'] } }
      : {}),
    ...(on('write') ? { 8: { description: 'index write (api)', retryable: false, levels: ['write'] } } : {}),
    ...(on('read_only_allow_delete')
      ? { 12: { description: 'index read-only / allow delete (api)', retryable: false, levels: ['write', 'metadata_write'] } }
      : {}),
  };
}

/** All settings of an index, flat, as `_settings` shows them. */
export function indexSettings(index: SimIndex): Readonly<Record<string, string>> {
  return {
    ...index.settings,
    'index.number_of_shards': String(index.shards),
    'index.number_of_replicas': String(index.replicas),
    'index.uuid': index.uuid,
    'index.provided_name': index.name,
    'index.creation_date': '0',
    'index.version.created': String(versionId(index.createdVersion)),
  };
}

function metadataOf(site: Site, indices: readonly SimIndex[]) {
  const { cluster, world } = site;
  const votes = majorOf(lowestMemberVersion(world, cluster)) >= 7;
  return {
    cluster_uuid: cluster.uuid,
    ...(votes
      ? {
          cluster_coordination: {
            term: 1,
            last_committed_config: cluster.votingConfig,
            last_accepted_config: cluster.votingConfig,
            voting_config_exclusions: cluster.votingExclusions.map((id) => ({ node_id: id })),
          },
        }
      : {}),
    templates: Object.fromEntries(cluster.templates),
    indices: Object.fromEntries(indices.map((index) => [index.name, metadataOfIndex(index)])),
    repositories: Object.fromEntries([...cluster.repositories].map(([name, { type, settings }]) => [name, { type, settings }])),
  };
}

function metadataOfIndex(index: SimIndex) {
  return {
    state: index.state,
    settings: nest(indexSettings(index)),
    mappings: index.mappings,
    aliases: [...index.aliases.keys()],
    primary_terms: Object.fromEntries(index.primaryTerms),
    in_sync_allocations: Object.fromEntries(index.inSync),
  };
}

function routingTable(site: Site, indices: readonly SimIndex[]) {
  const table = indices
    .filter((index) => index.state === 'open' || site.cluster.copies.some((copy) => copy.index === index.name))
    .map((index) => {
      const shards: Record<string, unknown[]> = {};
      for (const copy of site.cluster.copies.filter((candidate) => candidate.index === index.name)) {
        const list = shards[String(copy.shard)] ?? [];
        list.push(routingOf(copy, site));
        shards[String(copy.shard)] = list;
      }
      return [index.name, { shards }] as const;
    });
  return { indices: Object.fromEntries(table) };
}

export function routingOf(copy: ShardCopy, site: Site) {
  const { unassigned } = copy;
  return {
    state: copy.state,
    primary: copy.primary,
    node: copy.nodeId,
    relocating_node: copy.relocatingTo,
    shard: copy.shard,
    index: copy.index,
    ...(copy.state === 'UNASSIGNED' || copy.state === 'INITIALIZING'
      ? { recovery_source: { type: copy.recovery?.source ?? (copy.primary ? 'EXISTING_STORE' : 'PEER') } }
      : {}),
    ...(unassigned === null ? {} : { unassigned_info: unassignedInfo(copy, site) }),
    ...(copy.allocationId === null ? {} : { allocation_id: { id: copy.allocationId } }),
  };
}

export function unassignedInfo(copy: ShardCopy, site: Site) {
  const { unassigned } = copy;
  return {
    reason: unassigned?.reason ?? 'INDEX_CREATED',
    at: wallTimeOf(unassigned?.atMs ?? 0, site),
    ...(unassigned !== null && unassigned.failedAttempts > 0 ? { failed_attempts: unassigned.failedAttempts } : {}),
    delayed: isDelayed(copy, site.world.nowMs),
    ...(unassigned?.details == null ? {} : { details: unassigned.details }),
    allocation_status: 'no_attempt',
  };
}

/** Simulated moments as the caller's clock would have them, were it simulated too: only their distance to now counts. */
function wallTimeOf(atMs: number, site: Site): string {
  return new Date(site.nowWallMs() - (site.world.nowMs - atMs)).toISOString();
}

function routingNodes(site: Site, indices: readonly SimIndex[]) {
  const names = new Set(indices.map((index) => index.name));
  const copies = site.cluster.copies.filter((copy) => names.has(copy.index));
  const on = (nodeId: string) => copies.filter((copy) => copy.nodeId === nodeId).map((copy) => routingOf(copy, site));
  return {
    unassigned: copies.filter((copy) => copy.nodeId === null).map((copy) => routingOf(copy, site)),
    nodes: Object.fromEntries(membersOf(site.world, site.cluster).map((node) => [node.nodeId, on(node.nodeId)])),
  };
}
