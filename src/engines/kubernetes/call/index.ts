/**
 * call: what an owner may ask of a cluster beside an upgrade: a kubeconfig.
 * It does not know: who asked, how a public API shows the answer.
 */
import type { EngineCall, EngineCallResult, KubernetesCluster } from '../../../domain/index.ts';
import { isForeign } from '../adoption.ts';
import { kubeconfigText } from '../launch/index.ts';

export function call(cluster: KubernetesCluster, request: EngineCall): Promise<EngineCallResult> {
  return Promise.resolve(request.do === 'kubeconfig' ? kubeconfig(cluster) : refused(request.do));
}

/** With the administrator's certificate: it works without this server. */
function kubeconfig(cluster: KubernetesCluster): EngineCallResult {
  if (isForeign(cluster)) return { kind: 'refused', because: 'This cluster was registered: its owner has the kubeconfig.' };
  const { 'ca.crt': authority, 'admin.crt': certificate, 'admin.key': key } = cluster.secrets;
  if (authority === undefined || certificate === undefined || key === undefined)
    return {
      kind: 'refused',
      because: 'This cluster came without an administrator’s certificate: its owner has the kubeconfig.',
    };
  return { kind: 'done', value: kubeconfigText(cluster.name, cluster.spec.endpoint, { authority, certificate, key }) };
}

function refused(what: string): EngineCallResult {
  return { kind: 'refused', because: `A Kubernetes cluster has no ${what}: that is for Elasticsearch.` };
}
