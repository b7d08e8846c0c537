/** What the releases from 1.34 to 1.37 serve, as far as the simulation goes. */
import type { ResourceType, ResourceVersionOf } from './resources.ts';

type More = Partial<Omit<ResourceType, 'group' | 'resource' | 'kind' | 'namespaced'>>;

const v1: readonly ResourceVersionOf[] = [{ version: 'v1' }];
const status = { subresources: ['status'] };
const scaled = { subresources: ['scale', 'status'] };
const review = { verbs: ['create'] };
const measured = { verbs: ['get', 'list'], versions: [{ version: 'v1beta1' }], measured: true } as const;

function type(group: string, resource: string, kind: string, namespaced: boolean, more: More = {}): ResourceType {
  return { group, resource, kind, namespaced, versions: v1, subresources: [], ...more };
}

/** A version that goes in 1.37, off by default, beside the one that stays. */
function leaving(version: string, kind: string): readonly ResourceVersionOf[] {
  const group = kind === 'VolumeAttributesClass' ? 'storage.k8s.io' : 'networking.k8s.io';
  const says = `${group}/${version} ${kind} is deprecated in v1.34+, unavailable in v1.37+`;
  return [{ version: 'v1' }, { version, until: '1.37', beta: true, deprecated: { removed: '1.37', says } }];
}

const core: readonly ResourceType[] = [
  type('', 'componentstatuses', 'ComponentStatus', false, {
    shortNames: ['cs'],
    versions: [{ version: 'v1', deprecated: { removed: '', says: 'v1 ComponentStatus is deprecated in v1.19+' } }],
    verbs: ['get', 'list'],
  }),
  type('', 'configmaps', 'ConfigMap', true, { shortNames: ['cm'] }),
  type('', 'endpoints', 'Endpoints', true, {
    shortNames: ['ep'],
    versions: [
      {
        version: 'v1',
        deprecated: { removed: '', says: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice' },
      },
    ],
  }),
  type('', 'events', 'Event', true, { shortNames: ['ev'] }),
  type('', 'limitranges', 'LimitRange', true, { shortNames: ['limits'] }),
  type('', 'namespaces', 'Namespace', false, { shortNames: ['ns'], subresources: ['finalize', 'status'] }),
  type('', 'nodes', 'Node', false, { shortNames: ['no'], ...status }),
  type('', 'persistentvolumeclaims', 'PersistentVolumeClaim', true, { shortNames: ['pvc'], ...status }),
  type('', 'persistentvolumes', 'PersistentVolume', false, { shortNames: ['pv'], ...status }),
  type('', 'pods', 'Pod', true, {
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['attach', 'binding', 'eviction', 'exec', 'log', 'portforward', 'status'],
  }),
  type('', 'podtemplates', 'PodTemplate', true),
  type('', 'replicationcontrollers', 'ReplicationController', true, { shortNames: ['rc'], ...scaled }),
  type('', 'resourcequotas', 'ResourceQuota', true, { shortNames: ['quota'], ...status }),
  type('', 'secrets', 'Secret', true),
  type('', 'serviceaccounts', 'ServiceAccount', true, { shortNames: ['sa'], subresources: ['token'] }),
  type('', 'services', 'Service', true, { shortNames: ['svc'], categories: ['all'], ...status }),
];

const all = { categories: ['all'] };

const groups: readonly ResourceType[] = [
  type('apiregistration.k8s.io', 'apiservices', 'APIService', false, status),
  type('apps', 'controllerrevisions', 'ControllerRevision', true),
  type('apps', 'daemonsets', 'DaemonSet', true, { shortNames: ['ds'], ...all, ...status }),
  type('apps', 'deployments', 'Deployment', true, { shortNames: ['deploy'], ...all, ...scaled }),
  type('apps', 'replicasets', 'ReplicaSet', true, { shortNames: ['rs'], ...all, ...scaled }),
  type('apps', 'statefulsets', 'StatefulSet', true, { shortNames: ['sts'], ...all, ...scaled }),
  type('events.k8s.io', 'events', 'Event', true, { shortNames: ['ev'] }),
  type('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview', false, review),
  type('authentication.k8s.io', 'tokenreviews', 'TokenReview', false, review),
  type('authorization.k8s.io', 'localsubjectaccessreviews', 'LocalSubjectAccessReview', true, review),
  type('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', false, review),
  type('authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', false, review),
  type('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', false, review),
  type('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', true, {
    shortNames: ['hpa'],
    versions: [{ version: 'v2' }, { version: 'v1' }],
    ...all,
    ...status,
  }),
  type('batch', 'cronjobs', 'CronJob', true, { shortNames: ['cj'], ...all, ...status }),
  type('batch', 'jobs', 'Job', true, { ...all, ...status }),
  type('certificates.k8s.io', 'certificatesigningrequests', 'CertificateSigningRequest', false, {
    shortNames: ['csr'],
    subresources: ['approval', 'status'],
  }),
  type('certificates.k8s.io', 'clustertrustbundles', 'ClusterTrustBundle', false, {
    versions: [{ version: 'v1', since: '1.37', firstStoredAs: 'v1beta1' }],
  }),
  type('certificates.k8s.io', 'podcertificaterequests', 'PodCertificateRequest', true, {
    versions: [{ version: 'v1', since: '1.37', firstStoredAs: 'v1beta1' }],
    ...status,
  }),
  type('networking.k8s.io', 'ingressclasses', 'IngressClass', false),
  type('networking.k8s.io', 'ingresses', 'Ingress', true, { shortNames: ['ing'], ...status }),
  type('networking.k8s.io', 'ipaddresses', 'IPAddress', false, { shortNames: ['ip'], versions: leaving('v1beta1', 'IPAddress') }),
  type('networking.k8s.io', 'networkpolicies', 'NetworkPolicy', true, { shortNames: ['netpol'] }),
  type('networking.k8s.io', 'servicecidrs', 'ServiceCIDR', false, { versions: leaving('v1beta1', 'ServiceCIDR'), ...status }),
  type('policy', 'poddisruptionbudgets', 'PodDisruptionBudget', true, { shortNames: ['pdb'], ...status }),
  type('rbac.authorization.k8s.io', 'clusterrolebindings', 'ClusterRoleBinding', false),
  type('rbac.authorization.k8s.io', 'clusterroles', 'ClusterRole', false),
  type('rbac.authorization.k8s.io', 'rolebindings', 'RoleBinding', true),
  type('rbac.authorization.k8s.io', 'roles', 'Role', true),
  type('storage.k8s.io', 'csidrivers', 'CSIDriver', false),
  type('storage.k8s.io', 'csinodes', 'CSINode', false),
  type('storage.k8s.io', 'csistoragecapacities', 'CSIStorageCapacity', true),
  type('storage.k8s.io', 'storageclasses', 'StorageClass', false, { shortNames: ['sc'] }),
  type('storage.k8s.io', 'volumeattachments', 'VolumeAttachment', false, status),
  type('storage.k8s.io', 'volumeattributesclasses', 'VolumeAttributesClass', false, {
    shortNames: ['vac'],
    versions: leaving('v1beta1', 'VolumeAttributesClass'),
  }),
  type('admissionregistration.k8s.io', 'mutatingadmissionpolicies', 'MutatingAdmissionPolicy', false, {
    versions: [{ version: 'v1', since: '1.36', firstStoredAs: 'v1beta1' }],
  }),
  type('admissionregistration.k8s.io', 'mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', false, {
    versions: [{ version: 'v1', since: '1.36', firstStoredAs: 'v1beta1' }],
  }),
  type('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', false),
  type('admissionregistration.k8s.io', 'validatingadmissionpolicies', 'ValidatingAdmissionPolicy', false, status),
  type('admissionregistration.k8s.io', 'validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', false),
  type('admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', false),
  type('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition', false, {
    shortNames: ['crd', 'crds'],
    ...status,
  }),
  type('scheduling.k8s.io', 'priorityclasses', 'PriorityClass', false, { shortNames: ['pc'] }),
  type('coordination.k8s.io', 'leases', 'Lease', true),
  type('metrics.k8s.io', 'nodes', 'NodeMetrics', false, measured),
  type('metrics.k8s.io', 'pods', 'PodMetrics', true, measured),
  type('node.k8s.io', 'runtimeclasses', 'RuntimeClass', false),
  type('discovery.k8s.io', 'endpointslices', 'EndpointSlice', true),
  type('flowcontrol.apiserver.k8s.io', 'flowschemas', 'FlowSchema', false, status),
  type('flowcontrol.apiserver.k8s.io', 'prioritylevelconfigurations', 'PriorityLevelConfiguration', false, status),
  type('resource.k8s.io', 'deviceclasses', 'DeviceClass', false),
  type('resource.k8s.io', 'devicetaintrules', 'DeviceTaintRule', false, {
    versions: [{ version: 'v1', since: '1.37', firstStoredAs: 'v1beta2' }],
    ...status,
  }),
  type('resource.k8s.io', 'resourceclaims', 'ResourceClaim', true, status),
  type('resource.k8s.io', 'resourceclaimtemplates', 'ResourceClaimTemplate', true),
  type('resource.k8s.io', 'resourceslices', 'ResourceSlice', false),
  type('storagemigration.k8s.io', 'storageversionmigrations', 'StorageVersionMigration', false, {
    versions: [{ version: 'v1', since: '1.37', firstStoredAs: 'v1beta1' }],
    ...status,
  }),
];

export const builtin: readonly ResourceType[] = [...core, ...groups];
