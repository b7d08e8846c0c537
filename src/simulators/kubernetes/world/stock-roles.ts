/** The roles that every cluster has for people, as real clusters give them: who may only look sees neither secrets nor roles nor nodes. */
interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const everything: readonly Rule[] = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
const look = ['get', 'list', 'watch'];
const change = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const workloads = ['daemonsets', 'deployments', 'replicasets', 'statefulsets'];

function withParts(resources: readonly string[], parts: readonly string[]): readonly string[] {
  return resources.flatMap((one) => [one, ...parts.map((part) => `${one}/${part}`)]);
}

/** What people work with in a namespace, by group. */
const ofNamespaces: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['configmaps', 'endpoints', 'pods', 'serviceaccounts'],
    ...withParts(['persistentvolumeclaims', 'services'], ['status']),
    ...withParts(['replicationcontrollers'], ['scale', 'status']),
  ],
  apps: ['controllerrevisions', ...withParts(workloads, ['scale', 'status'])],
  autoscaling: withParts(['horizontalpodautoscalers'], ['status']),
  batch: withParts(['cronjobs', 'jobs'], ['status']),
  'networking.k8s.io': ['networkpolicies', ...withParts(['ingresses'], ['status'])],
  policy: withParts(['poddisruptionbudgets'], ['status']),
};

/** What nobody changes by hand. */
const onlySeen: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['bindings', 'events', 'limitranges', 'pods/log', 'pods/status'],
    ...withParts(['namespaces', 'resourcequotas'], ['status']),
  ],
  'discovery.k8s.io': ['endpointslices'],
  'metrics.k8s.io': ['pods'],
};

function rules(resources: Readonly<Record<string, readonly string[]>>, verbs: readonly string[]): readonly Rule[] {
  return Object.entries(resources).map(([group, all]) => ({ apiGroups: [group], resources: all, verbs }));
}

const view = [...rules(ofNamespaces, look), ...rules(onlySeen, look)];
const edit = [
  ...view,
  ...rules({ '': ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'] }, look),
  ...rules({ '': ['serviceaccounts'] }, ['impersonate']),
  ...rules({ '': ['pods/attach', 'pods/eviction', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets'] }, change),
  ...rules({ '': ['serviceaccounts/token'] }, ['create']),
  ...rules(ofNamespaces, change),
  ...rules({ 'coordination.k8s.io': ['leases'] }, [...look, ...change]),
];
const admin = [
  ...edit,
  ...rules({ 'authorization.k8s.io': ['localsubjectaccessreviews'] }, ['create']),
  ...rules({ 'rbac.authorization.k8s.io': ['rolebindings', 'roles'] }, [...look, ...change]),
];

export const stockRoles: Readonly<Record<string, readonly Rule[]>> = { 'cluster-admin': everything, admin, edit, view };
