import { expect, it } from 'vitest';
import type { ElasticsearchCatalog } from '../domain/index.ts';
import { withMirror } from './mirror.ts';

const release = (version: string, artefacts: ElasticsearchCatalog['releases'][number]['artefacts']) => ({
  version,
  java: null,
  artefacts,
  builds: [],
  removedSettings: [],
  plugins: null,
  oldestIndexMajor: 5,
});
const maven = { kind: 'maven', coordinate: 'org.x:es-oss:6.7.0:zip', sha256: 'aa' } as const;
const folder = { kind: 'folder', path: '/opt/es' } as const;
const catalog: ElasticsearchCatalog = {
  engine: 'elasticsearch',
  edges: [],
  releases: [release('6.7.0', [maven]), release('6.8.23', [folder])],
};

it('looks for each Maven artefact at the mirror first, with the same checksum', () => {
  const [first, second] = withMirror(catalog, 'http://mirror/es/{artifact}-{version}.zip').releases;
  expect(first?.artefacts).toEqual([{ kind: 'archive', url: 'http://mirror/es/es-oss-6.7.0.zip', sha256: 'aa' }, maven]);
  expect(second?.artefacts).toEqual([folder]);
});

it('changes nothing where there is no mirror', () => {
  expect(withMirror(catalog, null)).toBe(catalog);
});
