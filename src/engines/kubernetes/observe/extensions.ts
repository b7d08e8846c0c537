import { Type } from 'typebox';
import type { SeenKubernetes } from '../../../domain/index.ts';
import { type KubernetesClient, listReader } from '../client/index.ts';
import { type Look, timeouts, valueOr } from './look.ts';

const Condition = Type.Object({
  type: Type.String(),
  status: Type.String(),
  reason: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
});
const ApiService = Type.Object({
  metadata: Type.Object({ name: Type.String() }),
  spec: Type.Object({
    group: Type.Optional(Type.String()),
    version: Type.Optional(Type.String()),
    service: Type.Optional(Type.Union([Type.Object({ name: Type.Optional(Type.String()) }), Type.Null()])),
  }),
  status: Type.Optional(Type.Object({ conditions: Type.Optional(Type.Array(Condition)) })),
});
const CustomResource = Type.Object({
  metadata: Type.Object({ name: Type.String() }),
  spec: Type.Object({ versions: Type.Array(Type.Object({ name: Type.String(), served: Type.Boolean() })) }),
  status: Type.Optional(Type.Object({ storedVersions: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])) })),
});
const readApiServices = listReader('the list of API services', ApiService);
const readCustomResources = listReader('the list of custom resources', CustomResource);

/** The schemas of custom resources are large. */
const customResourcesPageSize = 50;

export interface LookedAtApiServices {
  readonly unavailable: SeenKubernetes['unavailableApiServices'];
  /** `group/version` of what others serve: nothing of it is kept in our etcd. */
  readonly served: readonly string[];
}

export async function lookAtApiServices(look: Look, client: KubernetesClient): Promise<LookedAtApiServices> {
  const path = '/apis/apiregistration.k8s.io/v1/apiservices';
  const answer = await client.list(path, readApiServices, { timeoutMs: timeouts.listMs, until: look.until });
  const services = valueOr(look, 'apiServices', answer, []);
  return {
    unavailable: services.flatMap(({ metadata, status }) => {
      const available = status?.conditions?.find(({ type }) => type === 'Available');
      if (available === undefined || available.status === 'True') return [];
      return [{ name: metadata.name, says: [available.reason, available.message].filter(Boolean).join(': ') }];
    }),
    served: services.flatMap(({ spec: { group = '', version = '', service } }) =>
      service === undefined || service === null ? [] : [`${group}/${version}`],
    ),
  };
}

/** Those with a version that objects were stored in and that is served no longer. */
export async function lookAtCustomResources(look: Look, client: KubernetesClient): Promise<SeenKubernetes['customResources']> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const answer = await client.list(path, readCustomResources, {
    timeoutMs: timeouts.listMs,
    until: look.until,
    pageSize: customResourcesPageSize,
  });
  return valueOr(look, 'customResources', answer, []).flatMap(({ metadata, spec, status }) => {
    const storedVersions = status?.storedVersions ?? [];
    const servedVersions = spec.versions.filter(({ served }) => served).map(({ name }) => name);
    if (storedVersions.every((version) => servedVersions.includes(version))) return [];
    return [{ name: metadata.name, storedVersions, servedVersions }];
  });
}
