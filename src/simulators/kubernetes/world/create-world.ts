import type { Moment, World } from './model.ts';
import { makeObject } from './objects.ts';
import { stockRoles } from './stock-roles.ts';

/** A cluster as its first apiserver makes it on an empty etcd. `epochMs`: what the caller's clock shows at simulated zero. */
export function createWorld(epochMs: number, moment: Moment): World {
  const world: World = {
    epochMs,
    nowMs: moment.nowMs,
    objects: new Map(),
    byResource: new Map(),
    revision: 1,
    compacted: 1,
    history: [],
    watches: new Set(),
    watchesOpened: 0,
    due: [],
    etcd: { quorum: true, noSpace: false },
    controllers: { manager: false, scheduler: false },
    knobs: { podReadyMs: 3_000, nodeGraceMs: 40_000, podsEnd: true },
    kubelets: new Map(),
  };
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    makeObject(world, '/namespaces', namespaceOf(name), moment);
  for (const name of ['system-cluster-critical', 'system-node-critical'])
    makeObject(
      world,
      'scheduling.k8s.io/priorityclasses',
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value: name === 'system-node-critical' ? 2_000_001_000 : 2_000_000_000,
        preemptionPolicy: 'PreemptLowerPriority',
      },
      moment,
    );
  for (const name of Object.keys(stockRoles))
    makeObject(world, 'rbac.authorization.k8s.io/clusterroles', stockRole(name), moment);
  makeObject(world, '/services', apiService(), moment);
  return world;
}

export function namespaceOf(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

function stockRole(name: string) {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    rules: stockRoles[name] ?? [],
  };
}

function apiService() {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
      type: 'ClusterIP',
      sessionAffinity: 'None',
    },
    status: { loadBalancer: {} },
  };
}
