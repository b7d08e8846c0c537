import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyLedger, type Intent, type OwnersWish, type Upgrade, type UpgradeStatus } from '../domain/index.ts';
import { openTestStore, storedUpgrade, type TestStore } from '../store/samples.ts';
import { because, caller, given, stranger } from './testing.ts';
import { wish } from './wish.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const wishes: readonly OwnersWish[] = ['pause', 'resume', 'cancel', 'continue'];

/** What becomes of each wish: the intent, `+1` where the next generation begins; or why not. In the order of `wishes`. */
const table: readonly [UpgradeStatus, Intent, readonly [string, string, string, string]][] = [
  ['running', 'go', ['pause', 'already', 'cancel', 'not-now']],
  ['running', 'pause', ['already', 'go', 'cancel', 'not-now']],
  ['running', 'cancel', ['not-now', 'not-now', 'already', 'not-now']],
  ['paused', 'pause', ['already', 'go +1', 'cancel +1', 'not-now']],
  ['stopped', 'go', ['not-now', 'go +1', 'cancel +1', 'not-now']],
  ['stopped', 'pause', ['not-now', 'go +1', 'cancel +1', 'not-now']],
  ['stopped', 'cancel', ['not-now', 'cancel +1', 'cancel +1', 'not-now']],
  ['gated', 'go', ['not-now', 'not-now', 'cancel +1', 'go +1']],
  ['done', 'go', ['not-now', 'not-now', 'not-now', 'not-now']],
  ['cancelled', 'cancel', ['not-now', 'not-now', 'not-now', 'not-now']],
];
const cases = table.flatMap(([status, intent, ends]) =>
  wishes.map((wanted, index) => [wanted, status, intent, ends[index] ?? ''] as const),
);

describe('a wish', () => {
  it.each(cases)('%s on an upgrade that is %s (%s) comes to: %s', async (wanted, status, intent, expected) => {
    const g = given(test.store);
    const upgrade = await storedUpgrade(test.store, { status, intent, generation: 4, reason: because('es.red') });
    const result = await wish(g.parts, caller, upgrade.id, wanted);
    const after = (await test.store.getUpgrade(upgrade.id)) as Upgrade;
    const events = await test.store.listEvents(upgrade.id, 1, 10);
    if (expected === 'already' || expected === 'not-now') {
      expect(result).toEqual({ kind: expected, upgrade, says: expect.stringMatching(/^[A-Z].*\.$/) });
      expect(after).toEqual(upgrade);
      expect([events, g.started]).toEqual([[], []]);
      return;
    }
    const begins = expected.endsWith('+1');
    const generation = begins ? 5 : 4;
    expect(result).toEqual({ kind: 'accepted', upgrade: after });
    expect(after).toMatchObject({ intent: expected.replace(' +1', ''), status: 'running', generation });
    expect(after.reason).toEqual(begins ? null : upgrade.reason);
    expect(g.started).toEqual(begins ? [`${upgrade.id} 5`] : []);
    const kind = wanted === 'resume' ? 'resumed' : 'asked';
    expect(events).toMatchObject([{ kind, actor: caller.keyId, generation, says: expect.stringContaining(caller.keyId) }]);
  });

  it('to continue passes the gate of the hop in hand, beside those passed before', async () => {
    const g = given(test.store);
    const ledger = { ...emptyLedger, hop: 2, gatesPassed: [0] };
    const upgrade = await storedUpgrade(test.store, { status: 'gated', ledger });
    await wish(g.parts, caller, upgrade.id, 'continue');
    expect((await test.store.getUpgrade(upgrade.id))?.ledger).toEqual({ ...ledger, gatesPassed: [0, 2] });
  });

  it('to resume keeps the ledger: owner settings that were written down are still to be put back', async () => {
    const g = given(test.store);
    const ledger = { ...emptyLedger, ownerSettings: { 'persistent:a': 'all' }, marks: ['m'] };
    const upgrade = await storedUpgrade(test.store, { status: 'stopped', ledger });
    await wish(g.parts, caller, upgrade.id, 'resume');
    expect((await test.store.getUpgrade(upgrade.id))?.ledger).toEqual(ledger);
  });

  it('that meets a change of the upgrade is judged again on what it is now', async () => {
    const g = given(test.store);
    const upgrade = await storedUpgrade(test.store);
    let overtaken = false;
    const store: TestStore['store'] = {
      ...test.store,
      writeIntent: async (change) => {
        if (!overtaken)
          await test.store.writeTurn({ upgradeId: upgrade.id, generation: 1, status: 'done', events: [], at: g.clock.now() });
        overtaken = true;
        return test.store.writeIntent(change);
      },
    };
    expect(await wish({ ...g.parts, store }, caller, upgrade.id, 'pause')).toMatchObject({ kind: 'not-now' });
    expect(await test.store.getUpgrade(upgrade.id)).toMatchObject({ status: 'done', intent: 'go' });
  });

  it('of twenty at once to resume begins one generation, and the others are told that it runs', async () => {
    const g = given(test.store);
    const upgrade = await storedUpgrade(test.store, { status: 'paused', intent: 'pause' });
    const ends = await Promise.all(Array.from({ length: 20 }, () => wish(g.parts, caller, upgrade.id, 'resume')));
    const count = (kind: string) => ends.filter((end) => end.kind === kind).length;
    expect([count('accepted'), count('already')]).toEqual([1, 19]);
    expect(g.started).toEqual([`${upgrade.id} 2`]);
  });

  it('of another account finds no upgrade, and of an upgrade that nobody knows neither', async () => {
    const g = given(test.store);
    const upgrade = await storedUpgrade(test.store);
    expect(await wish(g.parts, stranger, upgrade.id, 'cancel')).toEqual({ kind: 'not-found' });
    expect(await wish(g.parts, caller, 'no such upgrade', 'cancel')).toEqual({ kind: 'not-found' });
    expect(await test.store.getUpgrade(upgrade.id)).toEqual(upgrade);
  });
});
