import { describe, expect, it } from 'vitest';
import type { Cluster, ReleaseList, Upgrade } from '../../api/types.ts';
import { type Row, rowsOf, shown, type View } from './rows.ts';

const nowMs = Date.parse('2026-11-25T12:00:00.000Z');

function cluster(name: string, change: Partial<Cluster> = {}): Cluster {
  return {
    id: `id-${name}`,
    name,
    description: '',
    engine: 'elasticsearch',
    origin: 'created',
    region: 'local',
    tags: {},
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    status: 'active',
    statusReason: null,
    release: { version: '6.3.2', build: null },
    nodes: [],
    endpoint: null,
    behindBalancer: [],
    upgradeId: null,
    deleteAfter: null,
    ...change,
  };
}

const node = (name: string, zone: string | null) => ({ name, zone, host: 'local', url: '', roles: ['data'] });
const kubernetes: ReleaseList = {
  engine: 'kubernetes',
  releases: [
    release('1.30', '2025-07-23T00:00:00.000Z', '2026-07-23T00:00:00.000Z'),
    release('1.34', '2026-12-02T00:00:00.000Z', '2027-12-02T00:00:00.000Z'),
    release('1.36', '2027-08-02T00:00:00.000Z', '2028-08-02T00:00:00.000Z'),
  ],
  edges: [],
};

function release(version: string, endOfStandardSupport: string, endOfExtendedSupport: string) {
  return { version, java: null, builds: [], releasedAt: null, endOfStandardSupport, endOfExtendedSupport, artefacts: [] };
}

const plane = (name: string, version: string) => cluster(name, { engine: 'kubernetes', release: { version, build: 'eks.3' } });
const elasticsearch: ReleaseList = { engine: 'elasticsearch', releases: [], edges: [] };
const rows = (clusters: readonly Cluster[], upgrades: readonly Upgrade[] = []) =>
  rowsOf({ clusters, upgrades, releases: [kubernetes, elasticsearch], nowMs });
const usual: View = { search: '', filter: 'all', sort: 'status', isDescending: false };
const names = (found: readonly Row[]) => found.map(({ name }) => name);

describe('the rows of the overview', () => {
  it('tell until when a release is supported, and nothing where the catalog has no dates', () => {
    const found = rows([cluster('es'), plane('old', '1.30'), plane('soon', '1.34'), plane('new', '1.36')]);
    expect(found.map(({ name, support }) => [name, support?.kind])).toEqual([
      ['es', 'not-dated'],
      ['old', 'ended'],
      ['soon', 'standard'],
      ['new', 'standard'],
    ]);
    expect(names(shown(found, { ...usual, filter: 'support' }))).toEqual(['old', 'soon']);
    expect(names(shown(found, { ...usual, sort: 'support' }))).toEqual(['old', 'soon', 'new', 'es']);
  });

  it('say nothing of support before the catalog was read, and know an upgrade from its cluster alone', () => {
    const clusters = [plane('soon', '1.34'), cluster('es', { upgradeId: 'u' })];
    const found = rowsOf({ clusters, upgrades: [], releases: [elasticsearch], nowMs });
    expect(found.map(({ support }) => support)).toEqual([null, { kind: 'not-dated' }]);
    expect(names(shown(found, { ...usual, filter: 'upgrading' }))).toEqual(['es']);
  });

  it('count members and the zones that they are in', () => {
    const [row] = rows([cluster('es', { nodes: [node('a', 'x'), node('b', 'x'), node('c', 'y'), node('d', null)] })]);
    expect(row).toMatchObject({ members: 4, zones: 2 });
  });

  it('say why an upgrade waits rather than why the cluster is so', () => {
    const reason = { code: 'es.settled', subject: 'cluster', says: 'Two shards move.', clearedBy: 'They arrive.' };
    const upgrade = { id: 'u', clusterId: 'id-es', reason, to: { version: '6.7.0', build: null } } as unknown as Upgrade;
    const found = rows([cluster('es', { statusReason: 'It is lifted.' }), cluster('other', { statusReason: 'So.' })], [upgrade]);
    expect(found.map(({ because }) => because)).toEqual(['Two shards move.', 'So.']);
    expect(names(shown(found, { ...usual, filter: 'upgrading' }))).toEqual(['es']);
  });

  it('stand in the order of who needs a person first, then by name as people count', () => {
    const found = rows([
      cluster('b10'),
      cluster('b9'),
      cluster('paused', { status: 'paused' }),
      cluster('stopped', { status: 'stopped' }),
    ]);
    expect(names(shown(found, usual))).toEqual(['stopped', 'paused', 'b9', 'b10']);
    expect(names(shown(found, { ...usual, isDescending: true }))).toEqual(['b9', 'b10', 'paused', 'stopped']);
    expect(names(shown(found, { ...usual, filter: 'person' }))).toEqual(['stopped', 'paused']);
  });

  it('are found by every word of a search, wherever it stands', () => {
    const found = rows([cluster('search-eu', { region: 'eu' }), cluster('search-us', { region: 'us' }), plane('web', '1.34')]);
    const search = (words: string) => names(shown(found, { ...usual, search: words }));
    expect(search('SEARCH eu')).toEqual(['search-eu']);
    expect(search('kube 1.34')).toEqual(['web']);
    expect(search('eks.3')).toEqual(['web']);
    expect(search('search web')).toEqual([]);
    expect(search('  ')).toEqual(['search-eu', 'search-us', 'web']);
  });

  it('are sorted by release within an engine, ten after nine', () => {
    const found = rows([
      plane('b', '1.36'),
      plane('a', '1.30'),
      cluster('e', { release: { version: '10.0.0', build: null } }),
      cluster('d'),
    ]);
    expect(names(shown(found, { ...usual, sort: 'release' }))).toEqual(['d', 'e', 'a', 'b']);
  });
});
