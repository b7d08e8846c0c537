import type { SeenKubernetes } from '../../../domain/index.ts';
import { type Moment, makeObject, namespaceOf, read, type World } from '../world/index.ts';

/** Webhooks that fail closed: those that nobody was there for are away here as well. What each refuses is not known. */
export function loadWebhooks(world: World, seen: SeenKubernetes['failingClosedWebhooks'], moment: Moment): void {
  for (const [number, { webhook, target, unreachable, resources }] of seen.entries()) {
    const [namespace, service] = target.split('/');
    const inside = namespace !== undefined && service !== undefined && !target.includes(':');
    const clientConfig = inside ? { service: { namespace, name: service } } : { url: target };
    const rules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources }];
    const configuration = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: `twin-${number + 1}` },
      webhooks: [
        { name: webhook, clientConfig, rules, failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'] },
      ],
    };
    if (inside && !unreachable) loadService(world, namespace, service, moment);
    makeObject(world, 'admissionregistration.k8s.io/validatingwebhookconfigurations', configuration, moment);
  }
}

function loadService(world: World, namespace: string, name: string, moment: Moment): void {
  if (read(world, '/namespaces', '', namespace) === undefined) makeObject(world, '/namespaces', namespaceOf(namespace), moment);
  if (read(world, '/services', namespace, name) !== undefined) return;
  const metadata = { name, namespace };
  makeObject(world, '/services', { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 443 }] } }, moment);
  const labels = { 'kubernetes.io/service-name': name };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-twin`, namespace, labels },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
  };
  makeObject(world, 'discovery.k8s.io/endpointslices', slice, moment);
}
