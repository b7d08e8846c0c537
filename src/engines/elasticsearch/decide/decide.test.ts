import { describe, expect, it } from 'vitest';
import { type ElasticsearchRelease, emptyLedger, type Hop } from '../../../domain/index.ts';
import { aWorld, nodeSpec, planOf, shardOn, theHop, type World, worldCluster } from './testing.ts';
import { run, stopAll } from './testing-run.ts';

const three = () =>
  aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], [...shardOn('logs', 'n1', 'n2'), ...shardOn('users', 'n2', 'n3')]);

describe('decide', () => {
  it('lifts one member after the other, the elected master last, and ends clean', () => {
    const world = three();
    const end = run(world, { cluster: worldCluster(world), plan: planOf() });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts.filter((act) => act.startsWith('lift'))).toEqual(['lift-member n2', 'lift-member n3', 'lift-member n1']);
    expect(world.persistent).toEqual({});
    expect(world.violations).toEqual([]);
    expect(world.nodes.map((node) => node.launches)).toEqual([2, 2, 2]);
  });

  it('puts back exactly the values of the owner, at the level where they were', () => {
    const world = three();
    world.transient['cluster.routing.allocation.enable'] = 'all';
    world.persistent['cluster.routing.rebalance.enable'] = 'replicas';
    run(world, { cluster: worldCluster(world), plan: planOf() });
    expect(world.transient).toEqual({ 'cluster.routing.allocation.enable': 'all' });
    expect(world.persistent).toEqual({ 'cluster.routing.rebalance.enable': 'replicas' });
  });

  it('takes a zone at a time where copies are kept apart by zone, the zone of the elected master last', () => {
    const specs = ['a', 'b', 'c'].flatMap((zone) =>
      [1, 2, 3].map((number) => nodeSpec(`${zone}${number}`, { zone, roles: number === 1 ? ['master', 'data'] : ['data'] })),
    );
    const world = aWorld(specs, [
      ...shardOn('logs', 'a1', 'b2'),
      ...shardOn('users', 'b3', 'c1'),
      ...shardOn('more', 'c2', 'a3'),
    ]);
    run(world, { cluster: worldCluster(world, { awarenessAttribute: 'zone' }), plan: planOf() });
    expect(world.acts.filter((act) => act.startsWith('lift'))).toEqual([
      'lift-member b1,b2,b3',
      'lift-member c1,c2,c3',
      'lift-member a1,a2,a3',
    ]);
    expect(world.violations).toEqual([]);
  });

  it('stops for a person rather than taking the only copy of a shard', () => {
    const world = aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], shardOn('single', 'n2'));
    const end = run(world, { cluster: worldCluster(world), plan: planOf() });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.every-shard-keeps-a-copy', subject: 'single/0' } });
    expect(world.violations).toEqual([]);
    expect(world.persistent).toEqual({});
  });

  it('walks a route up to the hop whose target cannot open an index, names it, and goes on once it is gone', () => {
    const world = three();
    world.indices = { old: 5, fine: 6 };
    const second: Hop = { ...theHop, from: theHop.to, to: { version: '6.3.2', build: null } };
    const release: ElasticsearchRelease = {
      version: '6.3.2',
      java: null,
      artefacts: [],
      builds: [],
      removedSettings: [],
      plugins: null,
      oldestIndexMajor: 6,
    };
    const catalog = { engine: 'elasticsearch', releases: [release], edges: [] } as const;
    const options = { cluster: worldCluster(world), plan: planOf([theHop, second]), catalog };
    const stopped = run(world, options);
    expect(stopped.last.move).toMatchObject({ do: 'stop', because: { code: 'es.index-too-old', subject: 'old' } });
    expect(world.nodes.map((node) => node.release.version)).toEqual(['5.6.16', '5.6.16', '5.6.16']);
    expect(world.persistent).toEqual({});
    world.indices = { fine: 6 };
    const end = run(world, { ...options, ledger: stopped.last.ledger, generation: 2 });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.nodes.map((node) => [node.release.version, node.launches])).toEqual(Array(3).fill(['6.3.2', 3]));
  });

  it('goes on with a remark when the cluster is yellow for good', () => {
    const world = three();
    world.copies.push({ index: 'logs', shard: 0, primary: false, node: null, blockedBy: ['same_shard'] });
    const end = run(world, { cluster: worldCluster(world), plan: planOf() });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(end.remarks.some((remark) => remark.includes('stays unassigned'))).toBe(true);
  });

  it('goes on after a while when nothing explains the yellow', () => {
    const world = three();
    world.copies.push({ index: 'logs', shard: 0, primary: false, node: null, blockedBy: [] });
    const end = run(world, { cluster: worldCluster(world), plan: planOf() });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(end.remarks.some((remark) => remark.includes('stays yellow'))).toBe(true);
  });

  it('asks a person in the end when a guard holds the wave back as often as allocation is held for it', () => {
    const world = three();
    const [first] = world.copies.filter((copy) => !copy.primary);
    if (first === undefined) throw new Error('a replica');
    const { node } = first;
    const end = run(world, {
      cluster: worldCluster(world),
      plan: planOf(),
      before: (current) => {
        first.node = current.persistent['cluster.routing.allocation.enable'] === 'primaries' ? null : node;
      },
    });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.wave-held-back-while-frozen', subject: 'n1' } });
    expect(world.acts.filter((act) => act.startsWith('lift'))).toEqual(['lift-member n2', 'lift-member n3']);
    expect(world.persistent).toEqual({});
  });

  it('stops on a red cluster with every node left alone', () => {
    const world = three();
    world.copies.push({ index: 'lost', shard: 0, primary: true, node: null, blockedBy: ['no_valid_shard_copy'] });
    const end = run(world, { cluster: worldCluster(world), plan: planOf() });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.cluster-is-red' } });
    expect(world.acts).toEqual([]);
  });

  it('stops with the node’s own last lines when it does not come back, the rest thawed; and finishes once that is mended', () => {
    const world = three();
    const second = world.nodes[1];
    if (second === undefined) throw new Error('three nodes');
    second.refuses = { version: '5.6.16', lines: ['unknown setting [foo.bar]'] };
    const cluster = worldCluster(world);
    const end = run(world, { cluster, plan: planOf() });
    expect(end.last.move).toMatchObject({
      do: 'stop',
      because: { code: 'es.member-does-not-start', subject: 'n2', evidence: ['unknown setting [foo.bar]'] },
    });
    expect(world.persistent).toEqual({});
    expect(world.acts.filter((act) => act.startsWith('lift'))).toEqual(['lift-member n2']);
    second.refuses = null;
    const again = run(world, { cluster, plan: planOf(), ledger: end.last.ledger, generation: 2 });
    expect(again.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.violations).toEqual([]);
  });

  it('finishes the member in hand and leaves clean when it is paused, and takes it up again', () => {
    const world = three();
    const cluster = worldCluster(world);
    const end = run(world, { cluster, plan: planOf(), intent: () => (world.acts.length >= 2 ? 'pause' : 'go') });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'paused' });
    expect(world.persistent).toEqual({});
    expect(world.nodes.every((node) => node.joined)).toBe(true);
    const again = run(world, { cluster, plan: planOf(), ledger: end.last.ledger, generation: 2 });
    expect(again.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.nodes.map((node) => node.launches)).toEqual([2, 2, 2]);
  });

  it('ends a cancel with the mixed versions said plainly', () => {
    const world = three();
    const end = run(world, {
      cluster: worldCluster(world),
      plan: planOf(),
      intent: () => (world.acts.some((act) => act.startsWith('lift')) ? 'cancel' : 'go'),
    });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'cancelled' });
    expect(end.last.move.do === 'done' && end.last.move.says).toContain('5.5.3 and 5.6.16');
  });

  it('waits at the gate after the first member, once', () => {
    const world = three();
    const cluster = worldCluster(world);
    const end = run(world, { cluster, plan: planOf([theHop], true) });
    expect(end.last.move).toMatchObject({ do: 'gate', because: { subject: 'n2' } });
    expect(world.persistent).toEqual({});
    const again = run(world, {
      cluster,
      plan: planOf([theHop], true),
      ledger: { ...end.last.ledger, gatesPassed: [0] },
      generation: 2,
    });
    expect(again.last.move).toMatchObject({ do: 'done', as: 'done' });
  });

  it('touches nothing before the trials have passed', () => {
    const world = three();
    const plan = planOf();
    const end = run(world, {
      cluster: worldCluster(world),
      plan,
      trials: world.nodes.map((node) => ({
        key: { clusterId: 'c', member: node.spec.name, release: theHop.to, settingsHash: 'x' },
        outcome: { kind: 'refused' as const, at: '2026-01-01T00:00:00.000Z', lastLines: ['unknown setting [foo.bar]'] },
      })),
    });
    expect(end.last.move).toMatchObject({
      do: 'stop',
      because: { code: 'es.trial-start-refused', evidence: ['unknown setting [foo.bar]'] },
    });
    expect(world.acts).toEqual([]);
  });

  it('walks several hops, each member started once a hop', () => {
    const world = three();
    const second: Hop = {
      from: theHop.to,
      to: { version: '6.3.2', build: null },
      mode: 'rolling',
      requires: [],
      oneWayDoors: [],
    };
    const end = run(world, { cluster: worldCluster(world), plan: planOf([theHop, second]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.nodes.map((node) => [node.release.version, node.launches])).toEqual([
      ['6.3.2', 3],
      ['6.3.2', 3],
      ['6.3.2', 3],
    ]);
    expect(world.persistent).toEqual({});
  });

  it('rolls to another build of the same version', () => {
    const world = three();
    const hop: Hop = {
      from: theHop.from,
      to: { version: '5.5.3', build: 'ali1.2.0' },
      mode: 'rolling',
      requires: [],
      oneWayDoors: [],
    };
    run(world, { cluster: worldCluster(world), plan: planOf([hop]) });
    expect(world.nodes.map((node) => node.release.build)).toEqual(['ali1.2.0', 'ali1.2.0', 'ali1.2.0']);
  });

  it('starts a member again that went down by itself, at the release it ran', () => {
    const world = three();
    run(world, {
      cluster: worldCluster(world),
      plan: planOf(),
      before: (current, turn) => {
        if (turn === 1) stopAll(current, ['n3']);
      },
    });
    expect(world.acts).toContain('start-member n3');
    expect(world.nodes.map((node) => node.release.version)).toEqual(['5.6.16', '5.6.16', '5.6.16']);
    expect(world.violations).toEqual([]);
  });

  it('has the release fetched that a member ran which went down by itself, where its host has never had it', () => {
    const fallen = (failing: (act: string) => boolean) => {
      const world = three();
      world.prefetched.splice(0, 1);
      const before = (current: World, turn: number) => {
        if (turn === 1) stopAll(current, ['n3']);
      };
      return { world, end: run(world, { cluster: worldCluster(world), plan: planOf(), before, failing }) };
    };
    const { world } = fallen(() => false);
    expect(world.acts.filter((act) => act === 'prefetch')).toHaveLength(1);
    expect(world.acts.indexOf('start-member n3')).toBe(world.acts.indexOf('prefetch') + 1);
    expect(world.nodes.map((node) => node.release.version)).toEqual(['5.6.16', '5.6.16', '5.6.16']);
    const { world: without, end } = fallen((act) => act.startsWith('prefetch'));
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.artefact-not-available', subject: 'local' } });
    expect(without.acts.filter((act) => act.startsWith('start-member') || act.startsWith('lift-member'))).toEqual([]);
  });

  it('is finished by a second run wherever the first was cut off', () => {
    for (let cut = 0; cut < 14; cut += 1) {
      const world = three();
      const end = run(world, {
        cluster: worldCluster(world),
        plan: planOf(),
        cutOff: (turn) => turn === cut,
        ledger: emptyLedger,
      });
      expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
      expect(
        world.nodes.map((node) => node.launches),
        `cut off at turn ${cut}`,
      ).toEqual([2, 2, 2]);
      expect(world.persistent).toEqual({});
    }
  });
});
