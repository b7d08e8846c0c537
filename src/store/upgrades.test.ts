import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyLedger, type Reason, type Upgrade } from '../domain/index.ts';
import type { IntentChange } from './queries/write-intent.ts';
import {
  afterNoon,
  noon,
  openTestStore,
  sampleEvent,
  sampleToken,
  sampleUpgrade,
  storedPlan,
  storedUpgrade,
  type TestStore,
} from './samples.ts';

const because: Reason = { code: 'es.red', subject: 'cluster', says: 'It is red.', clearedBy: 'Mend it.', evidence: ['a', 'b'] };

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

function wish(upgrade: Upgrade, change: Partial<IntentChange> = {}): IntentChange {
  return {
    upgradeId: upgrade.id,
    expectedStatus: upgrade.status,
    expectedGeneration: upgrade.generation,
    intent: 'pause',
    nextGeneration: false,
    gatePassed: null,
    events: [sampleEvent('asked', { kind: 'asked', actor: 'key-1' })],
    at: afterNoon(1),
    ...change,
  };
}

describe('upgrades', () => {
  it('refuse a turn that was written for an earlier state of the upgrade, with and without its cluster', async () => {
    const { id } = await storedUpgrade(test.store);
    const revision = async () => (await test.store.listRunning()).find((one) => one.id === id)?.revision ?? 0;
    const seen = await revision();
    const turn = { upgradeId: id, generation: 1, events: [], at: noon };
    expect(await test.store.writeTurn({ ...turn, reason: null })).toBe(true);
    const says = (text: string) => ({ code: 'it.waits', subject: id, says: text, clearedBy: 'Time.' });
    const release = { version: '5.6.16', build: null };
    expect(await test.store.writeTurn({ ...turn, expectedRevision: seen, reason: says('late') })).toBe(false);
    expect(await test.store.writeTurn({ ...turn, expectedRevision: seen, reason: says('late'), release })).toBe(false);
    expect((await test.store.getUpgrade(id))?.reason).toBeNull();
    expect(await test.store.writeTurn({ ...turn, expectedRevision: await revision(), reason: says('in time') })).toBe(true);
    expect((await test.store.getUpgrade(id))?.reason?.says).toBe('in time');
  });

  it('are counted by status as long as they are unfinished', async () => {
    const before = await test.store.countUnfinished();
    for (const status of ['paused', 'paused', 'stopped', 'done', 'cancelled'] as const)
      await storedUpgrade(test.store, { status, endedAt: status === 'done' || status === 'cancelled' ? noon : null });
    const after = await test.store.countUnfinished();
    const more = (status: Upgrade['status']) => (after.get(status) ?? 0) - (before.get(status) ?? 0);
    const all = ['running', 'paused', 'stopped', 'gated', 'done', 'cancelled'] as const;
    expect(all.map(more)).toEqual([0, 2, 1, 0, 0, 0]);
  });

  it('come back as they were written', async () => {
    const upgrade = await storedUpgrade(test.store, {
      status: 'stopped',
      reason: because,
      ledger: { ...emptyLedger, generation: 1, ownerSettings: { 'persistent:a.b': null }, marks: ['flushed node-1'] },
      recorded: [{ check: 'es.x', kind: 'policy', hop: 0, subject: 's', says: 'x', evidence: [], remedy: 'r' }],
    });
    expect(await test.store.getUpgrade(upgrade.id)).toEqual(upgrade);
    expect(await test.store.unfinishedUpgrade(upgrade.clusterId)).toEqual(upgrade);
    expect(await test.store.getUpgrade('no such upgrade')).toBeUndefined();
  });

  it('are begun once for a cluster, however many ask at once, and all are told of that one', async () => {
    const plan = await storedPlan(test.store);
    const upgrades = Array.from({ length: 20 }, () => sampleUpgrade(plan));
    const ends = await Promise.all(upgrades.map((upgrade) => test.store.insertUpgrade(upgrade, [sampleEvent('begun')], null)));
    const begun = upgrades.filter((_, index) => ends[index]?.kind === 'inserted');
    expect(begun).toHaveLength(1);
    const refused = ends.filter((end) => end.kind === 'unfinished-exists');
    expect(refused).toHaveLength(19);
    for (const end of refused) expect(end.upgrade).toEqual(begun[0]);
    expect(await test.store.listUpgrades({ clusterId: plan.clusterId, limit: 50 })).toEqual(begun);
  });

  it('keep another from beginning in every unfinished status, and in no other', async () => {
    for (const status of ['running', 'paused', 'stopped', 'gated', 'done', 'cancelled'] as const) {
      const plan = await storedPlan(test.store);
      await test.store.insertUpgrade(sampleUpgrade(plan, { status }), [], null);
      const end = await test.store.insertUpgrade(sampleUpgrade(plan), [], null);
      expect([status, end.kind]).toEqual([status, ['done', 'cancelled'].includes(status) ? 'inserted' : 'unfinished-exists']);
    }
  });

  it('are stored together with the answer for their token, or neither is', async () => {
    const plan = await storedPlan(test.store);
    const token = sampleToken();
    const upgrade = sampleUpgrade(plan);
    expect(await test.store.insertUpgrade(upgrade, [], token)).toEqual({ kind: 'inserted' });
    expect(await test.store.getToken(token.scope, token.token, noon)).toEqual(token);

    const other = await storedPlan(test.store);
    const second = sampleUpgrade(other);
    const taken = await test.store.insertUpgrade(second, [sampleEvent('begun')], { ...token, answer: 'another' });
    expect(taken).toEqual({ kind: 'token-taken' });
    expect(await test.store.getUpgrade(second.id)).toBeUndefined();
    expect(await test.store.listEvents(second.id, 0, 10)).toEqual([]);

    const fresh = sampleToken();
    expect((await test.store.insertUpgrade(sampleUpgrade(plan), [], fresh)).kind).toBe('unfinished-exists');
    expect(await test.store.getToken(fresh.scope, fresh.token, noon)).toBeUndefined();
  });

  it('are not begun for a cluster that is not there', async () => {
    const plan = await storedPlan(test.store);
    await test.store.deleteCluster(plan.clusterId, false);
    expect(await test.store.insertUpgrade(sampleUpgrade(plan), [], null)).toEqual({ kind: 'cluster-leaves' });
  });

  it('are listed newest first, by what is asked for, page by page', async () => {
    const plan = await storedPlan(test.store, { account: 'pages' });
    const upgrades: Upgrade[] = [];
    for (const status of ['done', 'cancelled', 'done', 'paused'] as const) {
      const upgrade = sampleUpgrade(plan, { status });
      await test.store.insertUpgrade(upgrade, [], null);
      upgrades.unshift(upgrade);
    }
    const ids = async (filter: Partial<Parameters<typeof test.store.listUpgrades>[0]>) =>
      (await test.store.listUpgrades({ account: 'pages', limit: 10, ...filter })).map((upgrade) => upgrade.id);
    const all = upgrades.map((upgrade) => upgrade.id);
    expect(await ids({})).toEqual(all);
    expect(await ids({ clusterId: plan.clusterId })).toEqual(all);
    expect(await ids({ unfinished: true })).toEqual(all.slice(0, 1));
    expect(await ids({ unfinished: false })).toEqual(all.slice(1));
    expect(await ids({ status: 'paused' })).toEqual(all.slice(0, 1));
    expect(await ids({ status: 'gated' })).toEqual([]);
    const firstPage = await ids({ limit: 2 });
    expect(firstPage).toEqual(all.slice(0, 2));
    expect(await ids({ limit: 2, before: firstPage[1] ?? '' })).toEqual(all.slice(2));
    expect(await ids({ account: 'nobody' })).toEqual([]);
    expect(await ids({ before: 'no such upgrade' })).toEqual([]);
  });
});

describe('a turn', () => {
  it('writes what is given, with its events in order', async () => {
    const upgrade = await storedUpgrade(test.store);
    const ledger = { ...upgrade.ledger, hop: 1 };
    const events = [
      sampleEvent('one'),
      sampleEvent('two', { kind: 'acting', move: 'lift', members: ['a', 'b'], reason: because }),
    ];
    const row = { upgradeId: upgrade.id, generation: 1 };
    expect(await test.store.writeTurn({ ...row, ledger, reason: because, events, at: afterNoon(1) })).toBe(true);
    expect(await test.store.getUpgrade(upgrade.id)).toEqual({ ...upgrade, ledger, reason: because, updatedAt: afterNoon(1) });

    const end = { ...row, status: 'done', reason: null, endedAt: afterNoon(2), events: [sampleEvent('three')] } as const;
    expect(await test.store.writeTurn({ ...end, at: afterNoon(2) })).toBe(true);
    expect(await test.store.getUpgrade(upgrade.id)).toMatchObject({
      status: 'done',
      reason: null,
      endedAt: afterNoon(2),
      ledger,
    });
    expect(await test.store.unfinishedUpgrade(upgrade.clusterId)).toBeUndefined();

    const told = await test.store.listEvents(upgrade.id, 0, 10);
    expect(told.map((event) => [event.seq, event.says])).toEqual([
      [1, 'begun'],
      [2, 'one'],
      [3, 'two'],
      [4, 'three'],
    ]);
    expect(told[2]).toEqual({ ...events[1], seq: 3, upgradeId: upgrade.id, generation: 1 });
    expect((await test.store.listEvents(upgrade.id, 1, 2)).map((event) => event.seq)).toEqual([2, 3]);
  });

  it('of an older generation is refused and leaves nothing', async () => {
    const upgrade = await storedUpgrade(test.store);
    const raised = await test.store.nextGeneration(upgrade.id, 1, afterNoon(1));
    const late = { upgradeId: upgrade.id, generation: 1, ledger: { ...emptyLedger, hop: 7 }, at: afterNoon(2) };
    expect(await test.store.writeTurn({ ...late, status: 'done', events: [sampleEvent('late')] })).toBe(false);
    expect(await test.store.getUpgrade(upgrade.id)).toEqual(raised);
    expect(await test.store.listEvents(upgrade.id, 1, 10)).toEqual([]);
    expect(await test.store.writeTurn({ ...late, upgradeId: randomUUID(), events: [] })).toBe(false);
  });

  it('that would end the upgrade does not overtake a wish it has not seen', async () => {
    const upgrade = await storedUpgrade(test.store);
    await test.store.writeIntent(wish(upgrade, { intent: 'cancel' }));
    const end = { upgradeId: upgrade.id, generation: 1, status: 'stopped', events: [], at: afterNoon(2) } as const;
    expect(await test.store.writeTurn({ ...end, expectedIntent: 'go' })).toBe(false);
    expect(await test.store.getUpgrade(upgrade.id)).toMatchObject({ status: 'running', intent: 'cancel' });
    expect(await test.store.writeTurn({ ...end, expectedIntent: 'cancel' })).toBe(true);
  });

  it('and many more at once leave no gap between their events', async () => {
    const upgrade = await storedUpgrade(test.store);
    const events = [sampleEvent('x'), sampleEvent('y')];
    const turns = Array.from({ length: 20 }, () => ({ upgradeId: upgrade.id, generation: 1, events, at: noon }));
    await Promise.all(turns.map((turn) => test.store.writeTurn(turn)));
    const told = await test.store.listEvents(upgrade.id, 0, 100);
    expect(told.map((event) => event.seq)).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
    expect(told.slice(1).map((event) => event.says)).toEqual(turns.flatMap(() => ['x', 'y']));
  });
});

describe('a wish', () => {
  it('is written when status and generation are as they were seen', async () => {
    const upgrade = await storedUpgrade(test.store);
    const paused = await test.store.writeIntent(wish(upgrade));
    expect(paused).toEqual({ ...upgrade, intent: 'pause', updatedAt: afterNoon(1) });
    expect(await test.store.getUpgrade(upgrade.id)).toEqual(paused);
    expect((await test.store.listEvents(upgrade.id, 1, 10)).map((event) => [event.kind, event.actor])).toEqual([
      ['asked', 'key-1'],
    ]);
  });

  it('is refused when either has changed, and leaves nothing', async () => {
    const upgrade = await storedUpgrade(test.store);
    expect(await test.store.writeIntent(wish(upgrade, { expectedStatus: 'paused' }))).toBeUndefined();
    expect(await test.store.writeIntent(wish(upgrade, { expectedGeneration: 2 }))).toBeUndefined();
    expect(await test.store.writeIntent(wish(upgrade, { upgradeId: randomUUID() }))).toBeUndefined();
    expect(await test.store.getUpgrade(upgrade.id)).toEqual(upgrade);
    expect(await test.store.listEvents(upgrade.id, 1, 10)).toEqual([]);
  });

  it('that begins the next generation makes the upgrade run again, once', async () => {
    const upgrade = await storedUpgrade(test.store, { status: 'stopped', reason: because });
    const resume = wish(upgrade, { intent: 'go', nextGeneration: true });
    const ends = await Promise.all(Array.from({ length: 8 }, () => test.store.writeIntent(resume)));
    expect(ends.filter((end) => end !== undefined)).toEqual([
      { ...upgrade, status: 'running', reason: null, generation: 2, updatedAt: afterNoon(1) },
    ]);
    expect((await test.store.listEvents(upgrade.id, 1, 10)).map((event) => event.generation)).toEqual([2]);
  });

  it('passes a gate, whatever else the ledger holds', async () => {
    const ledger = { ...emptyLedger, gatesPassed: [0], marks: ['kept'] };
    const upgrade = await storedUpgrade(test.store, { status: 'gated', ledger });
    const passed = await test.store.writeIntent(wish(upgrade, { intent: 'go', nextGeneration: true, gatePassed: 1 }));
    expect(passed).toMatchObject({ ledger: { ...ledger, gatesPassed: [0, 1] } });
  });
});

describe('the next generation', () => {
  it('is begun by one caller only, and only while the upgrade is running', async () => {
    const upgrade = await storedUpgrade(test.store);
    const ends = await Promise.all(Array.from({ length: 8 }, () => test.store.nextGeneration(upgrade.id, 1, afterNoon(1))));
    expect(ends.filter((end) => end !== undefined)).toEqual([{ ...upgrade, generation: 2, updatedAt: afterNoon(1) }]);
    const paused = await storedUpgrade(test.store, { status: 'paused' });
    expect(await test.store.nextGeneration(paused.id, 1, noon)).toBeUndefined();
    expect(await test.store.nextGeneration('no such upgrade', 1, noon)).toBeUndefined();
  });

  it('that run are listed for who carries them on, oldest first, and no others', async () => {
    const [first, second, paused] = [
      await storedUpgrade(test.store),
      await storedUpgrade(test.store),
      await storedUpgrade(test.store),
    ];
    await test.store.writeTurn({ upgradeId: paused.id, generation: 1, status: 'paused', events: [], at: noon });
    await test.store.nextGeneration(second.id, 1, noon);
    const ours = (await test.store.listRunning()).filter(({ id }) => [first, second, paused].some((one) => one.id === id));
    expect(ours).toEqual([
      { id: first.id, generation: 1, revision: 1 },
      { id: second.id, generation: 2, revision: 2 },
    ]);
  });

  it('come with their cluster and their plan, each as it is by itself', async () => {
    const upgrade = await storedUpgrade(test.store);
    expect(await test.store.getCarried(upgrade.id)).toEqual({
      upgrade: await test.store.getUpgrade(upgrade.id),
      cluster: await test.store.getCluster(upgrade.clusterId),
      plan: await test.store.getPlan(upgrade.planId),
    });
    expect(await test.store.getCarried('nobody')).toBeUndefined();
  });
});
