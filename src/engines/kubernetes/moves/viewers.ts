import type { MakerIo } from '../../../domain/index.ts';
import { type Answer, trouble } from '../client/index.ts';
import { viewersGroup } from '../names.ts';
import { type Context, failed } from './move.ts';
import { readyApiserver } from './ready-apiserver.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const group = 'rbac.authorization.k8s.io';
/** What the stock role of viewers leaves out because it belongs to no namespace. Nothing here holds a secret. */
const besides = {
  apiVersion: `${group}/v1`,
  kind: 'ClusterRole',
  metadata: { name: viewersGroup },
  rules: [
    { apiGroups: [''], resources: ['nodes', 'persistentvolumes'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
  ],
};

/** Gives whoever may only look at a cluster of ours something to see. Null when that is so; made before it stays as it is. */
export async function letViewersSee(context: Context, io: MakerIo) {
  const client = await readyApiserver(context.cluster, io);
  const steps = [
    () => client.create(`${rbac}/clusterroles`, besides),
    () => client.create(`${rbac}/clusterrolebindings`, bindingOf(`${viewersGroup}:view`, 'view')),
    () => client.create(`${rbac}/clusterrolebindings`, bindingOf(viewersGroup, viewersGroup)),
  ];
  for (const step of steps) {
    const answer: Answer<unknown> = await step();
    const there = answer.kind === 'status' && answer.status === 409;
    if (answer.kind !== 'ok' && !there) return failed(`The rights of viewers could not be written: ${trouble(answer)}`);
  }
  return null;
}

function bindingOf(name: string, role: string) {
  return {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'Group', apiGroup: group, name: viewersGroup }],
  };
}
