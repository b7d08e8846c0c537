import { describe, expect, it } from 'vitest';
import { type Decision, emptyLedger, type Ledger } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { decide } from './index.ts';
import { aWorld, nodeSpec, observe, passedTrials, planOf, shardOn, type World, worldCluster } from './testing.ts';
import { perform, run } from './testing-run.ts';

const turnsMax = 200;

const three = () =>
  aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], [...shardOn('logs', 'n1', 'n2'), ...shardOn('users', 'n2', 'n3')]);

function decideOn(world: World, ledger: Ledger): Decision {
  const plan = planOf();
  return decide({
    ...{ cluster: worldCluster(world), catalog: { engine: 'elasticsearch', releases: [], edges: [] }, plan },
    ...{ observation: observe(world), ledger, intent: 'go', generation: 1, trials: passedTrials(world, plan) },
    now: new Date(world.nowMs).toISOString(),
  });
}

/** Turns in which no change of settings has an effect; until the end, or until so many freezes were asked for. */
function refusingSettings(world: World, untilFreezes = Number.POSITIVE_INFINITY) {
  const began = world.nowMs;
  let ledger: Ledger = emptyLedger;
  let freezes = 0;
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const decision = decideOn(world, ledger);
    const { move } = decision;
    ledger = decision.ledger;
    if (move.do === 'wait') world.nowMs += move.lookAgainAfterMs;
    else if (move.do !== 'act') return { move, ledger, freezes, tookMs: world.nowMs - began };
    else if (move.move === 'freeze') freezes += 1;
    else perform(world, decision);
    if (freezes === untilFreezes) return { move, ledger, freezes, tookMs: world.nowMs - began };
  }
  throw new Error(`no end within ${turnsMax} turns; ${freezes} freezes`);
}

describe('a cluster that does not take the settings that hold allocation', () => {
  it('is asked again now and then, not at once, and a person is told which settings it is', () => {
    const world = three();
    const { move, freezes, tookMs } = refusingSettings(world);
    expect(move).toMatchObject({ do: 'stop', because: { code: 'es.settings-not-taken' } });
    expect(move.do === 'stop' && move.because.subject).toContain('cluster.routing.allocation.enable');
    expect(freezes).toBe(limits.freezeAttempts);
    expect(tookMs).toBeGreaterThanOrEqual((limits.freezeAttempts - 1) * limits.lookAgainSlowlyMs);
    expect(world.acts.filter((act) => act.startsWith('lift'))).toEqual([]);
  });

  it('is lifted when it takes them after all, and each wave has all its tries', () => {
    const world = three();
    const { ledger } = refusingSettings(world, limits.freezeAttempts - 1);
    const end = run(world, { cluster: worldCluster(world), plan: planOf(), ledger });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(end.last.ledger.attempts.freeze).toBeUndefined();
    expect(world.persistent).toEqual({});
  });
});
