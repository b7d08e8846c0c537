import { describe, expect, it } from 'vitest';
import { aWorld, backward, memberOf, planOf, withEtcd, worldCluster } from '../testing-world.ts';
import { run } from '../testing-world-run.ts';

describe('the only apiserver, made by a way back and never ready', () => {
  const target = `${backward.to.version}+${backward.to.build}`;

  /** Cut off before the act that was to take it back, at whatever turn that is. */
  function cutOffWhileGoingBack(turn: number) {
    const world = aWorld({ etcd: 1, apiservers: 1, surge: false, controllers: 2, release: backward.from });
    world.starts = (start) => (start.startsWith(`apiserver-1 ${target}`) ? 'never-ready' : 'ready');
    const first = run(world, {
      cluster: worldCluster(world),
      plan: planOf([backward]),
      cutOff: (now) => (now === turn ? 'before' : null),
    });
    return { world, first };
  }

  it('is replaced although nobody answers, wherever the turn that took it back was cut off', () => {
    for (let turn = 150; turn < 215; turn += 1) {
      const { world, first } = cutOffWhileGoingBack(turn);
      expect(world.violations, `turn ${turn}`).toEqual([]);
      expect(first.last.move, `turn ${turn}`).toMatchObject({ do: 'returned' });
      expect(memberOf(world, 'apiserver-1').release, `turn ${turn}`).toEqual(backward.from);
    }
  });
});

describe('the only etcd member, lifted and never ready', () => {
  it('is replaced although nobody answers, whichever turn of the way back fails', () => {
    for (let turn = 148; turn < 160; turn += 1) {
      const world = aWorld({ etcd: 1, apiservers: 1, surge: false, controllers: 1, release: withEtcd.from });
      world.starts = (start) => (start.startsWith('etcd-1 3.6.16') ? 'never-ready' : 'ready');
      const failing = (_: string, now: number) => now === turn;
      const end = run(world, { cluster: worldCluster(world), plan: planOf([withEtcd]), failing });
      expect(world.violations, `turn ${turn}`).toEqual([]);
      expect(end.last.move, `turn ${turn}`).toMatchObject({ do: 'returned' });
      expect(memberOf(world, 'etcd-1').release, `turn ${turn}`).toEqual({ version: '3.5.35', build: null });
    }
  });
});
