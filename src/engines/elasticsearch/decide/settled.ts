import { reason, type SeenElasticsearch, type SeenShardCopy, type WaitReason } from '../../../domain/index.ts';
import { shardActivity } from '../shard-activity.ts';

/**
 * The gate between waves is settled, not green: nothing initializing, relocating, delayed or being looked for, and
 * every unassigned copy explained.
 */
export type SettledVerdict =
  | { readonly settled: true; readonly explained: readonly string[] }
  | { readonly settled: false; readonly kind: 'red' | 'active' | 'unexplained'; readonly because: WaitReason };

/** Deciders whose no is lasting and expected: it says nothing against going on. */
const explanations: Readonly<Record<string, string>> = {
  node_version: 'only nodes of the newer version may hold it',
  same_shard: 'every node that could hold it has a copy already',
  awareness: 'no free zone for it',
  disk_threshold: 'no node with room below the disk watermark',
  filter: 'allocation filters leave no node for it',
  shards_limit: 'the limit of shards a node is reached',
};

export function settledVerdict(seen: SeenElasticsearch): SettledVerdict {
  const { health } = seen;
  if (health.status === 'red') {
    const lost = seen.shards.filter((copy) => copy.primary && copy.state === 'UNASSIGNED').map(shardOf);
    return unsettled(
      'red',
      'es.cluster-is-red',
      lost[0] ?? 'cluster',
      `The cluster is red: ${lost.length === 1 ? '1 primary shard is' : `${lost.length} primary shards are`} not assigned.`,
      'Every primary started again.',
    );
  }
  if (health.initializing + health.relocating + health.inFlightFetch > 0)
    return unsettled(
      'active',
      'es.shards-recovering',
      activeShard(seen),
      shardActivity(health),
      'The recoveries in hand finished.',
    );
  if (health.delayedUnassigned > 0) {
    return unsettled(
      'active',
      'es.shards-delayed',
      'cluster',
      `${health.delayedUnassigned} copies wait for a node that left to come back.`,
      'The node back, or its delay run out.',
    );
  }
  if (health.timedOut)
    return unsettled(
      'active',
      'es.tasks-pending',
      'cluster',
      `The master still has ${health.pendingTasks} tasks to do.`,
      'The queue of the master empty.',
    );
  const unassigned = seen.shards.filter((copy) => copy.state === 'UNASSIGNED');
  const open = unassigned.filter((copy) => explanationOf(copy) === null);
  const [first] = open;
  if (first !== undefined) {
    return unsettled(
      'unexplained',
      'es.copies-unassigned',
      shardOf(first),
      `${open.length} copies are unassigned and nothing lasting explains it (${shardOf(first)}: ${first.unassignedReason ?? 'no reason given'}).`,
      'The copies assigned.',
    );
  }
  return { settled: true, explained: unassigned.map((copy) => `${shardOf(copy)} stays unassigned: ${explanationOf(copy)}.`) };
}

function unsettled(
  kind: 'red' | 'active' | 'unexplained',
  code: string,
  subject: string,
  says: string,
  clearedBy: string,
): SettledVerdict {
  return { settled: false, kind, because: reason(code, subject, says, clearedBy) };
}

function activeShard(seen: SeenElasticsearch): string {
  const copy = seen.shards.find((candidate) => candidate.state === 'INITIALIZING' || candidate.state === 'RELOCATING');
  return copy === undefined ? 'cluster' : shardOf(copy);
}

function shardOf(copy: SeenShardCopy): string {
  return `${copy.index}/${copy.shard}`;
}

/** Explained when every node's no is of a lasting kind. */
function explanationOf(copy: SeenShardCopy): string | null {
  if (copy.blockedBy === null || copy.blockedBy.length === 0) return null;
  if (copy.blockedBy.some((decider) => explanations[decider] === undefined)) return null;
  const chosen = copy.blockedBy.find((decider) => decider !== 'same_shard') ?? 'same_shard';
  return explanations[chosen] ?? null;
}
