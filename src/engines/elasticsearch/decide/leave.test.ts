import { describe, expect, it } from 'vitest';
import {
  type Decision,
  emptyLedger,
  type Intent,
  type Ledger,
  type Observation,
  type SeenElasticsearch,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { decide } from './index.ts';
import { aWorld, nodeSpec, observe, passedTrials, planOf, shardOn, type World, worldCluster } from './testing.ts';
import { perform, run } from './testing-run.ts';

const three = () =>
  aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], [...shardOn('logs', 'n1', 'n2'), ...shardOn('users', 'n2', 'n3')]);
const allocation = 'cluster.routing.allocation.enable';
const rebalance = 'cluster.routing.rebalance.enable';
const frozen = { [allocation]: 'primaries', [rebalance]: 'none' };
const noted = { [`persistent:${allocation}`]: 'all', [`persistent:${rebalance}`]: null };

function decideOn(world: World, ledger: Ledger, intent: Intent, busy = false, generation = 1): Decision {
  const plan = planOf();
  return decide({
    cluster: worldCluster(world),
    catalog: { engine: 'elasticsearch', releases: [], edges: [] },
    plan,
    observation: busy ? withBusyMaster(observe(world)) : observe(world),
    ledger,
    intent,
    generation,
    trials: passedTrials(world, plan),
    now: new Date(world.nowMs).toISOString(),
  });
}

function withBusyMaster(observation: Observation<SeenElasticsearch>): Observation<SeenElasticsearch> {
  if (observation.cluster.kind !== 'seen') throw new Error('the world is seen');
  const { seen } = observation.cluster;
  const health = { ...seen.health, timedOut: true, pendingTasks: 9 };
  return { ...observation, cluster: { kind: 'seen', seen: { ...seen, health } } };
}

/** The owner has a value of his own, the freeze was noted and asked for, and its answer never came. */
function freezeUnanswered(): { world: World; ledger: Ledger } {
  const world = three();
  world.persistent[allocation] = 'all';
  const decision = decideOn(world, emptyLedger, 'go');
  expect(decision.move).toMatchObject({ do: 'act', move: 'freeze' });
  expect(decision.ledger.ownerSettings).toEqual(noted);
  return { world, ledger: decision.ledger };
}

describe('leaving with a freeze whose answer never came', () => {
  it('keeps the note of the owner’s values while it waits, and puts them back when the freeze lands late', () => {
    const { world, ledger } = freezeUnanswered();
    const busy = decideOn(world, ledger, 'pause', true);
    expect(busy.move).toMatchObject({ do: 'wait', for: { code: 'es.tasks-pending' } });
    expect(busy.ledger.ownerSettings).toEqual(noted);
    Object.assign(world.persistent, frozen);
    const thaw = decideOn(world, busy.ledger, 'pause');
    expect(thaw.move).toMatchObject({ do: 'act', move: 'thaw', parameters: noted });
    perform(world, thaw);
    const end = run(world, { cluster: worldCluster(world), plan: planOf(), ledger: thaw.ledger, intent: () => 'pause' });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'paused' });
    expect(end.last.ledger.ownerSettings).toEqual({});
    expect(world.persistent).toEqual({ [allocation]: 'all' });
  });

  it('ends after two quiet looks, the freeze landing between them too', () => {
    const { world, ledger } = freezeUnanswered();
    const first = decideOn(world, ledger, 'cancel');
    expect(first.move).toMatchObject({ do: 'wait', for: { code: 'es.settings-put-back' } });
    expect(first.ledger.ownerSettings).toEqual(noted);
    const second = decideOn(world, first.ledger, 'cancel');
    expect(second.move).toMatchObject({ do: 'done', as: 'cancelled' });
    expect(second.ledger.ownerSettings).toEqual({});
    Object.assign(world.persistent, frozen);
    expect(decideOn(world, first.ledger, 'cancel').move).toMatchObject({ do: 'act', move: 'thaw', parameters: noted });
  });

  it('that ends before the cluster is quiet keeps the note, and the next generation puts back what it says', () => {
    const { world, ledger } = freezeUnanswered();
    const waiting = decideOn(world, ledger, 'pause', true);
    world.nowMs += limits.exitSettleMs;
    const ended = decideOn(world, waiting.ledger, 'pause', true);
    expect(ended.move).toMatchObject({ do: 'done', as: 'paused' });
    expect(ended.ledger.ownerSettings).toEqual(noted);
    Object.assign(world.persistent, frozen);
    const end = run(world, { cluster: worldCluster(world), plan: planOf(), ledger: ended.ledger, generation: 2 });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.persistent).toEqual({ [allocation]: 'all' });
  });
});
