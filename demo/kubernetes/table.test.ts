import { describe, expect, it } from 'vitest';
import type { LoadReport } from '../../test/rig/index.ts';
import { partOf } from './client.ts';
import { showVersion } from './members.ts';
import { type DemoResult, isWhole, reportOf, tableOf, wrongOf } from './table.ts';

const load: LoadReport = {
  requests: 9_120,
  reads: 5_000,
  writes: 4_120,
  retried: 3,
  failed: 0,
  failures: [],
  p50Ms: 9,
  p99Ms: 120,
  longestGapMs: 340,
  watch: { reopened: 6, missed: [], duplicated: [] },
  objects: { written: 1_640, found: 1_640, lost: [], differing: [] },
  seconds: 304,
};
const client = { requests: 3_000, retried: 2, failed: 0, slowestP99Ms: 410 };
const result: DemoResult = {
  calledBy: 'the aws CLI 1',
  hops: [{ from: '1.36', to: '1.37', seconds: 98.4, client, phases: [{ name: 'etcd: a snapshot', seconds: 1.2, client }] }],
  load,
  pods: { before: 4, same: 4 },
};

describe('the end of the story of Kubernetes', () => {
  it('is a table with each hop, its parts, and what the client found at the end', () => {
    const table = tableOf(result);
    expect(table[2]).toMatch(/^1\.36 → 1\.37\s+98\.4\s+3,000\s+2\s+0\s+410 ms$/);
    expect(table[3]).toMatch(/^ {2}etcd: a snapshot\s+1\.2\s/);
    expect(table.slice(-4)).toEqual([
      'the whole run: 9,120 requests in 304 s, 0 failed, 3 retried on the wire; p50 9 ms, p99 120 ms, longest gap 340 ms',
      'objects: 1,640 written, 1,640 found, 0 lost, 0 differing',
      'watch: reopened 6 times, 0 events missed, 0 seen twice',
      'workload: 4 pods before, 4 of them run still, untouched',
    ]);
  });

  it('is a report with counts', () => {
    expect(reportOf(result)).toMatchObject({
      engine: 'kubernetes',
      calledBy: 'the aws CLI 1',
      hops: [{ from: '1.36', to: '1.37', seconds: 98.4, client, phases: [{ name: 'etcd: a snapshot', seconds: 1.2 }] }],
      client: { requests: 9_120, retried: 3, failed: 0, longestGapMs: 340 },
      watch: { reopened: 6, missed: 0, duplicated: 0 },
      objects: { written: 1_640, found: 1_640, lost: 0, differing: 0 },
      pods: { before: 4, same: 4 },
    });
  });

  it('is whole only when nothing failed, was lost, changed, missed or touched', () => {
    expect(isWhole(result)).toBe(true);
    const wrong: readonly Partial<DemoResult>[] = [
      { load: { ...load, failed: 1 } },
      { load: { ...load, objects: { ...load.objects, lost: ['a'] } } },
      { load: { ...load, objects: { ...load.objects, differing: ['a'] } } },
      { load: { ...load, watch: { ...load.watch, missed: ['a'] } } },
      { load: { ...load, watch: { ...load.watch, duplicated: ['a'] } } },
      { pods: { before: 4, same: 3 } },
    ];
    for (const change of wrong) expect(isWhole({ ...result, ...change })).toBe(false);
    expect(wrongOf({ ...result, pods: { before: 4, same: 3 } })).toEqual([
      'of the workload, 1 of 4 pods are gone or were replaced',
    ]);
  });
});

it('counts what the client did in a part of the run from what it said each second', () => {
  const said = (second: number, requests: number, p99Ms: number) => ({
    at: new Date(second * 1000).toISOString(),
    requests,
    failed: second > 3 ? 1 : 0,
    retriedOnTheWire: second,
    p99Ms,
  });
  const progress = [said(1, 30, 5), said(2, 60, 7), said(3, 90, 40), said(4, 120, 9)];
  expect(partOf(progress, 1_000, 3_500)).toEqual({ requests: 60, retried: 2, failed: 0, slowestP99Ms: 40 });
  expect(partOf(progress, 0, 4_000)).toEqual({ requests: 120, retried: 4, failed: 1, slowestP99Ms: 40 });
  expect(partOf(progress, 1_100, 1_500)).toEqual({ requests: 0, retried: 0, failed: 0, slowestP99Ms: null });
});

it('shows what an apiserver behaves as where that is another minor than its own', () => {
  const version = (emulationMinor?: string) => ({
    gitVersion: 'v1.37.2',
    ...(emulationMinor === undefined ? {} : { emulationMajor: '1', emulationMinor }),
  });
  expect(showVersion(version('36'))).toBe('1.37.2 as 1.36');
  expect(showVersion(version('37'))).toBe('1.37.2');
  expect(showVersion(version())).toBe('1.37.2');
  expect(showVersion({})).toBeNull();
});
