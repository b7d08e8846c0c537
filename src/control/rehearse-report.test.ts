import { describe, expect, it } from 'vitest';
import type { Plan, Reason, RehearsedRun, ThinMoment } from '../domain/index.ts';
import { reportOf } from './rehearse-report.ts';

const run = (change: Partial<RehearsedRun>): RehearsedRun => ({
  seed: 1,
  fault: null,
  status: 'done',
  reason: null,
  tookMs: 1,
  waves: [['n1']],
  waits: [],
  remarks: [],
  thinnest: null,
  plane: null,
  violations: [],
  ...change,
});
const job = { seed: 1, plan: { hops: [{ waves: [['n1']] }] } as unknown as Plan };
const reason: Reason = {
  code: 'es.red',
  subject: 'the cluster',
  says: 'The cluster is red.',
  clearedBy: 'Bring the primary up.',
};
const thin = (change: Partial<ThinMoment>): ThinMoment => ({
  ...{ atMs: 0, forMs: 1, started: 1, of: 2, shards: 1, examples: ['one/0'], away: ['n1'] },
  ...change,
});

describe('the report of a rehearsal', () => {
  it('tells the spread of the runs that ended done without a fault, and of no others', () => {
    const plain = Array.from({ length: 10 }, (_, number) => run({ tookMs: (number + 1) * 10 }));
    const fault = { fault: 'member-does-not-return', member: 'n2' } as const;
    const report = reportOf(job, [...plain, run({ fault, status: 'stopped', reason, tookMs: 9_999 })], 12, []);
    expect(report).toMatchObject({ made: 11, wanted: 12, runs: 10, done: 10, findings: [] });
    expect(report.tookMs).toEqual({ min: 10, median: 50, p90: 90, max: 100 });
    expect(report.faults).toEqual([
      { fault, status: 'stopped', reason, tookMs: 9_999, remarks: [], thinnest: null, plane: null, violations: [] },
    ]);
  });

  it('finds runs without a fault that did not end done, and tells no spread where none did', () => {
    const waits = [{ reason, tookMs: 120_000 }];
    const stopped = run({ status: 'stopped', reason, waits, violations: ['a last copy', 'a last copy'] });
    const report = reportOf(job, [stopped, stopped], 2, []);
    expect([report.tookMs, report.waveCount, report.waves]).toEqual([null, null, []]);
    const says = 'It ends stopped: The cluster is red.';
    expect(report.findings).toEqual([{ kind: 'ends-otherwise', says, remedy: 'Bring the primary up.', runs: 2 }]);
    expect(report.violations).toEqual(['a last copy']);
  });

  it('finds remarks, waits of more than a minute and other waves than those of the plan', () => {
    const report = reportOf(
      job,
      [
        run({ waits: [{ reason, tookMs: 59_999 }] }),
        run({ waits: [{ reason, tookMs: 60_000 }], remarks: ['It is yellow.', 'It is yellow.'], waves: [['n2'], ['n1', 'a']] }),
      ],
      2,
      [],
    );
    expect(report.findings.map(({ kind, says, runs }) => [kind, says, runs])).toEqual([
      ['goes-on-in-spite', 'It is yellow.', 1],
      ['waits-long', 'It waits for more than a minute: The cluster is red.', 1],
      ['other-waves', 'The waves differ from those of the plan: n2, then a + n1.', 1],
    ]);
  });

  it('takes the same waves in another order for what the plan expects', () => {
    const plan = { hops: [{ waves: [['n1'], ['n2', 'n3']] }] } as unknown as Plan;
    const told = (waves: readonly (readonly string[])[]) => reportOf({ seed: 1, plan }, [run({ waves })], 1, []).findings;
    expect(told([['n3', 'n2'], ['n1']])).toEqual([]);
    expect(told([['n1'], ['n2'], ['n3']])).toMatchObject([{ kind: 'other-waves' }]);
  });

  it('tells the moment with the fewest copies of all runs without a fault', () => {
    const worst = thin({ shards: 7, forMs: 3 });
    const fault = { fault: 'recoveries-slow' } as const;
    const runs = [
      run({ thinnest: thin({ shards: 3, forMs: 99 }) }),
      run({ thinnest: worst }),
      run({ thinnest: thin({ started: 2, of: 3, shards: 50 }) }),
      run({ fault, thinnest: thin({ started: 0 }) }),
    ];
    expect(reportOf(job, runs, 4, []).thinnest).toEqual(worst);
  });
});
