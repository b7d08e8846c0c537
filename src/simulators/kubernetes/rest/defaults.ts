/** What stands in an object without having been said. */
import type { KubeObject, ResourceType } from '../world/index.ts';

const secrets = 'Opaque';

export function prepared({ resource, group }: ResourceType, object: KubeObject): KubeObject {
  const spec = (object.spec ?? {}) as Readonly<Record<string, unknown>>;
  switch (`${group}/${resource}`) {
    case '/namespaces': {
      const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
      const metadata = { ...object.metadata, labels };
      return { ...object, metadata, spec: { finalizers: ['kubernetes'], ...spec }, status: { phase: 'Active' } };
    }
    case '/pods': {
      const filled = { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, serviceAccountName: 'default', ...spec };
      return { ...object, spec: filled, status: { phase: 'Pending', qosClass: 'BestEffort' } };
    }
    case '/secrets':
      return { type: secrets, ...object };
    case '/services':
      return { ...object, spec: { type: 'ClusterIP', sessionAffinity: 'None', ...spec }, status: { loadBalancer: {} } };
    case 'apps/deployments': {
      const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };
      const filled = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, ...spec };
      return { ...object, spec: { ...filled, strategy: { ...strategy, ...(spec.strategy as object | undefined) } }, status: {} };
    }
    case 'apps/replicasets':
    case 'apps/statefulsets':
      return { ...object, spec: { replicas: 1, ...spec }, status: {} };
    case 'apps/daemonsets':
    case 'policy/poddisruptionbudgets':
      return { ...object, status: {} };
    case 'admissionregistration.k8s.io/validatingwebhookconfigurations':
    case 'admissionregistration.k8s.io/mutatingwebhookconfigurations': {
      const webhooks = (object.webhooks ?? []) as readonly object[];
      const filled = {
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
      };
      return { ...object, webhooks: webhooks.map((webhook) => ({ ...filled, ...webhook })) };
    }
    case 'apiextensions.k8s.io/customresourcedefinitions':
      return { ...object, spec: { conversion: { strategy: 'None' }, ...spec } };
    default:
      return object;
  }
}
