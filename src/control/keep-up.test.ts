import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ActContext, emptyLedger, type Upgrade, type UpgradeStatus } from '../domain/index.ts';
import { openTestStore, sampleCluster, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import { createControl } from './create-control.ts';
import { keepUp } from './keep-up.ts';
import { limits } from './limits.ts';
import { actOn, caller, catalog, type Given, given, planOf, spec } from './testing.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterEach(async () => {
  for (const cluster of await test.store.listClusters(null)) await test.store.deleteCluster(cluster.id, true);
});
afterAll(() => test.close());

/** An engine whose clusters need node-1 to be started. `look` is what happens while one is looked at. */
function givenUpkeep(look: (clusterId: string) => Promise<void> = async () => undefined) {
  const g = given(test.store);
  const tickets: ActContext['ticket'][] = [];
  const held: boolean[] = [];
  g.engine.perform = async (_move, { ticket }) => {
    tickets.push(ticket);
    return { kind: 'done', says: 'Started.' };
  };
  const { engine } = g.engine;
  const kept: typeof engine = {
    ...engine,
    observe: async (cluster, ...rest) => {
      await look(cluster.id);
      return engine.observe(cluster, ...rest);
    },
    upkeep: (_cluster, _catalog, _observation, isHeld) => {
      held.push(isHeld);
      return [actOn('node-1', { move: 'start-member' })];
    },
  };
  return { ...g, tickets, held, parts: { ...g.parts, engines: { elasticsearch: { engine: kept, catalog } } } };
}

async function aCluster(name = 'search'): Promise<string> {
  const made = sampleCluster({ spec: spec(), account: caller.account, origin: 'created', name });
  await test.store.insertCluster(made);
  return made.id;
}

async function begin(clusterId: string, change: Partial<Upgrade> = {}): Promise<string> {
  const plan = samplePlan(clusterId, planOf(clusterId));
  await test.store.insertPlan(plan);
  const upgrade = sampleUpgrade(plan, { ledger: emptyLedger, ...change });
  await test.store.insertUpgrade(upgrade, [], null);
  return upgrade.id;
}

describe('the upkeep of a cluster', () => {
  it('starts what ended by itself, and leaves a cluster that is lifted or leaves alone', async () => {
    const g = givenUpkeep();
    const [kept, lifted, leaving] = [await aCluster('a'), await aCluster('b'), await aCluster('c')];
    await begin(lifted);
    await test.store.markForDeletion(leaving, { kind: 'now' }, g.clock.now());
    for (const id of [kept, lifted, leaving]) await keepUp(g.parts, id);
    expect(g.tickets.map(({ clusterId }) => clusterId)).toEqual([kept]);
  });

  it('does nothing any more when an upgrade has begun while it looked', async () => {
    const g = givenUpkeep(async (clusterId) => void (await begin(clusterId)));
    await keepUp(g.parts, await aCluster());
    expect(g.tickets).toEqual([]);
  });

  it.each<UpgradeStatus>(['paused', 'gated', 'stopped'])('starts what ended by itself while an upgrade is %s', async (status) => {
    const g = givenUpkeep();
    const [held, whole] = [await aCluster('a'), await aCluster('b')];
    await begin(held, { status });
    const running = createControl(g.parts, new AbortController().signal);
    await running.resume();
    await running.idle();
    expect(g.tickets.map(({ clusterId }) => clusterId).toSorted()).toEqual([held, whole].toSorted());
    expect(g.held.toSorted()).toEqual([false, true]);
  });

  it.each<[string, Partial<Upgrade>]>([
    ['resumed', { status: 'running' }],
    ['over', { status: 'cancelled', endedAt: '2026-01-01T00:00:00.000Z' }],
  ])('does nothing any more for an upgrade that is %s since it looked', async (_, { status, endedAt = null }) => {
    let upgradeId = '';
    const g = givenUpkeep(async () => {
      const ended = endedAt === null ? {} : { endedAt };
      await test.store.writeTurn({
        upgradeId,
        generation: 1,
        status: status ?? 'running',
        ...ended,
        events: [],
        at: g.clock.now(),
      });
    });
    const id = await aCluster();
    upgradeId = await begin(id, { status: 'paused' });
    await keepUp(g.parts, id);
    expect(g.held).toEqual([true]);
    expect(g.tickets).toEqual([]);
  });

  it('has the generation from before its look: a host refuses it once an upgrade has acted', async () => {
    const g: Given & { tickets: ActContext['ticket'][] } = givenUpkeep(async () => {
      g.host.generation = 5;
    });
    g.host.generation = 4;
    await keepUp(g.parts, await aCluster());
    expect(g.tickets.map(({ generation }) => generation)).toEqual([4]);
  });

  it('starts a member more and more seldom that ends whenever it is started, and at once again when it ran for long', async () => {
    const g = givenUpkeep();
    await aCluster();
    const running = createControl(g.parts, new AbortController().signal);
    const seconds: number[] = [];
    for (let second = 0; second < 1_200; second += 5) {
      const before = g.tickets.length;
      await running.resume();
      await running.idle();
      if (g.tickets.length > before) seconds.push(second);
      g.clock.advance(5_000);
    }
    expect(seconds).toEqual([0, 5, 15, 35, 75, 155, 315, 615, 915]);
    g.clock.advance(limits.keepUpForgottenMs);
    for (const _ of [1, 2]) {
      g.tickets.length = 0;
      await running.resume();
      await running.idle();
      expect(g.tickets).toHaveLength(1);
    }
  });

  it('looks at a few clusters at a time, and at all of them', async () => {
    const looked: string[] = [];
    let [now, most] = [0, 0];
    const g = givenUpkeep(async (clusterId) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      looked.push(clusterId);
    });
    const clusters = await Promise.all(Array.from({ length: 3 * limits.keepUpLooksAtOnce }, (_, at) => aCluster(`c${at}`)));
    const running = createControl(g.parts, new AbortController().signal);
    await running.resume();
    await running.idle();
    expect(looked.toSorted()).toEqual(clusters.toSorted());
    expect(most).toBeLessThanOrEqual(limits.keepUpLooksAtOnce);
  });
});

describe('one cluster that cannot be looked after', () => {
  it('keeps neither the server from its start nor the others from their upkeep', async () => {
    const g = givenUpkeep();
    const [broken, whole] = [await aCluster('a'), await aCluster('b')];
    const triedOut: string[] = [];
    const of: typeof g.parts.trials.of = async ({ id }) => {
      triedOut.push(id);
      if (triedOut.length === 1) throw new Error('it has no certificate');
      return [];
    };
    const running = createControl({ ...g.parts, trials: { of } }, new AbortController().signal);
    await running.resume();
    await running.idle();
    expect(triedOut.toSorted()).toEqual([broken, whole].toSorted());
    expect(g.tickets.map(({ clusterId }) => clusterId).toSorted()).toEqual([broken, whole].toSorted());
    expect(g.log.lines).toContainEqual({
      about: { cluster: triedOut[0], err: new Error('it has no certificate') },
      says: 'Looking after a cluster failed; it is tried again.',
    });
  });
});

describe('trials that nobody waits for', () => {
  it('are asked for when their cluster has changed, and otherwise now and then only', async () => {
    const g = givenUpkeep();
    const id = await aCluster();
    const running = createControl(g.parts, new AbortController().signal);
    const askedAfter = async (milliseconds: number) => {
      g.clock.advance(milliseconds);
      g.triedOut.length = 0;
      await running.resume();
      await running.idle();
      return g.triedOut.length > 0;
    };
    expect(await askedAfter(0)).toBe(true);
    expect(await askedAfter(limits.trialAheadMs - 1)).toBe(false);
    expect(await askedAfter(1)).toBe(true);
    await test.store.updateCluster(id, { tags: { changed: 'yes' } }, g.clock.now());
    expect(await askedAfter(0)).toBe(true);
    expect(await askedAfter(0)).toBe(false);
  });
});
