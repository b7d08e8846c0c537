import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { catalogRelease, type ElasticsearchCatalog } from '../../domain/index.ts';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Texts = Type.Array(Type.String());
const Source = Type.Union([
  Type.Object({ kind: Type.Literal('archive'), url: Type.String(), sha256: Sha256 }),
  Type.Object({ kind: Type.Literal('maven'), coordinate: Type.String({ pattern: '^[^:]+:[^:]+:[^:]+:[^:]+$' }), sha256: Sha256 }),
  Type.Object({ kind: Type.Literal('folder'), path: Type.String() }),
]);
const Release = Type.Object({
  version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$' }),
  java: Type.Union([Type.Object({ min: Type.Integer(), max: Type.Integer() }), Type.Null()]),
  artefacts: Type.Array(Source, { minItems: 1 }),
  builds: Type.Array(
    Type.Object({
      id: Type.String(),
      jvmOptions: Texts,
      settings: Type.Record(Type.String(), Type.String()),
      plugins: Texts,
      artefacts: Type.Optional(Type.Array(Source, { minItems: 1 })),
    }),
  ),
  removedSettings: Texts,
  plugins: Type.Union([Texts, Type.Null()]),
  distribution: Type.Optional(
    Type.Object({ flavor: Type.Union([Type.Literal('oss'), Type.Literal('default')]), modules: Texts }),
  ),
  oldestIndexMajor: Type.Integer(),
});
const Edge = Type.Object({
  from: Type.String(),
  to: Type.String(),
  mode: Type.Union([Type.Literal('rolling'), Type.Literal('restart')]),
  requires: Texts,
  oneWayDoors: Texts,
  doorsPassedBy: Type.Optional(Type.Union([Type.Literal('each-member'), Type.Literal('last-member')])),
});
const Schema = Type.Object({ engine: Type.Literal('elasticsearch'), releases: Type.Array(Release), edges: Type.Array(Edge) });

export type CatalogResult =
  | { readonly kind: 'catalog'; readonly catalog: ElasticsearchCatalog }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

/** Checks a catalog as it was read from its file; each error names the key it is about. */
export function parseCatalog(value: unknown): CatalogResult {
  if (!Value.Check(Schema, value)) {
    return {
      kind: 'invalid',
      errors: [...Value.Errors(Schema, value)].map(
        (error) => `${error.instancePath.slice(1).replaceAll('/', '.') || 'catalog'}: ${error.message}`,
      ),
    };
  }
  const catalog: Static<typeof Schema> = value;
  const loose = catalog.edges.flatMap((edge, index) =>
    [edge.from, edge.to]
      .filter((version) => catalogRelease(catalog, version) === undefined)
      .map((version) => `edges.${index}: there is no release ${version}`),
  );
  const bare = catalog.releases.flatMap((release, index) =>
    release.builds
      .filter((build) => build.plugins.length > 0 && build.artefacts === undefined)
      .map((build) => `releases.${index}.builds: ${build.id} has plugins and no artefacts of its own that bring them`),
  );
  const errors = [...loose, ...bare];
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'catalog', catalog };
}
