/** Which APIs there are. */
import { allVerbs, groupVersionOf, listOf, type ResourceType, servedBy, storageVersionHash } from '../world/index.ts';
import type { ApiResponse, Ask } from './message.ts';
import { noSuchPath, ok, status } from './status.ts';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const scaleKinds: Readonly<Record<string, object>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  binding: { kind: 'Binding' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
};

interface GroupVersions {
  readonly group: string;
  /** Best first. */
  readonly versions: readonly string[];
  readonly types: readonly ResourceType[];
}

interface Foreign {
  readonly group: string;
  readonly version: string;
  readonly available: boolean;
}

/** `/api`, `/apis` and what lists the resources of one version. Null: it is no question of discovery. */
export function answerDiscovery(ask: Ask, words: readonly string[]): ApiResponse | null {
  const [root, ...rest] = words;
  const wantsAll = (ask.request.headers.accept ?? '').includes('as=APIGroupDiscoveryList');
  if (root === 'api') {
    if (rest.length === 0) return wantsAll ? aggregated(ask, true) : coreVersions();
    return rest.length === 1 ? resources(ask, '', rest[0] ?? '') : null;
  }
  if (rest.length === 0) return wantsAll ? aggregated(ask, false) : groupList(ask);
  if (rest.length === 1) return oneGroup(ask, rest[0] ?? '');
  return rest.length === 2 ? resources(ask, rest[0] ?? '', rest[1] ?? '') : null;
}

function coreVersions(): ApiResponse {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' }];
  return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs });
}

function groupsOf(ask: Ask): readonly GroupVersions[] {
  const away = foreign(ask).flatMap(({ group, available }) => (available ? [] : [group]));
  const types = servedBy(ask.world, ask.apiserver).filter(({ group, measured }) => measured !== true || !away.includes(group));
  const names = [...new Set(types.map(({ group }) => group))];
  return names.map((group) => {
    const its = types.filter((type) => type.group === group);
    const versions = [...new Set(its.flatMap((type) => type.versions.map(({ version }) => version)))];
    return { group, types: its, versions: versions.sort((a, b) => rank(b) - rank(a)) };
  });
}

/** `v2` before `v1` before `v1beta1` before `v1alpha1`. */
function rank(version: string): number {
  const [, major = '0', stage, minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  const stages = stage === undefined ? 2 : Number(stage === 'beta');
  return stages * 10_000 + Number(major) * 100 + Number(minor);
}

function foreign(ask: Ask): readonly Foreign[] {
  return listOf(ask.world, 'apiregistration.k8s.io/apiservices').flatMap(({ object }) => {
    const { group = '', version, service } = object.spec as { group?: string; version: string; service?: object };
    const { conditions = [] } = (object.status ?? {}) as { readonly conditions?: readonly { type: string; status: string }[] };
    const available = conditions.some((one) => one.type === 'Available' && one.status === 'True');
    return service === undefined ? [] : [{ group, version, available }];
  });
}

/** Those that we have nothing of. */
function onlyForeign(ask: Ask): readonly Foreign[] {
  const own = groupsOf(ask).map(({ group }) => group);
  return foreign(ask).filter(({ group }) => !own.includes(group));
}

function groupObject(group: string, versions: readonly string[]) {
  const listed = versions.map((version) => ({ groupVersion: groupVersionOf(group, version), version }));
  return { name: group, versions: listed, preferredVersion: listed[0] };
}

function groupList(ask: Ask): ApiResponse {
  const own = groupsOf(ask)
    .filter(({ group }) => group !== '')
    .map(({ group, versions }) => groupObject(group, versions));
  const others = onlyForeign(ask).map(({ group, version }) => groupObject(group, [version]));
  return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: [...own, ...others] });
}

function oneGroup(ask: Ask, name: string): ApiResponse {
  const found = groupsOf(ask).find(({ group }) => group === name);
  if (found !== undefined) return ok({ kind: 'APIGroup', apiVersion: 'v1', ...groupObject(name, found.versions) });
  const other = foreign(ask).find(({ group }) => group === name);
  return other === undefined ? noSuchPath() : ok({ kind: 'APIGroup', apiVersion: 'v1', ...groupObject(name, [other.version]) });
}

export function unavailable(): ApiResponse {
  return status(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
}

/** Whether somebody else's server answers for this version, and is away. */
export function isForeignAndAway(ask: Ask, group: string, version: string): boolean {
  return foreign(ask).some((one) => one.group === group && one.version === version && !one.available);
}

function resources(ask: Ask, group: string, version: string): ApiResponse {
  const types = servedBy(ask.world, ask.apiserver).filter(
    (type) => type.group === group && type.versions.some((one) => one.version === version),
  );
  const other = foreign(ask).find((one) => one.group === group && one.version === version);
  if (other !== undefined && !other.available) return ok('service unavailable\n', 503);
  if (types.length === 0 && other === undefined) return noSuchPath();
  const groupVersion = groupVersionOf(group, version);
  return ok({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: types.flatMap(describe) });
}

function describe(type: ResourceType): readonly object[] {
  const { resource, kind, namespaced, shortNames, categories, verbs, subresources } = type;
  const singularName = kind.toLowerCase();
  const own = {
    name: resource,
    singularName,
    namespaced,
    kind,
    verbs: verbsOfKind(type),
    ...(shortNames === undefined ? {} : { shortNames }),
    ...(categories === undefined ? {} : { categories }),
    ...(verbs === undefined ? { storageVersionHash: storageVersionHash(type) } : {}),
  };
  const subs = subresources.map((name) => ({
    name: `${resource}/${name}`,
    singularName: '',
    namespaced,
    kind,
    ...scaleKinds[name],
    verbs: verbsOf(name),
  }));
  return [own, ...subs];
}

/** Namespaces go one by one. */
function verbsOfKind({ group, resource, verbs = allVerbs }: ResourceType): readonly string[] {
  return group === '' && resource === 'namespaces' ? verbs.filter((verb) => verb !== 'deletecollection') : verbs;
}

function verbsOf(subresource: string): readonly string[] {
  if (['eviction', 'binding', 'token'].includes(subresource)) return ['create'];
  if (subresource === 'log') return ['get'];
  return subresource === 'finalize' ? ['update'] : ['get', 'patch', 'update'];
}

/** All of it in one answer, as clients ask for it first. */
function aggregated(ask: Ask, core: boolean): ApiResponse {
  const own = groupsOf(ask)
    .filter(({ group }) => (group === '') === core)
    .map(({ group, versions, types }) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        freshness: 'Current',
        resources: types
          .filter((type) => type.versions.some((one) => one.version === version))
          .map((type) => describeAggregated(type, version)),
      })),
    }));
  const others = onlyForeign(ask).map(({ group, version, available }) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: [{ version, freshness: available ? 'Current' : 'Stale', resources: [] }],
  }));
  const body = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: core ? own : [...own, ...others],
  };
  return ok(body, 200, { 'content-type': aggregatedType });
}

function describeAggregated(
  { group, resource, kind, namespaced, shortNames, categories, verbs, subresources }: ResourceType,
  version: string,
) {
  const responseKind = { group, version, kind };
  return {
    resource,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.toLowerCase(),
    verbs: verbs ?? allVerbs,
    ...(shortNames === undefined ? {} : { shortNames }),
    ...(categories === undefined ? {} : { categories }),
    subresources: subresources.map((name) => ({
      subresource: name,
      responseKind: { ...responseKind, ...scaleKinds[name] },
      verbs: verbsOf(name),
    })),
  };
}
