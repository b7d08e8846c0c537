import type { SeenShardCopy } from '../../../domain/index.ts';
import { array, number, object, text, texts } from '../client/index.ts';

const states = ['STARTED', 'INITIALIZING', 'RELOCATING', 'UNASSIGNED'] as const;

/** Every copy of every shard in a cluster state that has routing table and metadata. */
export function shardCopies(state: unknown): readonly SeenShardCopy[] {
  const metadata = object(object(object(state).metadata).indices);
  return Object.entries(object(object(object(state).routing_table).indices)).flatMap(([index, table]) =>
    Object.entries(object(object(table).shards)).flatMap(([shard, copies]) =>
      array(copies).map((copy) => copyOf(index, Number(shard), object(copy), object(metadata[index]).in_sync_allocations)),
    ),
  );
}

function copyOf(
  index: string,
  shard: number,
  copy: Readonly<Record<string, unknown>>,
  inSyncAllocations: unknown,
): SeenShardCopy {
  const inSync = object(inSyncAllocations)[String(shard)];
  const allocation = text(object(copy.allocation_id).id);
  const unassigned = object(copy.unassigned_info);
  return {
    index,
    shard,
    primary: copy.primary === true,
    state: states.find((state) => state === copy.state) ?? 'UNASSIGNED',
    nodeId: text(copy.node),
    relocatingTo: text(copy.relocating_node),
    inSync: inSync === undefined || allocation === null ? null : texts(inSync).includes(allocation),
    unassignedReason: text(unassigned.reason),
    delayed: unassigned.delayed === true,
    blockedBy: null,
  };
}

/** The voting configuration where the cluster has one (7 and later), else every master-eligible node there is. */
export function votingNodeIds(state: unknown, masterEligible: readonly string[]): readonly string[] {
  const config = array(object(object(object(state).metadata).cluster_coordination).last_committed_config).flatMap(
    (id) => text(id) ?? [],
  );
  return config.length > 0 ? config : masterEligible;
}

export function ephemeralIds(state: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(object(object(state).nodes)).map(([id, node]) => [id, text(object(node).ephemeral_id) ?? '']),
  );
}

export function healthOf(body: unknown) {
  const health = object(body);
  const count = (name: string) => number(health[name]) ?? 0;
  const told = text(health.status);
  return {
    status: told === 'green' ? ('green' as const) : told === 'yellow' ? ('yellow' as const) : ('red' as const),
    timedOut: health.timed_out === true,
    numberOfNodes: count('number_of_nodes'),
    initializing: count('initializing_shards'),
    relocating: count('relocating_shards'),
    unassigned: count('unassigned_shards'),
    delayedUnassigned: count('delayed_unassigned_shards'),
    inFlightFetch: count('number_of_in_flight_fetch'),
    pendingTasks: count('number_of_pending_tasks'),
    maxTaskWaitMs: count('task_max_waiting_in_queue_millis'),
  };
}
