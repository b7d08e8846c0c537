import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestStore, storedUpgrade, type TestStore } from '../store/samples.ts';
import { createWakes } from './wakes.ts';

const never = new AbortController().signal;
const pause = (milliseconds: number, signal?: AbortSignal) =>
  sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined);
const longMs = 600_000;

/** A store that says what the test lets it say. */
function given() {
  const listeners = new Set<(upgradeId: string) => void>();
  const onUpgradeChanged = (listener: (upgradeId: string) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const changed = (upgradeId: string) => {
    for (const listener of listeners) listener(upgradeId);
  };
  const wakes = createWakes({ onUpgradeChanged }, pause);
  const woken: string[] = [];
  const wait = (upgradeId: string, name: string, signal = never, milliseconds = longMs) =>
    wakes.pause(upgradeId, milliseconds, signal).then(() => void woken.push(name));
  return { wakes, changed, woken, wait, listeners };
}

describe('whoever waits for an upgrade', () => {
  it('is woken when it changes, everybody who waits for it and nobody else', async () => {
    const { changed, woken, wait } = given();
    const closing = new AbortController();
    const waits = [wait('a', 'a1'), wait('a', 'a2'), wait('b', 'b1', closing.signal)];
    changed('a');
    await Promise.all(waits.slice(0, 2));
    expect(woken.sort()).toEqual(['a1', 'a2']);
    closing.abort();
    await waits[2];
    expect(woken).toContain('b1');
  });

  it('goes on by itself when the time is over', async () => {
    const { woken, wait } = given();
    await wait('a', 'a1', never, 5);
    expect(woken).toEqual(['a1']);
  });

  it('does not wait at all when the server is about to end', async () => {
    const { woken, wait } = given();
    await wait('a', 'a1', AbortSignal.abort());
    expect(woken).toEqual(['a1']);
  });

  it('is woken by a change that comes later, too, and not by one that was before', async () => {
    const { changed, woken, wait } = given();
    changed('a');
    const first = wait('a', 'first');
    await new Promise((resolve) => setImmediate(resolve));
    expect(woken).toEqual([]);
    changed('a');
    await first;
    const second = wait('a', 'second');
    changed('a');
    await second;
    expect(woken).toEqual(['first', 'second']);
  });

  it('hangs on one listener at the store, which goes when it is closed', () => {
    const { wakes, listeners, wait } = given();
    void wait('a', 'a1', never, 5);
    void wait('b', 'b1', never, 5);
    expect(listeners.size).toBe(1);
    wakes.close();
    expect(listeners.size).toBe(0);
  });
});

describe('a waiting loop on the database', () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  it('is woken within a second by a wish that another server writes', async () => {
    const wakes = createWakes(test.store, pause);
    await listening();
    const tookMs: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const upgrade = await storedUpgrade(test.store);
      const woken = wakes.pause(upgrade.id, longMs, never).then(() => performance.now());
      const writtenAt = performance.now();
      await pausing(upgrade.id);
      tookMs.push((await woken) - writtenAt);
    }
    // The quickest of them: how busy the machine is, is not the question.
    expect(Math.min(...tookMs)).toBeLessThan(1_000);
    wakes.close();
  });

  it('is woken by a change of which the notice was lost, by the comparison of revisions', async () => {
    const upgrade = await storedUpgrade(test.store);
    const wakes = createWakes(test.store, pause);
    const heard = vi.fn();
    test.store.onUpgradeChanged(heard);
    // Once this one is known to the comparison, a change of it without any notice is what a lost notice leaves.
    await test.store.writeTurn({ upgradeId: upgrade.id, generation: 1, events: [], at: upgrade.createdAt });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(upgrade.id), { timeout: 15_000 });
    const woken = wakes.pause(upgrade.id, longMs, never);
    await asAdmin("update clusterlift.upgrades set intent = 'pause', revision = revision + 1 where id = $1", upgrade.id);
    await woken;
    expect(await test.store.getUpgrade(upgrade.id)).toMatchObject({ intent: 'pause' });
    wakes.close();
  });

  /** Until the store hears of changes of its own. */
  async function listening(): Promise<void> {
    const probe = await storedUpgrade(test.store);
    const heard = vi.fn();
    const stop = test.store.onUpgradeChanged(heard);
    await vi.waitFor(
      async () => {
        expect(await asAdmin('select 1 from pg_stat_activity where query like $1', 'listen %')).not.toEqual([]);
      },
      { timeout: 15_000 },
    );
    await test.store.writeTurn({ upgradeId: probe.id, generation: 1, events: [], at: probe.createdAt });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(probe.id), { timeout: 15_000 });
    stop();
  }

  async function pausing(upgradeId: string): Promise<void> {
    const expected = { expectedStatus: 'running', expectedGeneration: 1 } as const;
    const wish = { ...expected, intent: 'pause', nextGeneration: false, gatePassed: null, events: [] } as const;
    await test.store.writeIntent({ upgradeId, ...wish, at: new Date().toISOString() });
  }

  async function asAdmin(text: string, value: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: test.url });
    await client.connect();
    try {
      return (await client.query(text, [value])).rows;
    } finally {
      await client.end();
    }
  }
});
