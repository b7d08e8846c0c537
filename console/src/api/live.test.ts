import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gatherChanges } from './live.ts';

const queries = new QueryClient();
/** Each time something was read again: its key, and since when. */
let reads: { readonly key: string; readonly atMs: number }[];
let tookMs: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  reads = [];
  tookMs = 0;
  vi.spyOn(queries, 'invalidateQueries').mockImplementation(async (filters) => {
    reads.push({ key: (filters?.queryKey ?? []).join(' '), atMs: performance.now() });
    await new Promise((resolve) => setTimeout(resolve, tookMs));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('notices of changes', () => {
  it('of a moment make everything that shows them be read again once', async () => {
    const changes = gatherChanges(queries);
    for (const id of ['a', 'b', 'a']) changes.add({ kind: 'cluster', id });
    changes.add({ kind: 'upgrade', id: 'u' });
    changes.add('still here');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(reads.map(({ key }) => key).sort()).toEqual([
      'cluster a',
      'cluster b',
      'clusters',
      'overview',
      'upgrade u',
      'upgrades',
    ]);
  });

  it('are waited for the longer, the longer reading takes, and none is lost meanwhile', async () => {
    const changes = gatherChanges(queries);
    tookMs = 2_000;
    changes.add({ kind: 'cluster', id: 'a' });
    await vi.advanceTimersByTimeAsync(1_000);
    changes.add({ kind: 'cluster', id: 'b' });
    await vi.advanceTimersByTimeAsync(20_000);
    const [first, second] = ['cluster a', 'cluster b'].map((key) =>
      reads.filter((read) => read.key === key).map(({ atMs }) => atMs),
    );
    expect([first?.length, second?.length]).toEqual([1, 1]);
    expect((second?.[0] ?? 0) - (first?.[0] ?? 0)).toBe(2_000 + 3 * 2_000);
  });

  it('make nothing be read any more once nobody listens', async () => {
    const changes = gatherChanges(queries);
    changes.all();
    changes.stop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(reads).toEqual([]);
  });
});
