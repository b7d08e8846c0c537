import { expect, it } from 'vitest';
import { ask, catalog, eight, findingsIn, seven, six, subjectsOf } from './testing.ts';

const id = 'es.distribution-fits';

it('holds the way from the default distribution to the OSS one, which cannot read what the other wrote', () => {
  expect(subjectsOf(ask(id, { hop: seven, node: { flavor: 'default', modules: ['x-pack-core'] } }))).toEqual([
    'hazard distribution',
  ]);
});

it('does not count what Elasticsearch itself has given up, and counts it before', () => {
  const node = { flavor: null, modules: ['lang-groovy', 'transport-netty3'] };
  expect(subjectsOf(ask(id, { hop: six, node }))).toBe('passed');
  expect(subjectsOf(ask(id, { node }))).toEqual(['policy modules lang-groovy, transport-netty3']);
});

it('judges a later hop by what the artefact before it holds, not by what runs now', () => {
  const poor = { flavor: 'oss' as const, modules: ['reindex'] };
  const releases = catalog.releases.map((one) => (one.version === '8.19.21' ? { ...one, distribution: poor } : one));
  const context = { catalog: { ...catalog, releases }, hopIndex: 1 };
  const result = ask(id, { hop: eight, node: { modules: ['own'] }, context });
  expect(subjectsOf(result)).toEqual(['policy modules lang-painless']);
  expect(findingsIn(result)[0]?.remedy).toContain('8.19.21');
});
