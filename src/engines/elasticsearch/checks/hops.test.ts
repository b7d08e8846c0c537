import { describe, expect, it } from 'vitest';
import type { SeenElasticsearch } from '../../../domain/index.ts';
import { findingsOf, type Hop, runChecks } from '../../../domain/index.ts';
import { checks } from './index.ts';
import { aHop, anIndex, ask, catalog, contextOf, eight, findingsIn, known, seven, subjectsOf } from './testing.ts';

const within = aHop('7.10.2', '7.17.29');
const critical = { level: 'critical' as const, message: 'it is gone', subject: 'index a' };
const warning = { level: 'warning' as const, message: 'it changes', subject: 'cluster' };
const node = { version: '7.10.2' };

function reportsFor(route: readonly Hop[], seen: Partial<SeenElasticsearch>) {
  const { hop: _hop, hopIndex: _index, ...context } = contextOf({ seen, node: { version: route[0]?.from.version ?? '' } });
  return runChecks(checks, { ...context, catalog }, route);
}

describe('a route of several hops', () => {
  const route = [seven, eight];
  const indices = [
    anIndex('five', { createdMajor: 5, createdVersion: '5.5.3' }),
    anIndex('shut', { createdMajor: 6, createdVersion: '6.8.23', state: 'close', replicas: 0 }),
    anIndex('.hidden', { createdMajor: 6, createdVersion: '6.8.23', settings: { 'index.hidden': 'true' } }),
  ];

  it('names each index that is too old, closed and hidden ones too, its hop and the remedy', () => {
    const found = findingsOf(reportsFor(route, { indices })).filter((finding) => finding.check === 'es.index-versions');
    expect(found.map(({ hop, kind, subject }) => `${hop} ${kind} ${subject}`)).toEqual([
      '0 hazard index five',
      '1 hazard index five',
      '1 hazard index shut',
      '1 hazard index .hidden',
    ]);
    expect(found[1]?.remedy).toContain('Before the hop 7.17.29 to 8.19.21');
    for (const words of ['7.x', 'reindex', 'scroll and bulk', 'alias']) expect(found[1]?.remedy).toContain(words);
    expect(found[2]?.says).toContain('closed');
  });

  it('is held at once by what is in the way of its first hop, and at a later hop by what is in the way of that', () => {
    const found = findingsOf(reportsFor(route, { indices })).filter((finding) => finding.check === 'es.index-versions');
    expect(found.map((finding) => [finding.hop, finding.loopWaits ?? false])).toEqual([
      [0, false],
      [1, true],
      [1, true],
      [1, true],
    ]);
  });

  it('asks what the first hop changes of the first hop alone', () => {
    const later = reportsFor(route, {}).filter((report) => report.hop === 1);
    expect(later.map((report) => report.check)).toEqual(
      checks.filter((check) => check.scope === 'every-hop').map((check) => check.id),
    );
    expect(later.map((report) => report.check)).not.toContain('es.room-for-shards');
  });
});

describe('what a cluster says of itself', () => {
  it('concerns the next major alone', () => {
    const seen = { deprecations: known([critical]), systemFeatures: known('migration-needed' as const) };
    expect(ask('es.deprecations-are-clear', { seen, hop: within, node }).kind).toBe('not-applicable');
    expect(ask('es.system-features-are-migrated', { seen, hop: within, node }).kind).toBe('not-applicable');
    const beyond = { seen, hop: aHop('8.19.21', '9.2.8'), node, context: { hopIndex: 2 } };
    expect(ask('es.deprecations-are-clear', beyond).kind).toBe('not-applicable');
    expect(ask('es.system-features-are-migrated', beyond).kind).toBe('not-applicable');
  });

  it('counts for a later hop when it is bad, and is no all-clear when it is good', () => {
    const at = (deprecations: SeenElasticsearch['deprecations']) =>
      ask('es.deprecations-are-clear', { seen: { deprecations }, hop: eight, node, context: { hopIndex: 1 } });
    expect(subjectsOf(at(known([critical])))).toEqual(['hazard index a']);
    expect(at(known([])).kind).toBe('not-applicable');
  });

  it('keeps warnings together as one matter of policy', () => {
    const result = ask('es.deprecations-are-clear', { seen: { deprecations: known([warning, critical, warning]) }, hop: eight });
    expect(subjectsOf(result)).toEqual(['hazard index a', 'policy cluster']);
    expect(findingsIn(result)[1]?.evidence).toEqual(['cluster: it changes', 'cluster: it changes']);
  });

  it('holds every upgrade while system features are being migrated, and one to the next major when that failed', () => {
    const state = (value: 'in-progress' | 'error', hop: Hop) =>
      subjectsOf(ask('es.system-features-are-migrated', { seen: { systemFeatures: known(value) }, hop }));
    expect(state('in-progress', within)).toEqual(['hazard system features']);
    expect(state('error', within)).toBe('not-applicable');
    expect(state('error', eight)).toEqual(['hazard system features']);
  });
});

describe('templates', () => {
  const templates = [{ name: 't', settings: {}, mappingTypes: ['a', 'b', '_default_'] }];

  it('with several types are a matter of policy from 6 on, with a default mapping from 7 on', () => {
    const to = (hop: Hop) => findingsIn(ask('es.one-mapping-type', { hop, seen: { templates } })).map((found) => found.says);
    expect(to(aHop('5.6.16', '6.3.2'))).toEqual(['t has the types a, b, which a new index of 6.3.2 cannot have.']);
    expect(to(seven)).toEqual(['t has the types a, b and a _default_ mapping, which a new index of 7.17.29 cannot have.']);
  });
});
