import type { KubernetesCluster, KubernetesMemberSpec, KubernetesSpec } from '../../../domain/index.ts';

export const hostKey = 'simulated';
const snapshotFolder = '/snapshots';

/**
 * The control plane as it is rehearsed: every member on the simulated host, at its own address in a network that nobody else
 * has; nobody is asked about tokens, and no tag lets anything fail. Without secrets: it gets keys of its own.
 */
export function simulatedPlane(cluster: KubernetesCluster): KubernetesCluster {
  const there = (member: KubernetesMemberSpec) => ({ ...member, host: hostKey });
  const spec: KubernetesSpec = {
    ...cluster.spec,
    members: cluster.spec.members.map(there),
    nodegroups: cluster.spec.nodegroups.map((group) => ({ ...group, nodes: group.nodes.map(there) })),
    authenticationUrl: null,
    snapshotFolder: cluster.spec.snapshotFolder ?? snapshotFolder,
  };
  return { ...cluster, origin: 'created', tags: {}, secrets: {}, spec, provisioning: { state: 'ready' } };
}
