import { describe, expect, it } from 'vitest';
import type { ReleaseList } from '../../api/types.ts';
import { targetsOf } from './targets.ts';

const edge = (from: string, to: string) => ({ from, to, mode: 'rolling' as const, requires: [], oneWayDoors: [] });
const release = (version: string, builds: string[]) => ({
  version,
  java: null,
  builds,
  releasedAt: null,
  endOfStandardSupport: null,
  endOfExtendedSupport: null,
  artefacts: [],
});
const elasticsearch: ReleaseList = {
  engine: 'elasticsearch',
  releases: [release('5.6.16', ['ali1.0.2', 'ali1.2.0']), release('6.3.2', ['ali1.0.2', 'ali1.2.0']), release('6.10.0', [])],
  edges: [edge('5.6.16', '6.3.2'), edge('6.3.2', '6.10.0'), edge('6.10.0', '6.3.2'), edge('5.6.16', '6.10.0')],
};

describe('the targets of a cluster', () => {
  it('are the releases that the catalog leads up to, the nearest first, by the fewest hops', () => {
    expect(targetsOf({ version: '5.6.16', build: null }, elasticsearch)).toEqual([
      { version: '6.3.2', hops: 1, build: null },
      { version: '6.10.0', hops: 1, build: null },
    ]);
  });

  it('have none of the ways back', () => {
    expect(targetsOf({ version: '6.10.0', build: null }, elasticsearch)).toEqual([]);
  });

  it('keep to builds where the cluster has one, and leave that of Kubernetes to the server', () => {
    expect(targetsOf({ version: '5.6.16', build: 'ali1.0.2' }, elasticsearch).map(({ build }) => build)).toEqual([
      'ali1.2.0',
      null,
    ]);
    const kubernetes = { ...elasticsearch, engine: 'kubernetes' };
    expect(targetsOf({ version: '6.3.2', build: 'eks.3' }, kubernetes)).toEqual([
      { version: '6.10.0', hops: 1, build: undefined },
    ]);
  });
});
