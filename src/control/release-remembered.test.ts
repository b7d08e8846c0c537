import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elasticsearchSpec, type Store, type TurnWrite } from '../domain/index.ts';
import { openTestStore, type TestStore } from '../store/samples.ts';
import { advance } from './lift.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { newRelease, oldRelease } from './testing.ts';
import { aLift, finished } from './testing-lift.ts';
import { nextReleases } from './trials.ts';
import { clusterView, observeCluster } from './views.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const owner = { keyId: 'key-1', account: 'owner', policy: null };

/** A store whose server is killed with the first turn that it writes: that one is written, and nothing after it. */
function killedAfterATurn(store: Store): Store {
  let killed = false;
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method = target[name] as (...given: unknown[]) => unknown;
      return async (...given: unknown[]) => {
        if (killed) throw new Error('the server was killed');
        killed = name === 'writeTurn' && (given[0] as TurnWrite).status !== undefined;
        return method(...given);
      };
    },
  });
}

describe('what a cluster runs', () => {
  it('is remembered with the ending of its upgrade, even when the server is killed right then', async () => {
    const lift = await aLift(test);
    lift.decides(finished);
    lift.engine.release = newRelease;
    const dying = { ...lift.parts, store: killedAfterATurn(test.store) };
    await advance(dying, lift.upgrade.id, 1).catch(() => undefined);
    expect((await lift.row()).status).toBe('done');
    expect(await lift.turn()).toBe('ended');
    const view = await clusterView(lift.parts, owner, lift.cluster.id);
    expect(view).toMatchObject({ status: 'active', release: newRelease });
  });

  it('keeps what its owner changed of it while the upgrade ended', async () => {
    const lift = await aLift(test);
    lift.decides(finished);
    lift.engine.release = newRelease;
    const settings = { 'node.attr.kept': 'yes' };
    const observe = lift.engine.observe;
    lift.engine.observe = (members) => {
      changing = test.store.updateCluster(
        lift.cluster.id,
        { spec: { ...elasticsearchSpec(lift.cluster), settings } },
        lift.clock.now(),
      );
      return observe(members);
    };
    let changing: Promise<unknown> = Promise.resolve();
    const waits = { ...test.store, writeTurn: async (turn: TurnWrite) => changing.then(() => test.store.writeTurn(turn)) };
    await advance({ ...lift.parts, store: waits }, lift.upgrade.id, 1);
    expect((await test.store.getCluster(lift.cluster.id))?.spec).toMatchObject({ settings, release: newRelease });
  });

  it.each(['plan', 'look'] as const)('is seen by a %s at a cluster that other hands have lifted', async (by) => {
    const lift = await aLift(test, { status: 'done' });
    lift.engine.release = newRelease;
    if (by === 'plan') await planUpgrade(lift.parts, owner, lift.cluster.id, { version: '6.8.23', build: null });
    else await observeCluster(lift.parts, owner, lift.cluster.id);
    const after = await test.store.getCluster(lift.cluster.id);
    expect(after?.spec).toEqual({ ...lift.cluster.spec, release: newRelease });
    expect(after && nextReleases(lift.parts, after).map((release) => release.version)).toContain('6.8.23');
  });

  it.each(['running', 'stopped', 'paused'] as const)('is left to the loop while an upgrade is %s', async (status) => {
    const lift = await aLift(test, { status });
    lift.engine.release = newRelease;
    await observeCluster(lift.parts, owner, lift.cluster.id);
    expect((await test.store.getCluster(lift.cluster.id))?.spec.release).toEqual(oldRelease);
  });

  it('is not written again when a look finds it as it was', async () => {
    const lift = await aLift(test, { status: 'done' });
    lift.clock.advance(5_000);
    await observeCluster(lift.parts, owner, lift.cluster.id);
    expect(await test.store.getCluster(lift.cluster.id)).toEqual(lift.cluster);
  });
});
