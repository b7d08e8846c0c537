import type { ElasticsearchCluster, EngineIo } from '../../../domain/index.ts';
import { type Answer, ask } from './request.ts';

/** Values of null remove a setting. */
export function putClusterSettings(
  cluster: ElasticsearchCluster,
  io: EngineIo,
  changes: {
    readonly persistent: Readonly<Record<string, string | null>>;
    readonly transient: Readonly<Record<string, string | null>>;
  },
): Promise<Answer> {
  return ask(cluster, io, { method: 'PUT', path: '/_cluster/settings', body: changes, timeoutMs: 30_000 });
}
