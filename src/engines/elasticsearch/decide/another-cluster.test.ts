import { describe, expect, it } from 'vitest';
import { emptyLedger } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { basisOf } from '../observe/index.ts';
import { aWorld, nodeSpec, observe, planOf, shardOn, worldCluster } from './testing.ts';
import { run, stopAll } from './testing-run.ts';

const three = () =>
  aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], [...shardOn('logs', 'n1', 'n2'), ...shardOn('users', 'n2', 'n3')]);

describe('an upgrade whose urls another cluster answers at', () => {
  it('touches nothing, however alike its nodes are named, says who answers, and goes on once its own cluster is back', () => {
    const world = three();
    const cluster = worldCluster(world);
    const plan = { ...planOf(), basis: basisOf(observe(world)) };
    world.otherCluster = 'ANOTHER';
    const end = run(world, { cluster, plan });
    expect(end.last.move).toMatchObject({
      do: 'stop',
      because: {
        code: 'es.another-cluster-answers',
        says: 'Another cluster answers at the urls of this one: test with the id ANOTHER, not uuid.',
      },
    });
    expect(end.waits.length * 5_000).toBeGreaterThanOrEqual(limits.unreachableMs);
    expect(world.acts).toEqual([]);
    delete world.otherCluster;
    expect(run(world, { cluster, plan, ledger: end.last.ledger, generation: 2 }).last.move).toMatchObject({ as: 'done' });
  });

  it.each(['go', 'pause', 'cancel'] as const)('touches nothing while a member is in hand and allocation held (%s)', (intent) => {
    const world = three();
    const cluster = worldCluster(world);
    const [member] = observe(world).members.filter(({ name }) => name === 'n2');
    if (member?.joined === undefined || member.joined === null || member.process.state !== 'running') throw new Error('n2 runs');
    const inHand = [{ name: 'n2', ...member.joined, process: member.process.identity }];
    const ownerSettings = { 'persistent:cluster.routing.allocation.enable': null };
    stopAll(world, ['n2']);
    world.otherCluster = 'ANOTHER';
    const ledger = { ...emptyLedger, inHand, ownerSettings, generation: 1 };
    const end = run(world, { cluster, plan: planOf(), ledger, intent: () => intent });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.another-cluster-answers' } });
    expect(end.last.ledger).toEqual(ledger);
    expect(world.acts).toEqual([]);
  });

  it('is told from its own cluster that has not recovered its state, and a plan that names no cluster is as it was', () => {
    const world = three();
    const cluster = worldCluster(world);
    world.otherCluster = '_na_';
    const says = expect.stringContaining('has not recovered its state yet');
    expect(run(world, { cluster, plan: planOf() }).last.move).toMatchObject({ do: 'stop', because: { says } });
    expect(run(world, { cluster, plan: { ...planOf(), basis: '' } }).last.move).toMatchObject({ do: 'done' });
  });
});
