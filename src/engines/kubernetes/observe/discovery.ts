import { type Static, Type } from 'typebox';
import { catalogRelease, type KubernetesCatalog, type SeenKubernetes } from '../../../domain/index.ts';
import { type KubernetesClient, listReader, reader } from '../client/index.ts';
import type { AnsweringApiserver } from './apiservers.ts';
import { type Look, timeouts, valueOr } from './look.ts';

const readGroups = reader(
  'the list of API groups',
  Type.Object({ groups: Type.Array(Type.Object({ versions: Type.Array(Type.Object({ groupVersion: Type.String() })) })) }),
);
const readResources = reader(
  'the list of API resources',
  Type.Object({
    resources: Type.Array(Type.Object({ name: Type.String(), storageVersionHash: Type.Optional(Type.String()) })),
  }),
);
const Named = Type.Object({
  metadata: Type.Object({
    namespace: Type.Optional(Type.String()),
    name: Type.String(),
    managedFields: Type.Optional(Type.Array(Type.Object({ manager: Type.Optional(Type.String()) }))),
  }),
});
const readNamed = listReader('the list of objects', Named);

/** How the control plane signs what it writes. */
const controlPlane = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
/** Groups asked for side by side at one apiserver. */
const lanes = 4;
/** Of an API that only newer versions serve, so many objects are named. */
const namedMax = 500;

/**
 * Storage version hash of what an apiserver keeps in etcd, by `group/version/resource` (`v1/pods` of the group without a
 * name). `others`: group versions that somebody else serves.
 */
export async function lookAtStorageVersions(
  look: Look,
  { client, seen }: AnsweringApiserver,
  others: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const limits = { timeoutMs: timeouts.listMs, until: look.until };
  const groups = valueOr(
    look,
    'storageVersions',
    await client.get('/apis', readGroups, limits),
    { groups: [] },
    `of ${seen.name}`,
  );
  const versions = groups.groups
    .flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion))
    .filter((version) => !others.includes(version));
  const asked = [{ version: 'v1', path: '/api/v1' }, ...versions.map((version) => ({ version, path: `/apis/${version}` }))];
  const found: Record<string, string> = {};
  const lane = async () => {
    for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
      const answer = await client.get(next.path, readResources, limits);
      // Apiservers of several minors list what the newest of them has: an older one names it and does not serve it.
      if (answer.kind === 'status' && answer.status === 404) continue;
      const { resources } = valueOr(look, 'storageVersions', answer, { resources: [] }, `of ${seen.name}`);
      for (const { name, storageVersionHash } of resources)
        if (storageVersionHash) found[`${next.version}/${name}`] = storageVersionHash;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => a.localeCompare(b)));
}

/** Objects that can be reached only through APIs that a minor brought, asked of an apiserver that behaves as it. */
export async function lookAtNewerObjects(
  look: Look,
  client: KubernetesClient,
  minor: string,
  served: readonly string[],
): Promise<SeenKubernetes['newerObjects']> {
  const looks = onlyNewer(look.catalog, minor, served).map(async (api) => {
    const page = await client.page(pathOf(api), readNamed, null, {
      timeoutMs: timeouts.listMs,
      until: look.until,
      pageSize: namedMax,
    });
    // Not served: under emulation, or switched off.
    if (page.kind === 'status' && page.status === 404) return [];
    const { items } = valueOr(look, 'newerObjects', page, { items: [] }, api);
    const names = items
      .filter(isSomebodys)
      .map(({ metadata: { namespace, name } }) => (namespace === undefined ? name : `${namespace}/${name}`));
    return names.length === 0 ? [] : [{ api, names }];
  });
  return (await Promise.all(looks)).flat();
}

/** What only the control plane itself has written it makes again, and nobody misses. */
function isSomebodys({ metadata: { managedFields = [] } }: Static<typeof Named>): boolean {
  return managedFields.length === 0 || managedFields.some(({ manager = '' }) => !controlPlane.includes(manager));
}

/** An object that an older version of the same API shows as well stays in sight on the way back. */
function onlyNewer(catalog: KubernetesCatalog, minor: string, served: readonly string[]): readonly string[] {
  const introduced = catalogRelease(catalog, minor)?.introducedApis ?? [];
  const older = served.filter((api) => !introduced.includes(api)).map(withoutVersion);
  return introduced.filter((api) => !older.includes(withoutVersion(api)));
}

function withoutVersion(api: string): string {
  const parts = api.split('/');
  return parts.length === 3 ? `${parts[0]}/${parts[2]}` : `/${parts[1]}`;
}

function pathOf(api: string): string {
  return api.split('/').length === 3 ? `/apis/${api}` : `/api/${api}`;
}
