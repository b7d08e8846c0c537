import { majorOf } from '../../../domain/index.ts';
import { dataNodesOf, isAtLeast, isDelayed, objections, type ShardCopy } from '../world/index.ts';
import { failure, type Handler, illegalArgument, indexNotFound, ok, record, type Site } from './answer.ts';
import { attributesOf, unassignedInfo } from './state-api.ts';

/** `_cluster/allocation/explain`: for the copy that is named, or the first unassigned one. */
export const explain: Handler = (call, site) => {
  const asked = record(call.body);
  const named = asked.index !== undefined;
  const copies = site.cluster.copies.filter(
    (copy) =>
      !named || (copy.index === asked.index && copy.shard === Number(asked.shard) && copy.primary === (asked.primary === true)),
  );
  if (named && !site.cluster.indices.has(String(asked.index)))
    return indexNotFound(String(asked.index), site.node.release.version);
  const copy = copies.find((candidate) => candidate.state === 'UNASSIGNED') ?? (named ? copies[0] : undefined);
  const nothing = isAtLeast(site.node.release.version, '5.6.0') ? illegalArgument : unsuccessful;
  if (copy === undefined)
    return nothing(
      named
        ? `No shard was specified in the explain API request that could be found: [${String(asked.index)}][${String(asked.shard)}]`
        : 'unable to find any unassigned shards to explain [ClusterAllocationExplainRequest[useAnyUnassignedShard=true,includeYesDecisions?=false]',
    );
  return ok(copy.state === 'UNASSIGNED' ? explainUnassigned(copy, site) : explainAssigned(copy, site));
};

function unsuccessful(reason: string) {
  return failure(500, 'remote_transport_exception', reason);
}

function explainUnassigned(copy: ShardCopy, site: Site) {
  const decisions = decisionsFor(copy, site, false);
  const delayed = isDelayed(copy, site.world.nowMs);
  const said = decisions.map((decision) => decision.node_decision);
  // A delayed copy that no node may hold is told as any other.
  const can = said.includes('yes') ? (delayed ? 'allocation_delayed' : 'yes') : said.includes('throttled') ? 'throttled' : 'no';
  const info = unassignedInfo(copy, site);
  return {
    index: copy.index,
    shard: copy.shard,
    primary: copy.primary,
    current_state: 'unassigned',
    unassigned_info: { reason: info.reason, at: info.at, last_allocation_status: info.allocation_status },
    can_allocate: can,
    allocate_explanation: can === 'no' && majorOf(site.node.release.version) >= 8 ? notAllowed : explanations[can],
    node_allocation_decisions: decisions,
  };
}

/** The words of 8 and later. */
const notAllowed =
  "Elasticsearch isn't allowed to allocate this shard to any of the nodes in the cluster. Choose a node to which you expect this shard to be allocated, find this node in the node-by-node explanation, and address the reasons which prevent Elasticsearch from allocating this shard there.";

const explanations = {
  yes: 'can allocate the shard',
  no: 'cannot allocate because allocation is not permitted to any of the nodes',
  throttled: 'allocation temporarily throttled',
  allocation_delayed:
    'cannot allocate because the cluster is still waiting for the departed node holding a replica to rejoin, despite being allowed to allocate the shard to at least one other node',
} as const;

function explainAssigned(copy: ShardCopy, site: Site) {
  const holder = dataNodesOf(site.world, site.cluster).find((node) => node.nodeId === copy.nodeId);
  return {
    index: copy.index,
    shard: copy.shard,
    primary: copy.primary,
    current_state: copy.state.toLowerCase(),
    ...(holder === undefined
      ? {}
      : {
          current_node: {
            id: holder.nodeId,
            name: holder.name,
            transport_address: `127.0.0.1:${holder.transportPort}`,
            attributes: attributesOf(holder),
          },
        }),
    can_remain_on_current_node: 'yes',
    can_rebalance_cluster: 'yes',
    can_rebalance_to_other_node: 'no',
    rebalance_explanation:
      'cannot rebalance as no target node exists that can both allocate this shard and improve the cluster balance',
    node_allocation_decisions: decisionsFor(copy, site, true),
  };
}

function decisionsFor(copy: ShardCopy, site: Site, moving: boolean) {
  return dataNodesOf(site.world, site.cluster)
    .filter((node) => !moving || node.nodeId !== copy.nodeId)
    .map((node, rank) => {
      const verdicts = objections({ world: site.world, cluster: site.cluster, copy, node, moving });
      const refused = verdicts.filter((verdict) => verdict.decision === 'NO');
      const decision = refused.length > 0 ? 'no' : verdicts.length > 0 ? 'throttled' : 'yes';
      return {
        node_id: node.nodeId,
        node_name: node.name,
        transport_address: `127.0.0.1:${node.transportPort}`,
        node_attributes: attributesOf(node),
        node_decision: decision,
        weight_ranking: rank + 1,
        ...(verdicts.length === 0 ? {} : { deciders: verdicts }),
      };
    });
}
