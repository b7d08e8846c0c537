import type { Static } from 'typebox';
import type { Known, SeenElasticsearch, SeenShardCopy } from '../../../domain/index.ts';
import type { Health, State } from './answers.ts';
import { absent, known } from './known.ts';

type ClusterState = Static<typeof State>;
type Copy = ClusterState['routing_table']['indices'][string]['shards'][string][number];

/** Every copy of every shard in a cluster state that has routing table and metadata. */
export function shardCopies(state: ClusterState): readonly SeenShardCopy[] {
  const metadata = state.metadata.indices ?? {};
  return Object.entries(state.routing_table.indices).flatMap(([index, table]) =>
    Object.entries(table.shards).flatMap(([shard, copies]) => {
      const inSync = metadata[index]?.in_sync_allocations?.[shard];
      return copies.map((copy) => copyOf(index, Number(shard), copy, inSync));
    }),
  );
}

function copyOf(index: string, shard: number, copy: Copy, inSync: readonly string[] | undefined): SeenShardCopy {
  const allocation = copy.allocation_id?.id;
  return {
    index,
    shard,
    primary: copy.primary,
    state: copy.state,
    nodeId: copy.node ?? null,
    relocatingTo: copy.relocating_node ?? null,
    inSync: inSync === undefined || allocation === undefined ? null : inSync.includes(allocation),
    unassignedReason: copy.unassigned_info?.reason ?? null,
    delayed: copy.unassigned_info?.delayed === true,
    blockedBy: null,
  };
}

/** The voting configuration where the cluster has one (7 and later), else every master-eligible node there is. */
export function votingNodeIds(state: ClusterState, masterEligible: readonly string[]): readonly string[] {
  const config = state.metadata.cluster_coordination?.last_committed_config ?? [];
  return config.length > 0 ? config : masterEligible;
}

export function votingExclusions(state: ClusterState): Known<readonly string[]> {
  const coordination = state.metadata.cluster_coordination;
  if (coordination === undefined) return absent('this version has no voting exclusions');
  return known((coordination.voting_config_exclusions ?? []).map((exclusion) => exclusion.node_name ?? exclusion.node_id));
}

export function healthOf(health: Static<typeof Health>): SeenElasticsearch['health'] {
  return {
    status: health.status,
    timedOut: health.timed_out,
    numberOfNodes: health.number_of_nodes,
    initializing: health.initializing_shards,
    relocating: health.relocating_shards,
    unassigned: health.unassigned_shards,
    delayedUnassigned: health.delayed_unassigned_shards,
    inFlightFetch: health.number_of_in_flight_fetch,
    pendingTasks: health.number_of_pending_tasks,
    maxTaskWaitMs: health.task_max_waiting_in_queue_millis,
  };
}
