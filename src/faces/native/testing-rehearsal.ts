import type { RehearsalPrepared, RehearsalRan } from '../../control/index.ts';
import type { RehearsalReport } from '../../domain/index.ts';
import { samplePlan } from './testing-samples.ts';

const reason = {
  code: 'es.member-does-not-start',
  subject: 'n2',
  says: 'n2 does not start.',
  clearedBy: 'Mend it, then resume.',
};
const thinnest = { atMs: 900, forMs: 7_000, started: 1, of: 2, shards: 4, examples: ['orders/0'], away: ['n2'] };

export const sampleReport: RehearsalReport = {
  seed: 1,
  runs: 2,
  done: 1,
  made: 4,
  wanted: 5,
  tookMs: { min: 21_000, median: 21_000, p90: 21_000, max: 21_000 },
  waveCount: { min: 2, median: 2, p90: 2, max: 2 },
  waves: [['n2'], ['n1']],
  thinnest,
  plane: null,
  findings: [{ kind: 'waits-long', says: 'It waits for more than a minute.', remedy: 'Nothing.', runs: 1 }],
  faults: [
    {
      fault: { fault: 'member-does-not-return', member: 'n2' },
      ...{ status: 'stopped', reason, tookMs: 1_200_000, remarks: [], thinnest, plane: null, violations: [] },
    },
    {
      fault: { fault: 'another-member-lost', member: 'n2', lost: 'n1' },
      ...{
        status: 'done',
        reason: null,
        tookMs: 40_000,
        remarks: ['It is yellow.'],
        thinnest: null,
        plane: null,
        violations: ['n1 took the last copy with it'],
      },
    },
  ],
  violations: [],
  assumed: ['There are no documents.'],
};

/** Two runs are told of, then it ends like this. */
export function sampleRehearsal(
  ran: RehearsalRan = { kind: 'rehearsed', report: sampleReport },
): Extract<RehearsalPrepared, { kind: 'prepared' }> {
  return {
    kind: 'prepared',
    plan: samplePlan(),
    run: async ({ onRun }) => {
      onRun(1, 5);
      onRun(2, 5);
      return ran;
    },
  };
}
