import { afterEach, expect, it } from 'vitest';
import type { HeldAct, HoldPoint } from '../../src/simulators/elasticsearch/index.ts';
import { expectLiftedOnce } from './judgement.ts';
import { Killer, type Target } from './killer.ts';
import { Lab, type LabCluster } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

const points: readonly HoldPoint[] = ['before', 'inside', 'after'];
const enable = 'cluster.routing.allocation.enable';
const rebalance = 'cluster.routing.rebalance.enable';

/** An owner's values at both levels, so that what is put back is not what anybody would guess. */
const owners = [
  {},
  { persistent: { [enable]: 'all', [rebalance]: 'replicas' } },
  { persistent: { [enable]: 'none', [rebalance]: 'none' }, transient: { [enable]: 'all', [rebalance]: 'primaries' } },
] as const;

/**
 * A server that dies in a freeze leaves its flush out, and one that dies in a stop starts the member in another move. So
 * there are two kinds of upgrades: one is cut off at every act, the other where the first never comes by.
 */
const kinds = {
  every: () => true,
  rest: (act: HeldAct) => act.what === 'rest.flush' || act.what === 'host.start',
} as const;

/** Seventeen servers are started one after the other; on a busy machine each takes its time. */
const timeoutMs = 10 * 60_000;

it(
  'an upgrade whose server is killed before, inside and after every one of its acts starts no member twice',
  async () => {
    lab = await Lab.open('kill at every act');
    const targets: (Target & { readonly kind: keyof typeof kinds })[] = [];
    const clusters: LabCluster[] = [];
    for (const kind of ['every', 'rest'] as const) {
      for (const [position, point] of points.entries()) {
        // A trial would have fetched the release long before.
        const cluster = await lab.addCluster(`${kind}-${point}`, owners[position], false);
        clusters.push(cluster);
        targets.push({ cluster: cluster.name, point, wants: kinds[kind], kind });
      }
    }
    const killer = new Killer(lab, targets);
    const upgrades = await Promise.all(clusters.map(async (cluster) => ({ cluster, id: await (lab as Lab).lift(cluster) })));
    // All of them want the release: fetched for one it would be there for the others.
    await killer.begin(clusters.length);
    await Promise.all(
      upgrades.map(async ({ cluster, id }) => {
        const upgrade = await (lab as Lab).ended(id);
        killer.forget(cluster.name);
        expect(upgrade).toMatchObject({ status: 'done', reason: null });
      }),
    );
    await killer.quiet();
    console.log(`${killer.kills.length} acts cut off in ${killer.restarts} kills of the server`);
    for (const { cluster, id } of upgrades) await expectLiftedOnce(lab, cluster, id);
    for (const { cluster, point, kind } of targets) {
      const cut = killer.kills.filter((kill) => kill.cluster === cluster);
      expect(cut.every((kill) => kill.point === point)).toBe(true);
      const members = clusters.find(({ name }) => name === cluster)?.spec.nodes.map((node) => node.name) ?? [];
      const cutAt = (what: string) => cut.filter((kill) => kill.what === what).map((kill) => kill.member);
      expect(cutAt('host.start').sort()).toEqual(members);
      if (kind === 'rest') expect(cutAt('rest.flush')).toHaveLength(members.length);
      if (kind === 'rest') continue;
      expect(cutAt('host.prefetch')).toHaveLength(1);
      expect(cutAt('host.stop').sort()).toEqual(members);
      // A freeze and a thaw for each member, and what is given back at the end.
      expect(cutAt('rest.settings').length).toBeGreaterThanOrEqual(members.length * 2 + 1);
    }
  },
  timeoutMs,
);
