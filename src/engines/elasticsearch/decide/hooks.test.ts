import { describe, expect, it } from 'vitest';
import type { Hop } from '../../../domain/index.ts';
import { aWorld, nodeSpec, planOf, shardOn, theHop, type World, worldCluster } from './testing.ts';
import { type RunOptions, run } from './testing-run.ts';

const three = () =>
  aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], [...shardOn('logs', 'n1', 'n2'), ...shardOn('users', 'n2', 'n3')]);
const hooks = { preStop: ['leave'], postStart: ['enter'] };

function hooked(world: World, more: Partial<RunOptions> = {}) {
  return run(world, { cluster: worldCluster(world, { hooks }), plan: planOf(), ...more });
}

/** What happened to one member, in order. */
function story(world: World, name: string): readonly string[] {
  return world.acts.filter((act) => act.endsWith(` ${name}`)).map((act) => act.slice(0, -name.length - 1));
}

const once = ['run-hook preStop', 'lift-member', 'run-hook postStart'];

describe('hooks', () => {
  it('run once each, around the stop and the start of each member', () => {
    const world = three();
    expect(hooked(world).last.move).toMatchObject({ do: 'done', as: 'done' });
    for (const name of ['n1', 'n2', 'n3']) expect(story(world, name)).toEqual(once);
  });

  it('run again on the next hop', () => {
    const world = three();
    const second: Hop = { ...theHop, from: theHop.to, to: { version: '6.3.2', build: null } };
    expect(hooked(world, { plan: planOf([theHop, second]) }).last.move).toMatchObject({ do: 'done', as: 'done' });
    for (const name of ['n1', 'n2', 'n3']) expect(story(world, name)).toEqual([...once, ...once]);
  });

  it('are never left out, wherever a turn is cut off', () => {
    for (let cut = 0; cut < 24; cut += 1) {
      const world = three();
      expect(hooked(world, { cutOff: (turn) => turn === cut }).last.move).toMatchObject({ do: 'done', as: 'done' });
      for (const name of ['n1', 'n2', 'n3']) expect(story(world, name), `cut off at turn ${cut}`).toEqual(once);
    }
  });

  it('that fail are tried again, and then a person is asked before the member is stopped; resumed, it goes on', () => {
    const world = three();
    const failing = (act: string) => act === 'run-hook preStop n2';
    const end = hooked(world, { failing });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.pre-stop-hook-fails', subject: 'n2' } });
    expect(story(world, 'n2')).toEqual([...Array(3).fill('run-hook preStop'), 'run-hook postStart']);
    expect(world.persistent).toEqual({});
    world.acts.length = 0;
    const again = hooked(world, { ledger: end.last.ledger, generation: 2 });
    expect(again.last.move).toMatchObject({ do: 'done', as: 'done' });
    for (const name of ['n1', 'n2', 'n3']) expect(story(world, name)).toEqual(once);
  });

  it('that fail after a start keep the next member from being taken', () => {
    const world = three();
    const failing = (act: string) => act === 'run-hook postStart n2';
    const end = hooked(world, { failing });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.post-start-hook-fails', subject: 'n2' } });
    expect(world.acts.filter((act) => act.startsWith('lift-member'))).toEqual(['lift-member n2']);
    expect(world.persistent).toEqual({});
    world.acts.length = 0;
    expect(hooked(world, { ledger: end.last.ledger, generation: 2 }).last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(story(world, 'n2')).toEqual(['run-hook postStart']);
    for (const name of ['n1', 'n3']) expect(story(world, name)).toEqual(once);
  });

  it('are undone when the owner pauses between hook and stop, and run again when it goes on', () => {
    const world = three();
    const end = hooked(world, { intent: () => (world.acts.includes('run-hook preStop n2') ? 'pause' : 'go') });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'paused' });
    expect(story(world, 'n2')).toEqual(['run-hook preStop', 'run-hook postStart']);
    world.acts.length = 0;
    expect(hooked(world, { ledger: end.last.ledger, generation: 2 }).last.move).toMatchObject({ do: 'done', as: 'done' });
    for (const name of ['n1', 'n2', 'n3']) expect(story(world, name)).toEqual(once);
  });

  it('do not give clients a member that does not start', () => {
    const world = three();
    const second = world.nodes[1];
    if (second === undefined) throw new Error('three nodes');
    second.refuses = { version: '5.6.16', lines: ['broken'] };
    const end = hooked(world);
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'es.member-does-not-start', subject: 'n2' } });
    expect(story(world, 'n2')).not.toContain('run-hook postStart');
    second.refuses = null;
    expect(hooked(world, { ledger: end.last.ledger, generation: 2 }).last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(story(world, 'n2').at(-1)).toBe('run-hook postStart');
    expect(story(world, 'n2').filter((act) => act === 'run-hook preStop')).toHaveLength(1);
  });
});
