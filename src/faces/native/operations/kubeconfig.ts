import { ok } from '../call.ts';
import { fail, notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { Kubeconfig } from '../wire/index.ts';
import { clusterParams } from './clusters.ts';

const takeKubeconfig = operation({
  // Not one that `clusterlift:Get*` allows: whoever may look at a cluster may not do everything in it.
  id: 'takeKubeconfig',
  tag: 'clusters',
  method: 'GET',
  path: '/clusters/:clusterId/kubeconfig',
  summary: 'A kubeconfig of a Kubernetes cluster that was made here',
  description:
    'With the administrator’s certificate: it works without this server, and whoever has it may do everything in the cluster.',
  params: clusterParams,
  answers: { 200: { description: 'The kubeconfig, YAML as one text.', schema: Kubeconfig } },
  errors: ['refused'],
  run: async ({ control }, { caller, params }) => {
    const ended = await control.engineCall(caller, params.clusterId, { do: 'kubeconfig' });
    if (ended.kind === 'not-found') return notFound('cluster', params.clusterId);
    if (ended.kind === 'refused') return fail('refused', ended.because, { details: { because: [ended.because] } });
    return ok({ kubeconfig: String(ended.value) });
  },
});

export const kubeconfigOperations: readonly Operation[] = [takeKubeconfig];
