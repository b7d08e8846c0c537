import { afterEach, expect, it } from 'vitest';
import type { HoldPoint } from '../../src/simulators/elasticsearch/index.ts';
import { expectClean, expectInOrder, expectLiftedOnce, expectOnceEach, namesOf } from './judgement.ts';
import { Killer } from './killer.ts';
import { from, Lab, type LabCluster, to } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

const points: readonly HoldPoint[] = ['before', 'inside', 'after'];
const middleTimeoutMs = 120_000;

interface Wished {
  readonly cluster: LabCluster;
  readonly wish: 'pause' | 'cancel';
  readonly point: HoldPoint;
  readonly id: string;
}

/** Holds every upgrade while its first member is stopped and not started again yet. */
class Middle {
  readonly #lab: Lab;
  readonly #reached = new Set<string>();
  #letGo: () => void = () => undefined;

  constructor(opened: Lab) {
    this.#lab = opened;
    const gone = new Promise<void>((resolve) => {
      this.#letGo = resolve;
    });
    opened.simulator.hold(async (act, point): Promise<'go-on'> => {
      if (act.what !== 'host.stop' || point !== 'inside') return 'go-on';
      this.#reached.add(act.cluster);
      await gone;
      return 'go-on';
    });
  }

  async all(clusters: readonly LabCluster[]): Promise<void> {
    const there = () => clusters.every((cluster) => this.#reached.has(cluster.id));
    if (!(await this.#lab.simulator.until(there, middleTimeoutMs)))
      throw new Error(`only ${this.#reached.size} upgrades came to a stop`);
  }

  letGo(): void {
    this.#letGo();
  }
}

it('pause and cancel finish the member in hand and leave the cluster clean, however often the server is killed', async () => {
  const opened = await Lab.open('wishes under kill');
  lab = opened;
  const middle = new Middle(opened);
  const wished: Wished[] = [];
  for (const wish of ['pause', 'cancel'] as const) {
    for (const point of points) {
      const cluster = await opened.addCluster(`${wish}-${point}`, {
        persistent: { 'cluster.routing.rebalance.enable': 'replicas' },
        transient: { 'cluster.routing.allocation.enable': 'all' },
      });
      wished.push({ cluster, wish, point, id: await opened.lift(cluster) });
    }
  }
  await middle.all(wished.map(({ cluster }) => cluster));
  for (const { id, wish } of wished) await opened.wish(id, wish);
  const killer = new Killer(
    opened,
    wished.map(({ cluster, point }) => ({ cluster: cluster.name, point, wants: () => true })),
  );
  await killer.begin();
  middle.letGo();
  for (const { cluster, wish, id } of wished) {
    const upgrade = await opened.ended(id);
    killer.forget(cluster.name);
    expect(upgrade.status).toBe(wish === 'pause' ? 'paused' : 'cancelled');
  }
  await killer.quiet();
  opened.simulator.hold(null);
  console.log(`${killer.kills.length} acts cut off in ${killer.restarts} kills of the server`);

  for (const { cluster, wish, point, id } of wished) {
    const cut = killer.kills.filter((kill) => kill.cluster === cluster.name);
    const inHand = opened.stopsOf(cluster).map((stop) => stop.member);
    expect(inHand).toHaveLength(1);
    expect(cut.filter((kill) => kill.what === 'host.start').map((kill) => [kill.member, kill.point])).toEqual([
      [inHand[0], point],
    ]);
    expect(cut.filter((kill) => kill.what === 'rest.settings').length).toBeGreaterThanOrEqual(1);
    expectClean(opened, cluster);
    expect(Object.values(opened.versions(cluster)).sort()).toEqual([from, from, to]);
    expect(opened.versions(cluster)[inHand[0] ?? '']).toBe(to);
    const events = await opened.native.events(id, 0);
    expectInOrder(events, inHand, wish === 'pause' ? 'paused' : 'cancelled');
    expect(events.at(-1)?.says).toContain(`Its members run ${from} and ${to}`);
  }

  for (const { cluster, wish, id } of wished) {
    if (wish === 'pause') await opened.wish(id, 'resume');
    const again = wish === 'pause' ? id : await opened.lift(cluster);
    expect(await opened.ended(again)).toMatchObject({ status: 'done' });
    if (wish === 'pause') await expectLiftedOnce(opened, cluster, id);
    else expectOnceEach(opened, cluster);
    const taken = (await opened.native.events(again, 0)).filter(
      (event) => event.kind === 'acting' && event.move === 'lift-member',
    );
    const lifted = new Set(taken.flatMap((event) => event.members));
    expect([...lifted].sort()).toEqual(
      wish === 'pause' ? namesOf(cluster) : namesOf(cluster).filter((name) => name !== opened.stopsOf(cluster)[0]?.member),
    );
  }
});
