import type { ElasticsearchCluster, EngineIo } from '../../../domain/index.ts';
import { array, object, text } from './json.ts';
import { ask } from './request.ts';

/** The deciders that say no to an unassigned copy, over all nodes; null when the cluster does not explain it. */
export async function explainUnassigned(
  cluster: ElasticsearchCluster,
  io: EngineIo,
  copy: { index: string; shard: number; primary: boolean },
): Promise<readonly string[] | null> {
  const answer = await ask(cluster, io, { method: 'POST', path: '/_cluster/allocation/explain', body: copy });
  if (answer.kind !== 'ok') return null;
  const deciders = array(object(answer.body).node_allocation_decisions).flatMap((node) =>
    array(object(node).deciders)
      .filter((decider) => text(object(decider).decision)?.toUpperCase() === 'NO')
      .flatMap((decider) => text(object(decider).decider) ?? []),
  );
  return deciders.length === 0 ? null : [...new Set(deciders)].sort();
}
