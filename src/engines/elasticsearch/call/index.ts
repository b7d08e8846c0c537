/**
 * call: what an owner may ask of a cluster beside an upgrade: a snapshot, its repositories, its recoveries.
 * It does not know: who asked, how a public API shows the answer.
 */
import type { ElasticsearchCluster, EngineCall, EngineCallResult, EngineIo } from '../../../domain/index.ts';
import { createSnapshot } from './create-snapshot.ts';
import { listRecoveries } from './list-recoveries.ts';
import { listRepositories } from './list-repositories.ts';

export function call(cluster: ElasticsearchCluster, request: EngineCall, io: EngineIo): Promise<EngineCallResult> {
  switch (request.do) {
    case 'create-snapshot':
      return createSnapshot(cluster, request.repository, io);
    case 'list-repositories':
      return listRepositories(cluster, io);
    case 'list-recoveries':
      return listRecoveries(cluster, request.activeOnly, io);
    case 'kubeconfig':
      return Promise.resolve({ kind: 'refused', because: 'An Elasticsearch cluster has no kubeconfig.' });
  }
}
