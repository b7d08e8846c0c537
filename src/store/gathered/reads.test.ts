import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type PostgresStore } from '../postgres-store.ts';
import {
  afterNoon,
  noon,
  openTestStore,
  sampleCluster,
  sampleKey,
  samplePlan,
  sampleUpgrade,
  type TestStore,
} from '../samples.ts';
import { silentLog } from '../testing.ts';

let test: TestStore;
/** Another server on the same database. */
let other: PostgresStore;
let pool: pg.Pool;

beforeAll(async () => {
  test = await openTestStore();
  other = await openStore({ url: test.url, box: test.box, log: silentLog });
  pool = new pg.Pool({ connectionString: test.url, max: 2 });
  // The database goes before the last of its connections has said good-bye.
  pool.on('error', () => undefined);
});
afterAll(async () => {
  await pool.end();
  await other.close();
  await test.close();
});

const byName = (store: PostgresStore, cluster: ReturnType<typeof sampleCluster>) =>
  store.clusterWithUpgradeByName(cluster.account, cluster.engine, cluster.region, cluster.name);

describe('a cluster as it is read for requests', () => {
  it('is as another server has just written it, again and again, by id and by name', async () => {
    const cluster = sampleCluster();
    await test.store.insertCluster(cluster);
    expect(await other.clusterWithUpgrade(cluster.id)).toEqual({ cluster, upgrade: null });
    for (let round = 1; round <= 30; round += 1) {
      const [writer, reader] = round % 2 === 0 ? [test.store, other] : [other, test.store];
      await writer.updateCluster(cluster.id, { tags: { round: `${round}` } }, noon);
      expect((await reader.clusterWithUpgrade(cluster.id))?.cluster.tags).toEqual({ round: `${round}` });
      expect((await byName(reader, cluster))?.cluster.tags).toEqual({ round: `${round}` });
      expect((await reader.getCluster(cluster.id))?.tags).toEqual({ round: `${round}` });
    }
  });

  it('is the very same object while nothing has changed', async () => {
    const cluster = sampleCluster();
    await test.store.insertCluster(cluster);
    const first = await test.store.clusterWithUpgrade(cluster.id);
    expect(await test.store.clusterWithUpgrade(cluster.id)).toBe(first);
    expect(await byName(test.store, cluster)).toBe(first);
    await other.updateCluster(cluster.id, { description: 'other words' }, noon);
    expect((await test.store.clusterWithUpgrade(cluster.id))?.cluster.description).toBe('other words');
  });

  it('is gone at once when another server has removed it, and another one of its name is that one', async () => {
    const cluster = sampleCluster();
    await test.store.insertCluster(cluster);
    expect(await test.store.getCluster(cluster.id)).toEqual(cluster);
    await other.deleteCluster(cluster.id, true);
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
    const next = sampleCluster({ name: cluster.name });
    await other.insertCluster(next);
    expect((await byName(test.store, cluster))?.cluster).toEqual(next);
  });

  it('has its unfinished upgrade as every turn leaves it, with what it runs in the same moment', async () => {
    const cluster = sampleCluster();
    await test.store.insertCluster(cluster);
    const plan = samplePlan(cluster.id);
    await test.store.insertPlan(plan);
    const upgrade = sampleUpgrade(plan);
    await other.insertUpgrade(upgrade, [], null);
    expect(await test.store.clusterWithUpgrade(cluster.id)).toEqual({ cluster, upgrade });
    const { id: upgradeId, generation } = upgrade;
    const turn = { upgradeId, generation, events: [], at: afterNoon(1) } as const;
    const reason = { code: 'a.reason', subject: 'a', says: 'It waits.', clearedBy: 'Time.' };
    await other.writeTurn({ ...turn, reason });
    expect((await test.store.clusterWithUpgrade(cluster.id))?.upgrade?.reason).toEqual(reason);
    const release = { version: '6.8.23', build: null };
    let ended = false;
    const watching = (async () => {
      while (!ended) {
        const seen = await test.store.clusterWithUpgrade(cluster.id);
        // One statement: either both are written or neither.
        expect(seen?.upgrade === null).toBe(seen?.cluster.spec.release.version === '6.8.23');
      }
    })();
    await other.writeTurn({ ...turn, status: 'done', endedAt: afterNoon(2), release });
    expect((await test.store.clusterWithUpgrade(cluster.id))?.upgrade).toBeNull();
    ended = true;
    await watching;
  });

  it('that cannot be opened is told to whoever asks for it alone', async () => {
    const [broken, whole] = [sampleCluster(), sampleCluster()];
    await test.store.insertCluster(broken);
    await test.store.insertCluster(whole);
    await pool.query('update clusterlift.clusters set sealed_secrets = $1 where id = $2', ['v1:AAAA', broken.id]);
    const [one, two] = await Promise.allSettled([test.store.getCluster(broken.id), test.store.getCluster(whole.id)]);
    expect([one.status, two]).toEqual(['rejected', { status: 'fulfilled', value: whole }]);
  });
});

describe('an upgrade and its plan as they are read for requests', () => {
  it('are as another server has just written them, and gone when it has removed them', async () => {
    const cluster = sampleCluster();
    await test.store.insertCluster(cluster);
    const plan = samplePlan(cluster.id);
    expect(await test.store.getPlan(plan.id)).toBeUndefined();
    await other.insertPlan(plan);
    expect(await test.store.getPlan(plan.id)).toEqual(plan);
    const upgrade = sampleUpgrade(plan);
    await other.insertUpgrade(upgrade, [], null);
    expect(await test.store.getUpgrade(upgrade.id)).toEqual(upgrade);
    for (let round = 1; round <= 20; round += 1) {
      const ledger = { ...upgrade.ledger, marks: [`round ${round}`] };
      await other.writeTurn({ upgradeId: upgrade.id, generation: 1, ledger, events: [], at: afterNoon(round) });
      expect((await test.store.getUpgrade(upgrade.id))?.ledger.marks).toEqual([`round ${round}`]);
    }
    await other.deleteCluster(cluster.id, true);
    expect([await test.store.getUpgrade(upgrade.id), await test.store.getPlan(plan.id)]).toEqual([undefined, undefined]);
  });
});

describe('a key as it is read for requests', () => {
  it('is revoked from the moment in which another server has revoked it', async () => {
    const key = sampleKey();
    await test.store.insertKey(sampleKey());
    await test.store.insertKey(key);
    expect(await test.store.getKey(key.id)).toEqual(key);
    expect(await other.revokeKey(key.id)).toBe('revoked');
    expect((await test.store.getKey(key.id))?.status).toBe('revoked');
  });
});

describe('a nonce', () => {
  it('is taken once, however many requests bring it at the same moment to whichever server', async () => {
    const nonces = Array.from({ length: 40 }, (_, index) => `nonce-${index}`);
    const brought = [...nonces, ...nonces.toReversed(), 'odd \0', 'odd \uFFFD'];
    const [here, there] = [test.store, other].map((store) =>
      Promise.all(brought.map((nonce) => store.rememberNonce('key-1', nonce, afterNoon(1_000), noon))),
    );
    const taken = [...((await here) ?? []), ...((await there) ?? [])].filter((first) => first);
    expect(taken).toHaveLength(41);
    for (const nonce of nonces) expect(await other.rememberNonce('key-1', nonce, afterNoon(3_000), afterNoon(999))).toBe(false);
    const again = Promise.all(nonces.map((nonce) => other.rememberNonce('key-1', nonce, afterNoon(9_000), afterNoon(1_000))));
    expect(await again).toEqual(nonces.map(() => true));
  });
});

describe('a server that writes alone', () => {
  let alone: PostgresStore;
  beforeAll(async () => {
    alone = await openStore({ url: test.url, box: test.box, log: silentLog, alone: true });
  });
  afterAll(() => alone.close());

  it('tells whatever it has just written, however many ask meanwhile', async () => {
    const cluster = sampleCluster({ account: 'writes-alone' });
    await alone.insertCluster(cluster);
    let ended = false;
    const watching = Array.from({ length: 8 }, async () => {
      let last = 0;
      while (!ended) {
        const round = Number((await byName(alone, cluster))?.cluster.tags.round ?? 0);
        // Nobody sees an earlier state than the one that he has seen.
        expect(round).toBeGreaterThanOrEqual(last);
        last = round;
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    try {
      for (let round = 1; round <= 100; round += 1) {
        await alone.updateCluster(cluster.id, { tags: { round: `${round}` } }, noon);
        const seen = await Promise.all([
          alone.clusterWithUpgrade(cluster.id),
          byName(alone, cluster),
          alone.clustersWithUpgrades(cluster.account).then((list) => list.find((one) => one.cluster.id === cluster.id)),
        ]);
        expect(seen.map((one) => one?.cluster.tags.round)).toEqual([`${round}`, `${round}`, `${round}`]);
      }
    } finally {
      ended = true;
    }
    await Promise.all(watching);
  });

  it('tells an upgrade and its plan as a turn left them, and nothing of them when their cluster is removed', async () => {
    const cluster = sampleCluster();
    await alone.insertCluster(cluster);
    const plan = samplePlan(cluster.id);
    expect(await alone.getPlan(plan.id)).toBeUndefined();
    await alone.insertPlan(plan);
    expect(await alone.getPlan(plan.id)).toEqual(plan);
    const upgrade = sampleUpgrade(plan);
    await alone.insertUpgrade(upgrade, [], null);
    for (let round = 1; round <= 20; round += 1) {
      const ledger = { ...upgrade.ledger, marks: [`round ${round}`] };
      await alone.writeTurn({ upgradeId: upgrade.id, generation: 1, ledger, events: [], at: afterNoon(round) });
      expect((await alone.getUpgrade(upgrade.id))?.ledger.marks).toEqual([`round ${round}`]);
      expect((await alone.clusterWithUpgrade(cluster.id))?.upgrade?.ledger.marks).toEqual([`round ${round}`]);
    }
    await alone.deleteCluster(cluster.id, true);
    const left = [alone.getUpgrade(upgrade.id), alone.getPlan(plan.id), alone.clusterWithUpgrade(cluster.id)];
    expect(await Promise.all(left)).toEqual([undefined, undefined, undefined]);
  });

  it('refuses a key from the moment in which it has revoked it', async () => {
    const key = sampleKey();
    await alone.insertKey(key);
    expect((await alone.getKey(key.id))?.status).toBe('active');
    await alone.revokeKey(key.id);
    expect((await alone.getKey(key.id))?.status).toBe('revoked');
  });

  it('hears within a moment of what somebody has written by hand', async () => {
    const cluster = sampleCluster();
    await alone.insertCluster(cluster);
    await alone.clusterWithUpgrade(cluster.id);
    await pool.query('update clusterlift.clusters set description = $1 where id = $2', ['by hand', cluster.id]);
    await expect
      .poll(async () => (await alone.clusterWithUpgrade(cluster.id))?.cluster.description, { timeout: 30_000 })
      .toBe('by hand');
  });
});
