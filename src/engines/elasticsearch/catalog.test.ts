import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compareVersions, findRoute } from '../../domain/index.ts';
import { parseCatalog } from './catalog.ts';
import { matches } from './checks/check.ts';
import { aWorld, nodeSpec, worldCluster } from './decide/testing.ts';
import { launch } from './launch/index.ts';

const file: unknown = parse(readFileSync('catalog/elasticsearch.yaml', 'utf8'));
const result = parseCatalog(file);
if (result.kind === 'invalid') throw new Error(result.errors.join('; '));
const { catalog } = result;
const release = (version: string, build: string | null = null) => ({ version, build });

describe('the Elasticsearch catalog', () => {
  it('leads from 5.5.3 to 6.7.0 by the three documented steps', () => {
    const route = findRoute(catalog, release('5.5.3'), release('6.7.0'));
    expect(route.kind === 'route' && route.hops.map((hop) => hop.to.version)).toEqual(['5.6.16', '6.3.2', '6.7.0']);
  });

  it('leads on from 6.7.0 to 8.19.21 through the last minor of each major', () => {
    const route = findRoute(catalog, release('6.7.0'), release('8.19.21'));
    expect(route.kind === 'route' && route.hops.map((hop) => hop.to.version)).toEqual(['6.8.23', '7.17.29', '8.19.21']);
  });

  it('tells a downgrade, the same release, an unknown version and an unknown build apart', () => {
    expect(findRoute(catalog, release('6.7.0'), release('5.6.16')).kind).toBe('downgrade');
    expect(findRoute(catalog, release('6.7.0'), release('6.7.0')).kind).toBe('already-there');
    expect(findRoute(catalog, release('6.7.0'), release('6.7.1')).kind).toBe('unknown-version');
    expect(findRoute(catalog, release('6.7.0'), release('6.7.0', 'ali9')).kind).toBe('unknown-build');
    expect(findRoute(catalog, release('8.19.9'), release('8.19.9', 'ali1.2.0'))).toMatchObject({
      kind: 'route',
      hops: [{ to: { build: 'ali1.2.0' } }],
    });
  });

  it('has only routes that go up, each hop an edge, whichever two versions are asked for', () => {
    const version = fc.constantFrom(...catalog.releases.map((candidate) => candidate.version));
    fc.assert(
      fc.property(version, version, (a, b) => {
        const route = findRoute(catalog, release(a), release(b));
        if (route.kind !== 'route') return;
        let at = a;
        for (const hop of route.hops) {
          expect(hop.from.version).toBe(at);
          expect(compareVersions(hop.to.version, at)).toBeGreaterThan(0);
          expect(catalog.edges.some((edge) => edge.from === at && edge.to === hop.to.version)).toBe(true);
          at = hop.to.version;
        }
        expect(at).toBe(b);
      }),
    );
  });

  it('never calls a setting removed that members of that release are started with', () => {
    const cluster = worldCluster(aWorld([nodeSpec('n1', { zone: 'a' })]), { awarenessAttribute: 'zone', repositoryPath: '/r' });
    for (const { version, removedSettings, builds } of catalog.releases) {
      const build = builds[0]?.id ?? null;
      const files = launch(cluster, catalog, 'n1', { version, build }, { kind: 'first' }).files;
      const text = files.find((made) => made.path.endsWith('elasticsearch.yml'))?.text ?? '';
      const names = text.split('\n').map((line) => line.split(': ')[0] ?? '');
      expect(names.length, version).toBeGreaterThan(10);
      expect(
        names.filter((name) => removedSettings.some((pattern) => matches(pattern, name))),
        version,
      ).toEqual([]);
    }
  });

  it('names the key that is wrong', () => {
    const wrong = parseCatalog({
      ...(file as object),
      edges: [{ from: '1.0.0', to: '6.7.0', mode: 'rolling', requires: [], oneWayDoors: [] }],
    });
    expect(wrong).toEqual({ kind: 'invalid', errors: ['edges.0: there is no release 1.0.0'] });
    const missing = parseCatalog({ engine: 'elasticsearch', releases: [{ version: 'six' }], edges: [] });
    expect(missing.kind === 'invalid' && missing.errors.some((error) => error.startsWith('releases.0'))).toBe(true);
  });

  it('wants an artefact of its own for a build with plugins: nothing is installed beside one', () => {
    const release = result.kind === 'catalog' ? result.catalog.releases[0] : undefined;
    const build = { id: 'own', jvmOptions: [], settings: {}, plugins: ['analysis-icu'] };
    const withBuild = (change: object) =>
      parseCatalog({ engine: 'elasticsearch', edges: [], releases: [{ ...release, builds: [{ ...build, ...change }] }] });
    expect(withBuild({})).toEqual({
      kind: 'invalid',
      errors: ['releases.0.builds: own has plugins and no artefacts of its own that bring them'],
    });
    expect(withBuild({ artefacts: [{ kind: 'folder', path: '/opt/es-with-icu' }] }).kind).toBe('catalog');
  });
});
