import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { catalogRelease, type KubernetesCatalog, type KubernetesComponent, type Release } from '../../domain/index.ts';

const Texts = Type.Array(Type.String());
const Minor = Type.String({ pattern: '^\\d+\\.\\d+$' });
const Patch = Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$' });
const Moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Source = Type.Union([
  Type.Object({ kind: Type.Literal('component'), name: Type.String() }),
  Type.Object({ kind: Type.Literal('archive'), url: Type.String(), sha256: Sha256 }),
  Type.Object({ kind: Type.Literal('archive'), url: Type.String(), sha256Url: Type.String() }),
  Type.Object({ kind: Type.Literal('folder'), path: Type.String() }),
]);
const Sources = Type.Array(Source, { minItems: 1 });
const components = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'front-door',
  'node',
] as const satisfies readonly KubernetesComponent[];
const Flags = Type.Object(Object.fromEntries(components.map((name) => [name, Type.Optional(Texts)])), {
  additionalProperties: false,
});
const ReleaseSchema = Type.Object({
  version: Minor,
  etcd: Patch,
  releasedAt: Moment,
  endOfStandardSupport: Moment,
  endOfExtendedSupport: Moment,
  artefacts: Sources,
  builds: Type.Array(
    Type.Object({ id: Type.String({ pattern: '^eks\\.\\d+$' }), patch: Patch, artefacts: Type.Optional(Sources) }),
    { minItems: 1 },
  ),
  defaultBuild: Type.String(),
  removedGates: Texts,
  removedFlags: Flags,
  removedApis: Texts,
  introducedApis: Texts,
  addons: Type.Record(Type.String(), Type.String()),
});
const Edge = Type.Object({
  from: Type.String(),
  to: Type.String(),
  mode: Type.Literal('rolling'),
  requires: Texts,
  oneWayDoors: Texts,
  back: Type.Optional(Type.Literal(true)),
});
const Schema = Type.Object({
  engine: Type.Literal('kubernetes'),
  etcd: Type.Array(Type.Object({ version: Patch, artefacts: Sources })),
  releases: Type.Array(ReleaseSchema),
  edges: Type.Array(Edge),
});

export type CatalogResult =
  | { readonly kind: 'catalog'; readonly catalog: KubernetesCatalog }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

/** Checks a catalog as it was read from its file; each error names the key it is about. */
export function parseKubernetesCatalog(value: unknown): CatalogResult {
  if (!Value.Check(Schema, value)) {
    return {
      kind: 'invalid',
      errors: [...Value.Errors(Schema, value)].map(
        (error) => `${error.instancePath.slice(1).replaceAll('/', '.') || 'catalog'}: ${error.message}`,
      ),
    };
  }
  const catalog: Static<typeof Schema> = value;
  const errors = [...looseEdges(catalog), ...looseReleases(catalog)];
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'catalog', catalog: catalog as KubernetesCatalog };
}

function looseEdges(catalog: Static<typeof Schema>): readonly string[] {
  return catalog.edges.flatMap((edge, index) =>
    [edge.from, edge.to]
      .filter((version) => !catalog.releases.some((release) => release.version === version))
      .map((version) => `edges.${index}: there is no release ${version}`),
  );
}

function looseReleases(catalog: Static<typeof Schema>): readonly string[] {
  return catalog.releases.flatMap((release, index) => [
    ...(catalog.etcd.some(({ version }) => version === release.etcd)
      ? []
      : [`releases.${index}.etcd: there is no etcd ${release.etcd}`]),
    ...(release.builds.some(({ id }) => id === release.defaultBuild)
      ? []
      : [`releases.${index}.defaultBuild: there is no build ${release.defaultBuild}`]),
    ...release.builds
      .filter(({ patch }) => !patch.startsWith(`${release.version}.`))
      .map(({ id, patch }) => `releases.${index}.builds: ${id} is ${patch}, which is no patch of ${release.version}`),
  ]);
}

/** The patch that a release means, `1.36.3`; null where the catalog does not know it. */
export function patchOf(catalog: KubernetesCatalog, { version, build }: Release): string | null {
  const release = catalogRelease(catalog, version);
  return release?.builds.find(({ id }) => id === (build ?? release.defaultBuild))?.patch ?? null;
}

/** The etcd that a release means: a version of etcd is taken as it is, one of Kubernetes brings its own. */
export function etcdReleaseOf(catalog: KubernetesCatalog, release: Release): Release {
  if (catalog.etcd.some(({ version }) => version === release.version)) return { version: release.version, build: null };
  return { version: catalogRelease(catalog, release.version)?.etcd ?? release.version, build: null };
}
