import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastEventsKept, type Retention, type Upgrade } from '../domain/index.ts';
import {
  afterNoon,
  openTestStore,
  sampleAuditEntry,
  sampleCluster,
  sampleEvent,
  samplePlan,
  sampleToken,
  sampleUpgrade,
  type TestStore,
} from './samples.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const retention: Retention = {
  upgradesPerCluster: 5,
  upgradesKeptMs: 7 * dayMs,
  eventsPerUpgrade: 60,
  eventsKeptMs: 3 * dayMs,
  auditKeptMs: 10 * dayMs,
};

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

async function aCluster(): Promise<string> {
  const cluster = sampleCluster();
  await test.store.insertCluster(cluster);
  return cluster.id;
}

/** Begun at that time, with that many events besides its first; ended an hour later where a status is given. */
async function anUpgrade(clusterId: string, atMs: number, events: number, ended: 'done' | null = 'done'): Promise<Upgrade> {
  const [at, endedAt] = [afterNoon(atMs), afterNoon(atMs + hourMs)];
  const plan = samplePlan(clusterId, { madeAt: at });
  await test.store.insertPlan(plan);
  const upgrade = sampleUpgrade(plan, { createdAt: at, updatedAt: at });
  await test.store.insertUpgrade(upgrade, [sampleEvent('event 1', { kind: 'started', at })], null);
  const more = Array.from({ length: events }, (_, index) => sampleEvent(`event ${index + 2}`, { at: endedAt }));
  const turn = { upgradeId: upgrade.id, generation: 1, events: more, at: endedAt };
  await test.store.writeTurn(ended === null ? turn : { ...turn, status: ended, endedAt });
  return upgrade;
}

async function eventsOf(upgrade: Upgrade): Promise<readonly number[]> {
  return (await test.store.listEvents(upgrade.id, 0, 10_000)).map((event) => event.seq);
}

async function idsOf(clusterId: string): Promise<readonly string[]> {
  return (await test.store.listUpgrades({ clusterId, limit: 1_000 })).map((upgrade) => upgrade.id);
}

async function rowsIn(table: string): Promise<number> {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(`select count(*) from clusterlift.${table}`);
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}

describe('what is over', () => {
  it('goes after its time, but for the newest upgrades of each cluster', async () => {
    const [busy, quiet] = [await aCluster(), await aCluster()];
    const old: Upgrade[] = [];
    for (let day = 0; day < 8; day += 1) old.push(await anUpgrade(busy, day * dayMs, 3));
    const only = await anUpgrade(quiet, 0, 3);
    await test.store.forgetOver(retention, afterNoon(365 * dayMs));
    expect(await idsOf(busy)).toEqual(
      old
        .slice(-5)
        .map((upgrade) => upgrade.id)
        .reverse(),
    );
    expect(await idsOf(quiet)).toEqual([only.id]);
    for (const gone of old.slice(0, 3)) {
      expect(await test.store.getUpgrade(gone.id)).toBeUndefined();
      expect(await eventsOf(gone)).toEqual([]);
    }
  });

  it('stays while it is young, however much there is', async () => {
    const cluster = await aCluster();
    const young: Upgrade[] = [];
    for (let number = 0; number < 12; number += 1) young.push(await anUpgrade(cluster, 100 * dayMs + number, 30));
    await test.store.forgetOver(retention, afterNoon(100 * dayMs + 2 * hourMs));
    expect(await idsOf(cluster)).toEqual(young.map((upgrade) => upgrade.id).reverse());
    for (const upgrade of young) expect(await eventsOf(upgrade)).toHaveLength(31);
  });

  it('keeps its first and its last events when the others go', async () => {
    const cluster = await aCluster();
    const upgrade = await anUpgrade(cluster, 200 * dayMs, 49);
    await test.store.forgetOver(retention, afterNoon(200 * dayMs + 2 * dayMs));
    expect(await eventsOf(upgrade)).toHaveLength(50);
    const { events } = await test.store.forgetOver(retention, afterNoon(204 * dayMs));
    expect(events).toBe(49 - lastEventsKept);
    expect(await eventsOf(upgrade)).toEqual([1, ...Array.from({ length: lastEventsKept }, (_, index) => 31 + index)]);
    expect((await test.store.forgetOver(retention, afterNoon(204 * dayMs))).events).toBe(0);
  });

  it('is no upgrade that runs, is paused or waits for a person, however old: it keeps its newest events, and goes on counting', async () => {
    const clusters = [await aCluster(), await aCluster()];
    const running = await anUpgrade(clusters[0] ?? '', 0, 99, null);
    const paused = await anUpgrade(clusters[1] ?? '', 0, 10, null);
    await test.store.writeTurn({ upgradeId: paused.id, generation: 1, status: 'paused', events: [], at: afterNoon(hourMs) });
    await test.store.forgetOver(retention, afterNoon(400 * dayMs));
    expect(await eventsOf(running)).toEqual([1, ...Array.from({ length: 60 }, (_, index) => 41 + index)]);
    expect(await eventsOf(paused)).toHaveLength(11);
    await test.store.writeTurn({ upgradeId: running.id, generation: 1, events: [sampleEvent('the next')], at: afterNoon(1) });
    expect((await eventsOf(running)).at(-1)).toBe(101);
  });

  it('is a change of configuration that nobody shows any more, kind by kind', async () => {
    const clusterId = await aCluster();
    const at = (day: number) => afterNoon(day * dayMs);
    for (let day = 0; day < 9; day += 1)
      await test.store.putFaceRecord({
        clusterId,
        face: 'eks',
        kind: 'update',
        id: `u${day}`,
        value: { day },
        createdAt: at(day),
      });
    await test.store.putFaceRecord({ clusterId, face: 'eks', kind: 'insights', id: 'only', value: 1, createdAt: at(0) });
    await test.store.forgetOver(retention, at(100));
    const kept = await test.store.listFaceRecords(clusterId, 'eks', 'update');
    expect(kept.map((record) => record.id)).toEqual(['u8', 'u7', 'u6', 'u5', 'u4']);
    expect(await test.store.listFaceRecords(clusterId, 'eks', 'insights')).toHaveLength(1);
  });
});

describe('a month of use', () => {
  it('leaves no more behind than a week of it', { timeout: 150_000 }, async () => {
    const counted = ['upgrades', 'upgrade_events', 'plans', 'tokens', 'nonces'] as const;
    const clusters = [await aCluster(), await aCluster(), await aCluster()];
    const beginsMs = 1_000 * dayMs;
    const counts: Record<string, number>[] = [];
    for (let day = 0; day < 35; day += 1) {
      const nowMs = beginsMs + day * dayMs;
      for (const cluster of clusters) {
        for (let number = 0; number < 2; number += 1) await anUpgrade(cluster, nowMs + number * 2 * hourMs, 30);
        // A dry run that nothing came of, a request that may be repeated, a signature.
        await test.store.insertPlan(samplePlan(cluster, { madeAt: afterNoon(nowMs) }));
        await test.store.putToken(sampleToken({ expiresAt: afterNoon(nowMs + 8 * hourMs) }));
        await test.store.rememberNonce('key', `${cluster} ${day}`, afterNoon(nowMs + hourMs), afterNoon(nowMs));
      }
      const evening = afterNoon(nowMs + 12 * hourMs);
      await test.store.forgetOver(retention, evening);
      await test.store.forgetExpired(evening, afterNoon(nowMs - 12 * hourMs));
      counts.push(Object.fromEntries(await Promise.all(counted.map(async (table) => [table, await rowsIn(table)] as const))));
    }
    // From then on each day takes as much as it brings.
    expect(counts.at(-1)).toEqual(counts[10]);
    for (const cluster of clusters) expect(await idsOf(cluster)).toHaveLength(2 * 7);
  });

  it('of the audit trail keeps entries for their time, and takes no others', async () => {
    const account = 'whose trail is kept';
    for (const day of [0, 9, 10, 11, 20])
      await test.store.insertAuditEntry(sampleAuditEntry({ account, at: afterNoon(day * dayMs), about: `day ${day}` }));
    await test.store.forgetOver(retention, afterNoon(20 * dayMs));
    expect((await test.store.listAudit(account, 10, null)).map(({ about }) => about)).toEqual(['day 20', 'day 11', 'day 10']);
  });

  it('of a cluster that was deleted leaves nothing', async () => {
    const clusterId = await aCluster();
    const upgrade = await anUpgrade(clusterId, 0, 5);
    await test.store.putTrial(
      { clusterId, member: 'n1', release: { version: '6.7.0', build: null }, settingsHash: 'h' },
      { kind: 'pending' },
    );
    await test.store.putFaceRecord({ clusterId, face: 'eks', kind: 'update', id: 'u', value: 1, createdAt: afterNoon(0) });
    expect(await test.store.deleteCluster(clusterId, false)).toBe('deleted');
    expect(await test.store.getUpgrade(upgrade.id)).toBeUndefined();
    expect(await eventsOf(upgrade)).toEqual([]);
    expect(await test.store.getPlan(upgrade.planId)).toBeUndefined();
    expect(await test.store.listTrials(clusterId)).toEqual([]);
    expect(await test.store.listFaceRecords(clusterId, 'eks', 'update')).toEqual([]);
  });
});
