import type { EngineIo, KubernetesCluster } from '../../../domain/index.ts';
import { type KubernetesClient, kubernetesClient, urlOf } from '../client/index.ts';
import { membersOf } from '../launch/index.ts';

const readyzTimeoutMs = 3_000;

/** A client of the first apiserver that says that it is ready, else of the front door: one that does not answer costs little. */
export async function readyApiserver(cluster: KubernetesCluster, io: EngineIo): Promise<KubernetesClient> {
  const clients = membersOf(cluster, 'kube-apiserver').map((member) => kubernetesClient(cluster, io, urlOf(member)));
  for (const client of clients) {
    const answer = await client.look('/readyz', { timeoutMs: readyzTimeoutMs });
    if (answer.kind === 'answered' && answer.status === 200) return client;
  }
  return kubernetesClient(cluster, io, cluster.spec.endpoint);
}
