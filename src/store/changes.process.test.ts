import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClusterNotice } from '../domain/index.ts';
import {
  afterNoon,
  noon,
  openTestStore,
  sampleCluster,
  sampleEvent,
  sampleUpgrade,
  storedPlan,
  storedUpgrade,
  type TestStore,
} from './samples.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
  await vi.waitFor(async () => expect(await listeners()).toBe(1), { timeout: 10_000 });
});
afterAll(() => test.close());

describe('a change of a cluster', () => {
  it('is told by whatever statement it was made, with whose it is; and that some may be lost, when the connection was away', async () => {
    const heard: ClusterNotice[] = [];
    const stop = test.store.onClusterChanged((notice) => heard.push(notice));
    const cluster = sampleCluster();
    const own = { id: cluster.id, account: cluster.account };
    const changes: readonly (() => Promise<unknown>)[] = [
      () => test.store.insertCluster(cluster),
      () => test.store.updateCluster(cluster.id, { description: 'another' }, noon),
      () => test.store.markForDeletion(cluster.id, { kind: 'at', deleteAfter: afterNoon(1) }, noon),
      () => test.store.deleteCluster(cluster.id, true),
    ];
    for (const change of changes) {
      heard.length = 0;
      await change();
      await vi.waitFor(() => expect(heard).toContainEqual(own), { timeout: 20_000 });
    }
    heard.length = 0;
    await cutListeners();
    await vi.waitFor(() => expect(heard).toContain('missed'), { timeout: 20_000 });
    stop();
  });
});

describe('a change of an upgrade', () => {
  it('is told for everything that changes it, within a moment, to whoever listens then', async () => {
    const plan = await storedPlan(test.store);
    const upgrade = sampleUpgrade(plan);
    const row = { upgradeId: upgrade.id, generation: 1, at: noon };
    const changes: readonly (() => Promise<unknown>)[] = [
      () => test.store.insertUpgrade(upgrade, [], null),
      () => test.store.writeTurn({ ...row, events: [sampleEvent('x')] }),
      () =>
        test.store.writeIntent({
          upgradeId: upgrade.id,
          expectedStatus: 'running',
          expectedGeneration: 1,
          intent: 'pause',
          nextGeneration: false,
          gatePassed: null,
          events: [],
          at: noon,
        }),
      () => test.store.nextGeneration(upgrade.id, 1, noon),
    ];
    for (const change of changes) {
      const heard = nextChangeOf(upgrade.id);
      const begun = Date.now();
      await change();
      await heard;
      // Less than the time between two comparisons: it was the notice that was heard.
      expect(Date.now() - begun).toBeLessThan(1_000);
    }
  });

  it('that was refused is told to nobody; nor is any told to whoever has stopped listening', async () => {
    const { upgrade, other, heard, stop } = await twoThatWereHeardOf();
    await test.store.writeTurn({ upgradeId: upgrade.id, generation: 99, events: [], at: noon });
    await test.store.writeTurn({ upgradeId: other.id, generation: 1, events: [], at: noon });
    await expect.poll(() => heard).toContain(other.id);
    expect(heard).not.toContain(upgrade.id);
    stop();
    heard.length = 0;
    const told = nextChangeOf(other.id);
    await test.store.writeTurn({ upgradeId: other.id, generation: 1, events: [], at: noon });
    await told;
    expect(heard).toEqual([]);
  });

  it('reaches the other listeners when one fails', async () => {
    const upgrade = await storedUpgrade(test.store);
    const stop = test.store.onUpgradeChanged(() => {
      throw new Error('a listener that fails');
    });
    const heard = nextChangeOf(upgrade.id);
    await test.store.writeTurn({ upgradeId: upgrade.id, generation: 1, events: [], at: noon });
    await heard;
    stop();
  });

  it('is made up for once when its notice was missed, and notices are heard again after the connection broke', async () => {
    const { upgrade, other, heard, stop } = await twoThatWereHeardOf();
    await asAdmin(`update clusterlift.upgrades set revision = revision + 1 where id = '${upgrade.id}'`);
    await asAdmin(`delete from clusterlift.upgrades where id = '${other.id}'`);
    await expect.poll(() => heard.toSorted(), { timeout: 10_000 }).toEqual([upgrade.id, other.id].sort());

    await cutListeners();
    await expect.poll(() => listeners(), { timeout: 10_000 }).toBe(1);
    const again = nextChangeOf(upgrade.id);
    const begun = Date.now();
    await test.store.writeTurn({ upgradeId: upgrade.id, generation: 1, events: [], at: afterNoon(1) });
    await again;
    expect(Date.now() - begun).toBeLessThan(1_000);
    stop();
  });
});

/** Two upgrades whose beginnings have been told, and all that is told after that. */
async function twoThatWereHeardOf() {
  const heard: string[] = [];
  const stop = test.store.onUpgradeChanged((id) => heard.push(id));
  const [upgrade, other] = [await storedUpgrade(test.store), await storedUpgrade(test.store)];
  await expect.poll(() => heard).toEqual(expect.arrayContaining([upgrade.id, other.id]));
  heard.length = 0;
  return { upgrade, other, heard, stop };
}

function nextChangeOf(upgradeId: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = test.store.onUpgradeChanged((id) => {
      if (id !== upgradeId) return;
      stop();
      resolve();
    });
  });
}

function cutListeners(): Promise<unknown> {
  return asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'clusterlift changes'
    and datname = current_database()`);
}

/** How many connections have begun to listen in this database. */
async function listeners(): Promise<number> {
  const rows = await asAdmin(
    `select 1 from pg_stat_activity where application_name = 'clusterlift changes' and datname = current_database()
      and state = 'idle' and query like 'listen %'`,
  );
  return rows.length;
}

async function asAdmin(text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
