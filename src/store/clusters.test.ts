import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrialKey } from '../domain/index.ts';
import {
  afterNoon,
  noon,
  openTestStore,
  sampleCluster,
  sampleEvent,
  sampleKey,
  samplePlan,
  sampleUpgrade,
  storedPlan,
  storedUpgrade,
  type TestStore,
} from './samples.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

describe('clusters', () => {
  it('come back as they were written', async () => {
    const cluster = sampleCluster({
      provisioning: { state: 'failed', because: 'no room' },
      deleteAfter: afterNoon(5),
      tags: { __proto__x: '1', 'ü ': '' },
    });
    expect(await test.store.insertCluster(cluster)).toBe('inserted');
    expect(await test.store.getCluster(cluster.id)).toEqual(cluster);
    expect(await test.store.getCluster('es-cn-nobody')).toBeUndefined();
  });

  it('are found by name, engine, region and account together, and by no three of them', async () => {
    const cluster = sampleCluster({ name: 'named-1' });
    await test.store.insertCluster(cluster);
    const { account, engine, region, name } = cluster;
    expect(await test.store.clusterByName(account, engine, region, name)).toEqual(cluster);
    const others = [
      test.store.clusterByName('somebody', engine, region, name),
      test.store.clusterByName(account, 'kubernetes', region, name),
      test.store.clusterByName(account, engine, 'elsewhere', name),
      test.store.clusterByName(account, engine, region, 'named-2'),
      test.store.clusterByName(account, engine, region, "\0'; --"),
    ];
    expect(await Promise.all(others)).toEqual(others.map(() => undefined));
  });

  it('are answered for even when the id that was asked for is odd', async () => {
    for (const id of ['', '\0', "'; drop table clusters; --", '\uD800', '漢'.repeat(5_000)])
      expect(await test.store.getCluster(id)).toBeUndefined();
  });

  it('have a name that is theirs alone within account, engine and region', async () => {
    const first = sampleCluster({ name: 'same' });
    const ends = await Promise.all(
      [first, sampleCluster({ name: 'same' }), sampleCluster({ name: 'same' })].map((one) => test.store.insertCluster(one)),
    );
    expect(ends.sort()).toEqual(['inserted', 'name-taken', 'name-taken']);
    for (const elsewhere of [{ account: 'another' }, { engine: 'kubernetes' }, { region: 'there' }] as const) {
      expect(await test.store.insertCluster(sampleCluster({ name: 'same', ...elsewhere }))).toBe('inserted');
      expect(await test.store.insertCluster(sampleCluster({ name: 'same', ...elsewhere }))).toBe('name-taken');
    }
  });

  it('are listed by account, oldest first', async () => {
    const late = sampleCluster({ account: 'lister', createdAt: afterNoon(2) });
    const early = sampleCluster({ account: 'lister', createdAt: afterNoon(1) });
    for (const one of [late, early]) await test.store.insertCluster(one);
    expect((await test.store.listClusters('lister')).map((one) => one.id)).toEqual([early.id, late.id]);
    expect(await test.store.listClusters('no such account')).toEqual([]);
    expect((await test.store.listClusters(null)).length).toBeGreaterThan(2);
  });

  it('change in what is given only', async () => {
    const cluster = sampleCluster();
    await test.store.insertCluster(cluster);
    const changed = await test.store.updateCluster(
      cluster.id,
      { tags: { team: 'other' }, deleteAfter: afterNoon(9) },
      afterNoon(1),
    );
    expect(changed).toEqual({ ...cluster, tags: { team: 'other' }, deleteAfter: afterNoon(9), updatedAt: afterNoon(1) });
    expect(await test.store.updateCluster(cluster.id, { deleteAfter: null }, afterNoon(2))).toMatchObject({ deleteAfter: null });
    expect(await test.store.updateCluster('es-cn-nobody', { description: 'x' }, noon)).toBeUndefined();
  });

  it('that are awaited are brought under care once, in time, and keep what they were registered with', async () => {
    const until = afterNoon(100);
    const awaited = sampleCluster({ provisioning: { state: 'awaited', until }, secrets: { code: 'a' } });
    const late = sampleCluster({ provisioning: { state: 'awaited', until } });
    const ready = sampleCluster();
    for (const one of [awaited, late, ready]) await test.store.insertCluster(one);
    const spec = { ...awaited.spec, gateAfterFirstMember: true };
    const known = { description: 'known', spec, secrets: { token: 'b' } };
    const ends = await Promise.all([1, 2, 3].map((ms) => test.store.fulfilAwaited(awaited.id, known, afterNoon(ms))));
    const kept = ends.filter((end) => end !== undefined);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toEqual({ ...awaited, ...known, provisioning: { state: 'ready' }, updatedAt: kept[0]?.updatedAt });
    expect(await test.store.getCluster(awaited.id)).toEqual(kept[0]);
    expect(await test.store.fulfilAwaited(late.id, known, until)).toBeUndefined();
    for (const one of [awaited, ready]) expect(await test.store.forgetAwaited(one.id, afterNoon(200))).toBe(false);
    expect(await test.store.forgetAwaited(late.id, afterNoon(99))).toBe(false);
    expect(await test.store.forgetAwaited(late.id, until)).toBe(true);
    expect(await test.store.getCluster(late.id)).toBeUndefined();
    expect(await test.store.getCluster(ready.id)).toEqual(ready);
  });

  it('are not forgotten while an upgrade is unfinished, unless forced, and take everything along', async () => {
    const upgrade = await storedUpgrade(test.store, { status: 'stopped' });
    expect(await test.store.deleteCluster(upgrade.clusterId, false)).toBe('upgrade-unfinished');
    expect(await test.store.deleteCluster(upgrade.clusterId, true)).toBe('deleted');
    expect(await test.store.getUpgrade(upgrade.id)).toBeUndefined();
    expect(await test.store.getPlan(upgrade.planId)).toBeUndefined();
    expect(await test.store.listEvents(upgrade.id, 0, 10)).toEqual([]);
    expect(await test.store.deleteCluster(upgrade.clusterId, false)).toBe('not-found');
  });

  it('are either forgotten or lifted when both are asked for at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const plan = await storedPlan(test.store);
      const upgrade = sampleUpgrade(plan);
      const [deleted, started] = await Promise.all([
        test.store.deleteCluster(plan.clusterId, false),
        test.store.insertUpgrade(upgrade, [sampleEvent('begun')], null),
      ]);
      const forgotten = deleted === 'deleted';
      expect(started.kind).toBe(forgotten ? 'cluster-leaves' : 'inserted');
      expect((await test.store.getUpgrade(upgrade.id)) === undefined).toBe(forgotten);
    }
  });
});

describe('a mark for deletion', () => {
  it.each(['at', 'now', 'due'] as const)('(%s) is not made while an upgrade is running, and nothing changes', async (kind) => {
    const { clusterId } = await storedUpgrade(test.store);
    if (kind === 'due') await test.store.updateCluster(clusterId, { deleteAfter: noon }, noon);
    const before = await test.store.getCluster(clusterId);
    const mark = kind === 'at' ? ({ kind, deleteAfter: afterNoon(5) } as const) : { kind };
    expect(await test.store.markForDeletion(clusterId, mark, afterNoon(1))).toBe('upgrade-running');
    expect(await test.store.deleteCluster(clusterId, 'unless-running')).toBe('upgrade-unfinished');
    expect(await test.store.getCluster(clusterId)).toEqual(before);
  });

  it('comes due when its time has come and not before, and can be taken back until then', async () => {
    const { clusterId } = await storedPlan(test.store);
    const mark = (kind: 'due' | 'none' | 'now', after: number) =>
      test.store.markForDeletion(clusterId, { kind }, afterNoon(after));
    expect([await mark('due', 1), await mark('none', 1)]).toEqual(['as-it-was', 'as-it-was']);
    await test.store.markForDeletion(clusterId, { kind: 'at', deleteAfter: afterNoon(10) }, noon);
    expect(await mark('due', 9)).toBe('as-it-was');
    expect(await mark('none', 9)).toBe('marked');
    expect(await mark('due', 11)).toBe('as-it-was');
    await test.store.markForDeletion(clusterId, { kind: 'at', deleteAfter: afterNoon(20) }, noon);
    expect(await mark('due', 20)).toBe('marked');
    expect(await test.store.getCluster(clusterId)).toMatchObject({
      provisioning: { state: 'deleting' },
      updatedAt: afterNoon(20),
    });
    expect([await mark('none', 21), await mark('now', 21)]).toEqual(['being-deleted', 'being-deleted']);
  });

  it('stays: whoever made the cluster meanwhile does not make it ready', async () => {
    const { clusterId } = await storedPlan(test.store, { provisioning: { state: 'creating' } });
    await test.store.markForDeletion(clusterId, { kind: 'now' }, noon);
    expect(await test.store.updateCluster(clusterId, { provisioning: { state: 'ready' } }, noon)).toBeUndefined();
    expect(await test.store.updateCluster(clusterId, { description: 'going' }, noon)).toMatchObject({
      description: 'going',
      provisioning: { state: 'deleting' },
    });
  });

  it('and a wish to resume do not both win when they come at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id: upgradeId, clusterId } = await storedUpgrade(test.store, { status: 'paused', intent: 'pause' });
      const [marked, resumed] = await Promise.all([
        test.store.markForDeletion(clusterId, { kind: 'now' }, noon),
        test.store.writeIntent({
          upgradeId,
          expectedStatus: 'paused',
          expectedGeneration: 1,
          intent: 'go',
          nextGeneration: true,
          gatePassed: null,
          events: [],
          at: noon,
        }),
      ]);
      const won = marked === 'marked' ? ['marked', 'cluster-leaves', 'paused'] : ['upgrade-running', 'resumed', 'running'];
      const { status } = (await test.store.getUpgrade(upgradeId)) ?? {};
      expect([marked, typeof resumed === 'string' ? resumed : 'resumed', status]).toEqual(won);
    }
  });
});

describe('plans', () => {
  it('come back as they were written, and are never changed', async () => {
    const plan = await storedPlan(test.store);
    expect(await test.store.getPlan(plan.id)).toEqual(plan);
    await test.store.insertPlan({ ...plan, estimateSeconds: 1 });
    expect(await test.store.getPlan(plan.id)).toEqual(plan);
    expect(await test.store.getPlan('no such plan')).toBeUndefined();
  });

  it('keep what a node said, even what a database cannot hold', async () => {
    const { clusterId } = await storedPlan(test.store);
    const plan = samplePlan(clusterId, { touches: ['nul \0 and half \uD83D a pair'] });
    await test.store.insertPlan(plan);
    expect((await test.store.getPlan(plan.id))?.touches).toEqual(['nul \uFFFD and half \uFFFD a pair']);
  });
});

describe('what has had its time', () => {
  it('is swept out: old plans that no upgrade was begun with, expired tokens and nonces, and nothing else', async () => {
    const upgrade = await storedUpgrade(test.store);
    const { clusterId } = upgrade;
    const [old, young] = [samplePlan(clusterId), samplePlan(clusterId, { madeAt: afterNoon(10) })];
    for (const plan of [old, young]) await test.store.insertPlan(plan);
    await test.store.rememberNonce('sweeper', 'expired', afterNoon(5), noon);
    await test.store.rememberNonce('sweeper', 'valid', afterNoon(50), noon);
    const token = { scope: 's', parameters: 'p', answer: null };
    await test.store.putToken({ ...token, token: 'expired', expiresAt: afterNoon(5) });
    await test.store.putToken({ ...token, token: 'valid', expiresAt: afterNoon(50) });
    await test.store.forgetExpired(afterNoon(20), afterNoon(10));
    expect(await test.store.getPlan(old.id)).toBeUndefined();
    expect(await test.store.getPlan(young.id)).toEqual(young);
    expect((await test.store.getPlan(upgrade.planId))?.id).toBe(upgrade.planId);
    // As of noon the first would still be remembered, had it not been swept.
    expect(await test.store.rememberNonce('sweeper', 'expired', afterNoon(5), noon)).toBe(true);
    expect(await test.store.rememberNonce('sweeper', 'valid', afterNoon(50), noon)).toBe(false);
    expect(await test.store.getToken('s', 'expired', noon)).toBeUndefined();
    expect(await test.store.getToken('s', 'valid', noon)).toMatchObject({ token: 'valid' });
  });
});

describe('clusters that are looked after', () => {
  it('come lot by lot, each once, in the order of their ids, whoever owns them', async () => {
    const own = ['a', 'b', 'c', 'd', 'e'].map((letter) => sampleCluster({ id: `tended-${letter}`, account: `owner ${letter}` }));
    for (const cluster of [...own].reverse()) await test.store.insertCluster(cluster);
    const seen: string[] = [];
    for (let last = 'tended-'; ; last = seen.at(-1) ?? '') {
      const lot = (await test.store.clustersAfter(last, 2)).filter(({ id }) => id.startsWith('tended-'));
      if (lot.length === 0) break;
      seen.push(...lot.map(({ id }) => id));
    }
    expect(seen).toEqual(own.map(({ id }) => id));
  });

  it('are told apart from those that come or go', async () => {
    const ready = sampleCluster();
    const moving = [
      sampleCluster({ provisioning: { state: 'creating' } }),
      sampleCluster({ provisioning: { state: 'deleting' } }),
      sampleCluster({ deleteAfter: afterNoon(5) }),
    ];
    for (const cluster of [ready, ...moving]) await test.store.insertCluster(cluster);
    const ids = (await test.store.clustersInMotion()).map(({ id }) => id);
    for (const { id } of moving) expect(ids).toContain(id);
    expect(ids).not.toContain(ready.id);
  });
});

describe('trials', () => {
  it('are known by cluster, member, release with its build, and settings', async () => {
    const { clusterId } = await storedPlan(test.store);
    const stock: TrialKey = { clusterId, member: 'n1', release: { version: '6.7.0', build: null }, settingsHash: 'h' };
    const built: TrialKey = { ...stock, release: { version: '6.7.0', build: 'ali1.2.0' } };
    await test.store.putTrial(stock, { kind: 'running', since: noon });
    await test.store.putTrial(stock, { kind: 'passed', at: noon, tookMs: 5, archive: null });
    await test.store.putTrial(built, { kind: 'refused', at: noon, lastLines: ['unknown setting [a]'] });
    expect(await test.store.getTrial(stock)).toEqual({ kind: 'passed', at: noon, tookMs: 5, archive: null });
    expect(await test.store.getTrial({ ...stock, settingsHash: 'other' })).toBeUndefined();
    expect(await test.store.listTrials(clusterId)).toEqual([
      { key: stock, outcome: { kind: 'passed', at: noon, tookMs: 5, archive: null } },
      { key: built, outcome: { kind: 'refused', at: noon, lastLines: ['unknown setting [a]'] } },
    ]);
  });

  it('take the place of what the member was told with other settings, and of nothing else', async () => {
    const { clusterId } = await storedPlan(test.store);
    const passed = { kind: 'passed', at: noon, tookMs: 5, archive: null } as const;
    const first: TrialKey = { clusterId, member: 'n1', release: { version: '6.7.0', build: null }, settingsHash: 'h1' };
    const others: TrialKey[] = [
      { ...first, member: 'n2' },
      { ...first, release: { version: '6.7.0', build: 'ali1.2.0' } },
      { ...first, release: { version: '6.8.23', build: null } },
    ];
    for (const key of [first, ...others]) await test.store.putTrial(key, passed);
    const second = { ...first, settingsHash: 'h2' };
    await test.store.putTrial(second, { kind: 'running', since: noon });
    const kept = (await test.store.listTrials(clusterId)).map(({ key }) => JSON.stringify(key));
    expect(kept.toSorted()).toEqual([second, ...others].map((key) => JSON.stringify(key)).toSorted());
  });

  it('that end after their cluster was forgotten leave nothing', async () => {
    const key: TrialKey = { clusterId: 'gone', member: 'n1', release: { version: '6.7.0', build: null }, settingsHash: 'h' };
    await test.store.putTrial(key, { kind: 'off' });
    expect(await test.store.getTrial(key)).toBeUndefined();
  });
});

describe('secrets', () => {
  it('lie in no row of any table in a form that can be read', async () => {
    const cluster = sampleCluster({ secrets: { password: 'open sesame 4711' } });
    const key = sampleKey({ secret: 'simsalabim 4712' });
    await test.store.insertCluster(cluster);
    await test.store.insertKey(key);
    const dump = await everyRow();
    expect(dump).toContain(cluster.id);
    expect(dump).toContain(key.id);
    expect(dump).not.toMatch(/open sesame|simsalabim/);
    expect(await test.store.getCluster(cluster.id)).toEqual(cluster);
    expect(await test.store.getKey(key.id)).toEqual(key);
  });

  async function everyRow(): Promise<string> {
    const client = new pg.Client({ connectionString: test.url });
    await client.connect();
    try {
      const tables = await client.query<{ name: string }>(
        `select table_name as name from information_schema.tables where table_schema = 'clusterlift'`,
      );
      const rows = [];
      for (const { name } of tables.rows) rows.push((await client.query(`select * from clusterlift."${name}"`)).rows);
      return JSON.stringify(rows);
    } finally {
      await client.end();
    }
  }
});
