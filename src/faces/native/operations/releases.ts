import type { KubernetesRelease } from '../../../domain/index.ts';
import { ok } from '../call.ts';
import { notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { ReleaseList, ReleasesQuery } from '../wire/index.ts';

const listReleases = operation({
  id: 'listReleases',
  tag: 'releases',
  method: 'GET',
  path: '/releases',
  summary: 'The releases of an engine and the ways between them',
  query: ReleasesQuery,
  answers: { 200: { description: 'The catalog.', schema: ReleaseList } },
  errors: ['not-found'],
  run: async ({ control }, { query }) => {
    const engine = query.engine ?? 'elasticsearch';
    const catalog = control.catalogOf(engine);
    if (catalog === undefined) return notFound('engine', engine);
    return ok({
      engine: catalog.engine,
      releases: catalog.releases.map(({ version, builds, artefacts, ...others }) => ({
        version,
        java: 'java' in others ? (others.java as { min: number; max: number } | null) : null,
        builds: builds.map((build) => build.id),
        ...supportOf(others),
        // Kinds only: an address may hold credentials.
        artefacts: artefacts.map((source) => source.kind),
      })),
      edges: catalog.edges.map(({ from, to, mode, requires, oneWayDoors }) => ({ from, to, mode, requires, oneWayDoors })),
    });
  },
});

/** Where the catalog has no dates of support, as for Elasticsearch, all three are null. */
function supportOf(release: object) {
  const { releasedAt = null, endOfStandardSupport = null, endOfExtendedSupport = null } = release as Partial<KubernetesRelease>;
  return { releasedAt, endOfStandardSupport, endOfExtendedSupport };
}

export const releaseOperations: readonly Operation[] = [listReleases];
