import { describe, expect, it } from 'vitest';
import { aWorld, backward, memberOf, planOf, worldCluster } from '../testing-world.ts';
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
