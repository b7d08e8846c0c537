import type { ArtefactSource, ElasticsearchCatalog } from '../domain/index.ts';

/**
 * A catalog whose Maven artefacts are first looked for as archives below an address of the user's own: the same files with
 * the same checksums. `{artifact}` and `{version}` in the template stand for what Maven calls so.
 */
export function withMirror(catalog: ElasticsearchCatalog, template: string | null): ElasticsearchCatalog {
  if (template === null) return catalog;
  const releases = catalog.releases.map((release) => ({
    ...release,
    artefacts: release.artefacts.flatMap((source): readonly ArtefactSource[] =>
      source.kind === 'maven'
        ? [{ kind: 'archive', url: urlOf(template, source.coordinate), sha256: source.sha256 }, source]
        : [source],
    ),
  }));
  return { ...catalog, releases };
}

function urlOf(template: string, coordinate: string): string {
  const [, artifact = '', version = ''] = coordinate.split(':');
  return template.replaceAll('{artifact}', artifact).replaceAll('{version}', version);
}
