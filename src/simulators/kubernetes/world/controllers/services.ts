import { newSuffix } from '../clock.ts';
import { isPodReady } from '../eviction.ts';
import type { KubeObject, Moment, World } from '../model.ts';
import { changeObject, makeObject } from '../objects.ts';
import { selects } from '../selectors.ts';
import { listOf } from '../store.ts';

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
}

const slices = 'discovery.k8s.io/endpointslices';

/** Who is behind each service. */
export function tellEndpoints(world: World, moment: Moment): void {
  for (const { object: service } of listOf(world, '/services')) {
    const { selector } = service.spec as ServiceSpec;
    if (selector === undefined || Object.keys(selector).length === 0) continue;
    const { namespace = '', name, uid = '' } = service.metadata;
    const body = sliceOf(world, service, selector);
    const found = listOf(world, slices, namespace).find(
      ({ object }) => object.metadata.labels?.['kubernetes.io/service-name'] === name,
    );
    if (found !== undefined) {
      changeObject(world, found, { ...found.object, ...body });
      continue;
    }
    const metadata = {
      namespace,
      name: `${name}-${newSuffix(moment.random)}`,
      generateName: `${name}-`,
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
    };
    makeObject(world, slices, { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, ...body }, moment);
  }
}

function sliceOf(world: World, service: KubeObject, selector: Readonly<Record<string, string>>) {
  const { ports = [] } = service.spec as ServiceSpec;
  const endpoints = listOf(world, '/pods', service.metadata.namespace).flatMap(({ object }) => {
    const { podIP } = (object.status ?? {}) as { readonly podIP?: string };
    if (podIP === undefined || !selects({ matchLabels: selector }, object.metadata.labels ?? {})) return [];
    const terminating = object.metadata.deletionTimestamp !== undefined;
    const ready = isPodReady(object);
    return [
      {
        addresses: [podIP],
        conditions: { ready: ready && !terminating, serving: ready, terminating },
        targetRef: { kind: 'Pod', namespace: object.metadata.namespace, name: object.metadata.name, uid: object.metadata.uid },
        nodeName: (object.spec as { readonly nodeName?: string }).nodeName,
      },
    ];
  });
  const named = ports.map(({ name = '', port, protocol = 'TCP' }) => ({ name, port, protocol }));
  return { addressType: 'IPv4', endpoints, ports: named };
}
