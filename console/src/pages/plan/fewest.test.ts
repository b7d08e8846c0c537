import { describe, expect, it } from 'vitest';
import type { Rehearsal } from '../../api/index.ts';
import { fewestOf } from './fewest.ts';

type Plane = NonNullable<Rehearsal['plane']>;

const plane = (fewestReady: Plane['fewestReady']): Plane => ({
  fewestReady,
  withoutApiserverMs: 0,
  etcdAway: 0,
  etcdOf: 3,
  withoutQuorumMs: 0,
  withoutControllerManagerMs: 0,
  withoutSchedulerMs: 0,
  nodesAway: 0,
  nodesOf: 0,
});

describe('what a rehearsed twin had least of', () => {
  it('is apiservers of a control plane, never copies of shards', () => {
    const low = { atMs: 1_000, forMs: 2_000, ready: 1, of: 2, away: ['apiserver-1'] };
    expect(fewestOf({ plane: plane(low), thinnest: null })).toEqual(['Fewest apiservers', '1 of 2 ready, for 2 s']);
    expect(fewestOf({ plane: plane(null), thinnest: null })).toEqual(['Fewest apiservers', 'as many as should be, all the time']);
  });

  it('is copies of a shard of Elasticsearch', () => {
    const thinnest = { atMs: 0, forMs: 3_000, started: 1, of: 2, shards: 4, examples: ['orders/0'], away: ['es-1'] };
    expect(fewestOf({ plane: null, thinnest })).toEqual(['Fewest copies', '1 of 2 of 4 shards, for 3 s']);
    expect(fewestOf({ plane: null, thinnest: null })).toEqual(['Fewest copies', 'every shard keeps all of its copies']);
  });
});
