import { describe, expect, it } from 'vitest';
import { type Decision, emptyLedger, type Intent, type Ledger, type MemberIdentity } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { decide } from './index.ts';
import { aWorld, nodeSpec, observe, passedTrials, planOf, shardOn, type World, worldCluster } from './testing.ts';
import { run, stopAll } from './testing-run.ts';

const three = () =>
  aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], [...shardOn('logs', 'n1', 'n2'), ...shardOn('users', 'n2', 'n3')]);

function decideOn(world: World, ledger: Ledger, intent: Intent = 'go', plan = planOf()): Decision {
  return decide({
    cluster: worldCluster(world, { awarenessAttribute: 'zone' }),
    catalog: { engine: 'elasticsearch', releases: [], edges: [] },
    plan,
    observation: observe(world),
    ledger: { ...ledger, generation: 1 },
    intent,
    generation: 1,
    trials: passedTrials(world, plan),
    now: new Date(world.nowMs).toISOString(),
  });
}

function taken(world: World, ...names: readonly string[]): readonly MemberIdentity[] {
  return observe(world).members.flatMap(({ name, joined, process }) => {
    if (!names.includes(name) || joined === null || process.state !== 'running') return [];
    return [{ name, ...joined, process: process.identity }];
  });
}

function nodeOf(world: World, name: string) {
  const node = world.nodes.find((candidate) => candidate.spec.name === name);
  if (node === undefined) throw new Error(`there is no ${name}`);
  return node;
}

describe('a member in hand that came back at the wrong release', () => {
  const cameBack = () => {
    const world = three();
    const inHand = taken(world, 'n2');
    nodeOf(world, 'n2').launches += 1;
    return { world, ledger: { ...emptyLedger, inHand } };
  };

  it('is taken again where the guards let it', () => {
    const { world, ledger } = cameBack();
    expect(decideOn(world, ledger).move).toMatchObject({ do: 'act', move: 'lift-member', on: [{ name: 'n2' }] });
  });

  it('is not taken again while it holds the only copy; a member that fell over is started first', () => {
    const { world, ledger } = cameBack();
    Object.assign(nodeOf(world, 'n1'), { running: true, joined: false });
    world.copies = [...shardOn('logs', 'n2'), ...shardOn('users', 'n2', 'n3')];
    const held = decideOn(world, ledger);
    expect(held.move).toMatchObject({ do: 'wait', for: { code: 'es.every-shard-keeps-a-copy', subject: 'logs/0' } });
    world.nowMs += limits.guardPatienceMs;
    expect(decideOn(world, held.ledger).move).toMatchObject({ do: 'stop', because: { code: 'es.every-shard-keeps-a-copy' } });
    nodeOf(world, 'n1').running = false;
    expect(decideOn(world, ledger).move).toMatchObject({ do: 'act', move: 'start-member', on: [{ name: 'n1' }] });
  });

  it('that may not be taken again gets replicas made meanwhile', () => {
    const { world, ledger } = cameBack();
    world.copies = [...shardOn('logs', 'n2'), ...shardOn('users', 'n2', 'n3')];
    world.persistent['cluster.routing.allocation.enable'] = 'primaries';
    const noted = { ...ledger, ownerSettings: { 'persistent:cluster.routing.allocation.enable': null } };
    expect(decideOn(world, noted).move).toMatchObject({ do: 'act', move: 'thaw' });
  });
});

describe('a wave of several members that was cut off', () => {
  const zoned = () => {
    const world = aWorld(
      [
        nodeSpec('a1', { zone: 'a' }),
        nodeSpec('a2', { zone: 'a', roles: ['data'] }),
        nodeSpec('b1', { zone: 'b' }),
        nodeSpec('c1', { zone: 'c' }),
      ],
      [...shardOn('logs', 'a1', 'b1'), ...shardOn('users', 'a2', 'c1')],
    );
    const inHand = taken(world, 'a1', 'a2');
    stopAll(world, ['a1']);
    return { world, ledger: { ...emptyLedger, inHand } };
  };

  it('lets go who may not be taken any more, and still starts who is away at the new release', () => {
    const { world, ledger } = zoned();
    world.copies = [...shardOn('logs', 'b1'), ...shardOn('users', 'a2')];
    const decision = decideOn(world, ledger);
    expect(decision.move).toMatchObject({
      do: 'act',
      move: 'start-member',
      on: [{ name: 'a1' }],
      parameters: { version: '5.6.16' },
    });
    expect(decision.ledger.inHand.map((identity) => identity.name)).toEqual(['a1']);
  });

  it.each(['pause', 'cancel'] as const)('starts who is away at the new release on a %s, too', (intent) => {
    const { world, ledger } = zoned();
    expect(decideOn(world, ledger, intent).move).toMatchObject({
      do: 'act',
      move: 'start-member',
      on: [{ name: 'a1' }],
      parameters: { version: '5.6.16' },
    });
  });
});

describe('a member that does not stop', () => {
  it('is stopped as often as that is tried, and then a person is asked, with everything put back', () => {
    const world = three();
    const end = run(world, { cluster: worldCluster(world), plan: planOf(), failing: (act) => act.startsWith('lift-member') });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.member-does-not-stop', subject: 'n2' } });
    expect(world.persistent).toEqual({});
    expect(world.nodes.every((node) => node.joined && node.launches === 1)).toBe(true);
  });
});
