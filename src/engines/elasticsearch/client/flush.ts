import { compareVersions, type ElasticsearchCluster, type EngineIo } from '../../../domain/index.ts';
import { type Answer, ask } from './request.ts';

/** From here on a plain flush leaves what a synced flush did. */
const plainFlushEnough = '7.6.0';

/** Makes recovery after a restart quick. A synced flush under write load answers 409 for busy shards: that is normal. */
export function flush(cluster: ElasticsearchCluster, io: EngineIo, lowestVersion: string): Promise<Answer> {
  const path = compareVersions(lowestVersion, plainFlushEnough) >= 0 ? '/_flush' : '/_flush/synced';
  return ask(cluster, io, { method: 'POST', path, timeoutMs: 30_000 });
}
