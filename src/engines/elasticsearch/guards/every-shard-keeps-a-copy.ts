import { may, mayNot, type SeenElasticsearch, type SeenShardCopy } from '../../../domain/index.ts';
import { type Guard, namesOf, nodeIdsOf } from './guard.ts';

/**
 * Counts copies exactly: every shard must keep a started, in-sync copy outside the wave. Elasticsearch itself does not
 * look (its node-shutdown API reports a restart as safe whatever copies there are).
 */
export const everyShardKeepsACopy: Guard = {
  id: 'es.every-shard-keeps-a-copy',
  judge: ({ wave, seen }) => {
    const leaving = nodeIdsOf(wave);
    const lost = shardsLeftWithout(seen, leaving);
    const [first] = lost;
    if (first === undefined) return may;
    const more = lost.length > 1 ? ` (and ${lost.length - 1} more)` : '';
    return mayNot(
      'es.every-shard-keeps-a-copy',
      first,
      `Taking ${namesOf(wave)} would leave shard ${first}${more} without a started copy.`,
      'A replica of it started on another node; an index without replicas needs `number_of_replicas` of at least 1.',
    );
  },
};

/** Shards, as `index/number`, that have a copy on one of the nodes and no usable one elsewhere. */
export function shardsLeftWithout(seen: SeenElasticsearch, leaving: ReadonlySet<string>): readonly string[] {
  const kept = new Set<string>();
  const touched = new Set<string>();
  for (const copy of seen.shards) {
    const shard = `${copy.index}/${copy.shard}`;
    if (copy.nodeId !== null && leaving.has(copy.nodeId)) touched.add(shard);
    else if (isUsable(copy, leaving)) kept.add(shard);
  }
  return [...touched].filter((shard) => !kept.has(shard)).sort();
}

/** A relocating copy still serves from its source; what moves into a leaving node is caught by the activity guard. */
function isUsable(copy: SeenShardCopy, leaving: ReadonlySet<string>): boolean {
  if (copy.nodeId === null || leaving.has(copy.nodeId) || copy.inSync === false) return false;
  return copy.state === 'STARTED' || copy.state === 'RELOCATING';
}
