import { describe, expect, it } from 'vitest';
import type { RehearsedRun } from '../domain/index.ts';
import { reportOf } from './rehearse-report.ts';

const run = (change: Partial<RehearsedRun>): RehearsedRun => ({
  seed: 1,
  fault: null,
  status: 'done',
  reason: null,
  tookMs: 1,
  waves: [['n1']],
  violations: [],
  ...change,
});

describe('the report of a rehearsal', () => {
  it('tells the spread of the runs that ended done without a fault, and of no others', () => {
    const plain = Array.from({ length: 10 }, (_, number) => run({ tookMs: (number + 1) * 10 }));
    const fault = { fault: 'member-does-not-return', member: 'n2' } as const;
    const report = reportOf(1, [...plain, run({ fault, status: 'stopped', tookMs: 9_999 })]);
    expect(report.tookMs).toEqual({ min: 10, median: 50, p90: 90, max: 100 });
    expect(report.faults).toEqual([{ fault, status: 'stopped', reason: null, tookMs: 9_999 }]);
  });

  it('names runs without a fault that did not end done, and tells no spread where none did', () => {
    const stopped = run({ status: 'stopped', violations: ['a last copy', 'a last copy'] });
    const report = reportOf(1, [stopped]);
    expect([report.tookMs, report.waves]).toEqual([null, null]);
    expect(report.endedOtherwise).toEqual([stopped]);
    expect(report.violations).toEqual(['a last copy']);
  });
});
