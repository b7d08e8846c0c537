/** Definitions of somebody's own kinds, and servers of somebody's own APIs. */
import { timeAt } from '../clock.ts';
import type { KubeObject, Moment, World } from '../model.ts';
import { changeObject } from '../objects.ts';
import { listOf, read } from '../store.ts';

interface DefinitionSpec {
  readonly names: object;
  readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
}

/** Names are accepted, and what is stored in which version is remembered. */
export function establishDefinitions(world: World, moment: Moment): void {
  for (const found of listOf(world, 'apiextensions.k8s.io/customresourcedefinitions')) {
    const { names, versions } = found.object.spec as DefinitionSpec;
    const was = (found.object.status ?? {}) as {
      readonly storedVersions?: readonly string[];
      readonly conditions?: readonly object[];
    };
    const storage = versions.find((version) => version.storage)?.name ?? 'v1';
    const storedVersions = [...new Set([...(was.storedVersions ?? []), storage])];
    const lastTransitionTime = timeAt(world, moment.nowMs);
    const conditions = was.conditions ?? [
      { type: 'NamesAccepted', status: 'True', lastTransitionTime, reason: 'NoConflicts', message: 'no conflicts found' },
      {
        type: 'Established',
        status: 'True',
        lastTransitionTime,
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ];
    changeObject(world, found, { ...found.object, status: { ...was, conditions, acceptedNames: names, storedVersions } });
  }
}

interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
}

export interface Availability {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** A server of somebody's own is there when its service has somebody behind it. */
export function judgeApiServices(world: World, moment: Moment): void {
  for (const found of listOf(world, 'apiregistration.k8s.io/apiservices')) {
    const { service } = found.object.spec as { readonly service?: ServiceReference };
    const availability: Availability =
      service === undefined
        ? { status: 'True', reason: 'Local', message: 'Local APIServices are always available' }
        : availabilityOf(world, service);
    const was = conditionOf(found.object);
    if (was?.status === availability.status && was.reason === availability.reason) continue;
    const condition = { type: 'Available', lastTransitionTime: timeAt(world, moment.nowMs), ...availability };
    changeObject(world, found, { ...found.object, status: { conditions: [condition] } });
  }
}

function conditionOf({ status }: KubeObject): Availability | undefined {
  const { conditions = [] } = (status ?? {}) as { readonly conditions?: readonly (Availability & { type: string })[] };
  return conditions.find(({ type }) => type === 'Available');
}

function availabilityOf(world: World, { namespace, name }: ServiceReference): Availability {
  if (read(world, '/services', namespace, name) === undefined)
    return { status: 'False', reason: 'ServiceNotFound', message: `service/${name} in "${namespace}" is not present` };
  if (!hasReadyEndpoint(world, namespace, name)) {
    const message = `endpoints for service/${name} in "${namespace}" have no addresses with port name "https"`;
    return { status: 'False', reason: 'MissingEndpoints', message };
  }
  return { status: 'True', reason: 'Passed', message: 'all checks passed' };
}

export function hasReadyEndpoint(world: World, namespace: string, service: string): boolean {
  return listOf(world, 'discovery.k8s.io/endpointslices', namespace).some(({ object }) => {
    const endpoints = (object.endpoints ?? []) as readonly { readonly conditions?: { readonly ready?: boolean } }[];
    const its = object.metadata.labels?.['kubernetes.io/service-name'] === service;
    return its && endpoints.some(({ conditions }) => conditions?.ready !== false);
  });
}
