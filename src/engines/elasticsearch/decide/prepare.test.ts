import { describe, expect, it } from 'vitest';
import { type Decision, emptyLedger, type Ledger, type TrialOutcome } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { prepare } from './prepare.ts';
import { situationOf } from './situation.ts';
import { aWorld, nodeSpec, observe, passedTrials, planOf, shardOn, worldCluster } from './testing.ts';

const at = '2026-01-01T00:00:00.000Z';
const couldNotRun: TrialOutcome = { kind: 'could-not-run', at, because: 'only 12 MB are free' };

/** A trial of n2 with that outcome, all others passed. */
function decideWith(
  outcome: TrialOutcome,
  options: { acknowledged?: readonly string[]; ledger?: Ledger; afterMs?: number } = {},
): Decision | null {
  const world = aWorld([nodeSpec('n1'), nodeSpec('n2')], shardOn('logs', 'n1', 'n2'));
  const plan = planOf();
  const ledger = options.ledger ?? emptyLedger;
  const situation = situationOf({
    cluster: worldCluster(world),
    catalog: { engine: 'elasticsearch', releases: [], edges: [] },
    plan,
    observation: observe(world),
    ledger,
    intent: 'go',
    generation: 1,
    trials: passedTrials(world, plan).map((trial) => (trial.key.member === 'n2' ? { ...trial, outcome } : trial)),
    acknowledged: options.acknowledged ?? [],
    now: new Date(world.nowMs + (options.afterMs ?? 0)).toISOString(),
  });
  return prepare(situation, ledger);
}

describe('a trial start that could not run', () => {
  it('is waited for with what would clear it, and nothing is touched', () => {
    const move = decideWith(couldNotRun)?.move;
    expect(move).toMatchObject({ do: 'wait', for: { code: 'es.trial-start-could-not-run', subject: 'n2' } });
    if (move?.do !== 'wait') return;
    expect(move.for.says).toContain('only 12 MB are free');
    for (const way of ['memory', 'time', 'clusterlift:trial=off', 'es.trial-start-passed'])
      expect(move.for.clearedBy).toContain(way);
  });

  it('stops the upgrade with the same reason when it has not passed in time, also while it is tried again', () => {
    const ledger = decideWith(couldNotRun)?.ledger ?? emptyLedger;
    expect(decideWith({ kind: 'running', since: at }, { ledger })?.move).toMatchObject({ do: 'wait' });
    const late = { ledger, afterMs: limits.trialWaitMs + 1 };
    expect(decideWith(couldNotRun, late)?.move).toMatchObject({ do: 'stop', because: { code: 'es.trial-start-could-not-run' } });
    expect(decideWith({ kind: 'running', since: at }, late)?.move).toMatchObject({
      do: 'stop',
      because: { code: 'es.trial-start-does-not-finish' },
    });
  });

  it('is done without where a person has acknowledged that, and another check acknowledged is not enough', () => {
    const acts = (acknowledged: readonly string[]) => decideWith(couldNotRun, { acknowledged })?.move.do ?? 'nothing holds';
    expect(acts(['es.trial-start-passed'])).toBe('nothing holds');
    expect(acts(['es.snapshot-is-recent'])).toBe('wait');
  });

  it('is all that an acknowledgement waves through: a refusal stops, and one that still runs is waited for', () => {
    const acknowledged = ['es.trial-start-passed'];
    expect(decideWith({ kind: 'refused', at, lastLines: ['no'] }, { acknowledged })?.move.do).toBe('stop');
    expect(decideWith({ kind: 'pending' }, { acknowledged })?.move.do).toBe('wait');
  });

  it.each<TrialOutcome>([{ kind: 'off' }, { kind: 'passed', at, tookMs: 1, archive: null }])(
    'and one that is $kind holds nothing',
    (outcome) => {
      expect(decideWith(outcome)).toBeNull();
    },
  );
});
