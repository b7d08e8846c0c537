import { describe, expect, it } from 'vitest';
import type { Hop } from '../../domain/index.ts';
import { planHops, touches } from './plan.ts';
import {
  aGroup,
  aHop,
  aWorld,
  backward,
  catalog,
  forward,
  old,
  patch,
  type WorldSize,
  withEtcd,
  worldCluster,
  young,
} from './testing-world.ts';
import { observe } from './testing-world-look.ts';

function planned(hop: Hop, size: WorldSize = {}) {
  const world = aWorld({ release: hop.from, nodegroups: [aGroup('blue', 3, { maxUnavailable: 2 })], ...size });
  const [plan] = planHops(worldCluster(world), catalog, observe(world), [hop]);
  if (plan === undefined) throw new Error('a hop');
  return plan;
}

const nodes = aHop(old, young, { nodegroup: 'blue' });

describe('a plan', () => {
  it('rolls the apiservers twice for a newer minor, then takes controllers, the leader last', () => {
    expect(planned(forward).waves).toEqual([
      ['apiserver-1'],
      ['apiserver-2'],
      ['apiserver-1'],
      ['apiserver-2'],
      ['controller-manager-2'],
      ['controller-manager-1'],
      ['scheduler-2'],
      ['scheduler-1'],
    ]);
  });

  it('takes etcd first where the target runs with a newer one, and names that door with the member that passes it', () => {
    const { waves, oneWayDoors } = planned(withEtcd, { etcd: 3 });
    expect(waves.slice(0, 3)).toEqual([['etcd-2'], ['etcd-3'], ['etcd-1']]);
    expect(oneWayDoors).toEqual([expect.stringContaining('That is passed when etcd-1 is taken.')]);
    expect(planned(withEtcd, { etcd: 3, etcdVersion: '3.6.16' }).waves[0]).toEqual(['apiserver-1']);
  });

  it('says of a door of the catalog which apiserver passes it', () => {
    expect(planned({ ...forward, oneWayDoors: ['Storage versions rise.'] }).oneWayDoors).toEqual([
      'Storage versions rise. That is passed when apiserver-1 is let behave as 1.37.',
    ]);
  });

  it('takes the controllers first on the way back, and everybody once for another build', () => {
    expect(planned(backward).waves[0]).toEqual(['controller-manager-2']);
    expect(planned(patch).waves.length).toBe(6);
  });

  it('takes as many nodes a wave as may be away, and only those of the group', () => {
    expect(planned(nodes).waves).toEqual([['blue-1', 'blue-2'], ['blue-3']]);
  });

  it('counts the soak and the place for one more into the time', () => {
    const surge = planned(forward).estimateSeconds;
    expect(planned(forward, { surge: false }).estimateSeconds).toBe(surge - 44);
    expect(surge).toBe(4 * 22 + 2 * 22 + 4 * 12 + 10);
  });

  it('says what it touches, in sentences', () => {
    const cluster = worldCluster(aWorld({ nodegroups: [aGroup('blue', 1)] }));
    const said = [forward, backward, patch, nodes].map((hop) => touches(cluster, [hop]));
    for (const sentence of said.flat()) expect(sentence).toMatch(/^[A-Za-z].*\.$/);
    expect(said[0]?.join(' ')).toContain('apiserver-1, apiserver-2');
    expect(said[1]?.join(' ')).toContain('Every object in etcd is written once more');
    expect(said[3]?.join(' ')).toContain('blue-surge is started first');
  });
});
