import { afterEach, expect, it } from 'vitest';
import type { HoldPoint } from '../../src/simulators/elasticsearch/index.ts';
import { randomFrom } from '../rig/index.ts';
import { expectLiftedOnce, namesOf } from './judgement.ts';
import { Killer } from './killer.ts';
import { Lab } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

const points: readonly HoldPoint[] = ['before', 'inside', 'after'];
/** Of all acts, so many are cut off. */
const share = 0.12;
const hooks = { preStop: ['leave-balancer'], postStart: ['enter-balancer'] };

it('nine nodes in three zones with hooks go zone by zone, whatever acts the server is killed in', async () => {
  const opened = await Lab.open('nine nodes under kill');
  lab = opened;
  const random = randomFrom(opened.seed);
  const clusters = [];
  for (const point of points) {
    const nodes = ['a', 'b', 'c'].flatMap((zone) =>
      [1, 2, 3].map((number) => ({
        name: `${point}-${zone}${number}`,
        zone,
        roles: number === 1 ? (['master', 'data', 'ingest'] as const) : (['data', 'ingest'] as const),
      })),
    );
    const indices = [
      { name: 'orders', shards: 6, replicas: 1 },
      { name: 'users', shards: 3, replicas: 2 },
    ];
    const cluster = await opened.addCluster(`nine-${point}`, { nodes, indices, hooks, awarenessAttribute: 'zone' });
    clusters.push({ cluster, point });
  }
  const killer = new Killer(
    opened,
    clusters.map(({ cluster, point }) => ({ cluster: cluster.name, point, wants: () => random() < share })),
  );
  const upgrades = await Promise.all(clusters.map(async ({ cluster }) => ({ cluster, id: await opened.lift(cluster) })));
  await killer.begin();
  for (const { cluster, id } of upgrades) {
    expect(await opened.ended(id)).toMatchObject({ status: 'done', reason: null });
    killer.forget(cluster.name);
  }
  await killer.quiet();
  opened.simulator.hold(null);
  console.log(`${killer.kills.length} acts cut off in ${killer.restarts} kills of the server`);
  expect(killer.restarts).toBeGreaterThan(0);
  for (const { cluster, id } of upgrades) {
    await expectLiftedOnce(opened, cluster, id);
    const events = await opened.native.events(id, 0);
    const waves = events.filter((event) => event.kind === 'acting' && event.move === 'lift-member').map((event) => event.members);
    const zones = waves.map((wave) => [...new Set(wave.map((name) => name.at(-2)))].join());
    expect(zones.every((zone) => zone.length === 1)).toBe(true);
    for (const name of namesOf(cluster)) {
      const own = opened.simulator.journal.hooks.filter((hook) => hook.clusterId === cluster.id && hook.member === name);
      const stop = opened.stopsOf(cluster).find((entry) => entry.member === name);
      const times = (word: string) => own.filter((hook) => hook.command[0] === word).map((hook) => hook.atMs);
      expect(times('leave-balancer').length).toBeGreaterThanOrEqual(1);
      expect(times('leave-balancer').every((at) => at < (stop?.atMs ?? 0))).toBe(true);
      expect(times('enter-balancer').length).toBeGreaterThanOrEqual(1);
      expect(times('enter-balancer').every((at) => at > (stop?.atMs ?? 0))).toBe(true);
    }
  }
});
