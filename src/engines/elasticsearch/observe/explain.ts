import type { Cluster, EngineIo, SeenElasticsearch, SeenShardCopy } from '../../../domain/index.ts';
import { explainUnassigned } from '../client/index.ts';

/** Unassigned copies that are asked about one by one in a look; more are left unexplained. */
const explainedCopiesMax = 20;

/** Asks why copies are unassigned, where that decides whether the cluster is settled: quiet, and allocation not held back. */
export async function explain(cluster: Cluster, io: EngineIo, seen: SeenElasticsearch): Promise<readonly SeenShardCopy[]> {
  const { health } = seen;
  if (health.unassigned === 0 || health.initializing + health.relocating + health.inFlightFetch + health.delayedUnassigned > 0)
    return seen.shards;
  let asked = 0;
  return Promise.all(
    seen.shards.map(async (copy) => {
      if (copy.state !== 'UNASSIGNED' || asked >= explainedCopiesMax) return copy;
      asked += 1;
      return {
        ...copy,
        blockedBy: await explainUnassigned(cluster, io, { index: copy.index, shard: copy.shard, primary: copy.primary }),
      };
    }),
  );
}
