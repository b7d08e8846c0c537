import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, emptyLedger, type OwnersWish, type Store, type Upgrade } from '../domain/index.ts';
import { openTestStore, sampleCluster, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import { createControl } from './create-control.ts';
import { removeCluster } from './remove-cluster.ts';
import { startUpgrade } from './start-upgrade.ts';
import { caller, catalog, type Given, given, newRelease, planOf, spec } from './testing.ts';
import { wish } from './wish.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterEach(async () => {
  for (const cluster of await test.store.listClusters(null)) await test.store.deleteCluster(cluster.id, true);
});
afterAll(() => test.close());

const graceMs = 60_000;

async function aCluster(cluster: Partial<Cluster>, upgrade: Partial<Upgrade> | null) {
  const made = sampleCluster({ spec: spec(), account: caller.account, origin: 'created', ...cluster });
  await test.store.insertCluster(made);
  const plan = samplePlan(made.id, planOf(made.id));
  await test.store.insertPlan(plan);
  const lifted = sampleUpgrade(plan, { ledger: emptyLedger, status: 'paused', intent: 'pause', ...upgrade });
  if (upgrade !== null) await test.store.insertUpgrade(lifted, [], null);
  return { clusterId: made.id, upgradeId: lifted.id };
}

/** The store, with the owner resuming just before anything of the cluster is changed. */
function resumedMeanwhile(g: Given, upgradeId: string): Store {
  return new Proxy(test.store, {
    get: (target, name: keyof Store) =>
      !['deleteCluster', 'markForDeletion', 'updateCluster'].includes(name)
        ? target[name]
        : async (...args: unknown[]) => {
            await wish(g.parts, caller, upgradeId, 'resume');
            return (target[name] as (...args: unknown[]) => unknown)(...args);
          },
  });
}

describe('a cluster whose upgrade is resumed while it is removed', () => {
  it.each(['registered', 'created'] as const)('is kept with its upgrade: %s', async (origin) => {
    const g = given(test.store);
    const { clusterId, upgradeId } = await aCluster({ origin }, {});
    const parts = { ...g.parts, store: resumedMeanwhile(g, upgradeId) };
    expect(await removeCluster(parts, caller, clusterId, 0)).toBe('upgrade-unfinished');
    expect(await test.store.getUpgrade(upgradeId)).toMatchObject({ status: 'running', generation: 2 });
    expect(await test.store.getCluster(clusterId)).toMatchObject({ provisioning: { state: 'ready' } });
  });
});

describe('while a cluster is about to be deleted', () => {
  it.each([
    ['resume', 'paused'],
    ['continue', 'gated'],
  ] as const)('%s of its upgrade is refused with why, until the deletion is taken back', async (wanted, status) => {
    const g = given(test.store);
    const { clusterId, upgradeId } = await aCluster({}, { status });
    const { control } = createControl(g.parts, new AbortController().signal);
    expect(await control.removeCluster(caller, clusterId, graceMs)).toBe('removed');
    expect(await wish(g.parts, caller, upgradeId, wanted)).toMatchObject({
      kind: 'not-now',
      says: 'The cluster is about to be deleted.',
    });
    expect(g.started).toEqual([]);
    expect(await control.cancelRemoval(caller, clusterId)).toBe('cancelled');
    expect(await wish(g.parts, caller, upgradeId, wanted)).toMatchObject({ kind: 'accepted' });
    expect(g.started).toEqual([`${upgradeId} 2`]);
  });

  it('its upgrade may be cancelled, and it is erased only when that has ended', async () => {
    const g = given(test.store);
    const { clusterId, upgradeId } = await aCluster({}, {});
    const running = createControl(g.parts, new AbortController().signal);
    await running.control.removeCluster(caller, clusterId, graceMs);
    expect(await wish(g.parts, caller, upgradeId, 'cancel')).toMatchObject({ kind: 'accepted' });
    g.clock.advance(graceMs + 1);
    await running.resume();
    await running.idle();
    expect(g.host.asked).toEqual([]);
    await test.store.writeTurn({
      upgradeId,
      generation: 2,
      status: 'cancelled',
      endedAt: g.clock.now(),
      events: [],
      at: g.clock.now(),
    });
    await running.resume();
    await running.idle();
    expect(g.host.asked).toEqual(['erase node-1', 'erase node-2']);
    expect(await test.store.getCluster(clusterId)).toBeUndefined();
  });

  it('no upgrade of it begins, even when it was looked at before', async () => {
    const g = given(test.store);
    const { clusterId } = await aCluster({}, null);
    const insertPlan: Store['insertPlan'] = async (plan) => {
      await test.store.insertPlan(plan);
      await removeCluster(g.parts, caller, clusterId, graceMs);
    };
    const parts = { ...g.parts, store: { ...test.store, insertPlan } };
    const policy = { maxHops: 9, policyFindings: 'record' } as const;
    const request = { clusterId, what: { to: newRelease }, acknowledge: [], policy, token: null, answer: () => null };
    expect(await startUpgrade(parts, caller, request)).toMatchObject({ kind: 'not-ready' });
    expect(await test.store.listUpgrades({ clusterId, limit: 9 })).toEqual([]);
    expect(g.started).toEqual([]);
  });
});

describe('while a cluster is being deleted', () => {
  it.each<[OwnersWish, Upgrade['status']]>([
    ['resume', 'paused'],
    ['resume', 'stopped'],
    ['continue', 'gated'],
    ['cancel', 'paused'],
  ])('%s of its upgrade that is %s is refused with why, and nothing is started', async (wanted, status) => {
    const g = given(test.store);
    const { clusterId, upgradeId } = await aCluster({}, { status });
    await removeCluster(g.parts, caller, clusterId, 0);
    expect(await wish(g.parts, caller, upgradeId, wanted)).toMatchObject({
      kind: 'not-now',
      says: 'The cluster is being deleted.',
      upgrade: { status },
    });
    expect(g.started).toEqual([]);
  });
});

describe('a cluster that is erased', () => {
  it('leaves no folder that only it used: they go when nobody writes to them any more', async () => {
    const g = given(test.store);
    const { clusterId } = await aCluster({ name: 'search' }, null);
    const leftovers = (_: unknown, own: string) => ['/tmp/a', own].map((folder) => ({ host: 'local', folder }));
    const engine = { ...g.engine.engine, leftovers };
    const running = createControl({ ...g.parts, engines: { elasticsearch: { engine, catalog } } }, new AbortController().signal);
    await running.control.removeCluster(caller, clusterId, 0);
    await running.idle();
    expect(g.host.asked).toEqual(['erase node-1', 'erase node-2', `run search rm -rf -- /tmp/a /snapshots/${clusterId}`]);
    expect(await test.store.getCluster(clusterId)).toBeUndefined();
  });
});

describe('a cluster that is still being made when its time has come', () => {
  it('is erased by the next server, and none of its members is started', async () => {
    const g = given(test.store);
    const { clusterId } = await aCluster({ provisioning: { state: 'creating' }, deleteAfter: g.clock.now() }, null);
    const running = createControl(g.parts, new AbortController().signal);
    await running.resume();
    await running.idle();
    expect(g.host.asked).toEqual(['erase node-1', 'erase node-2']);
    expect(await test.store.getCluster(clusterId)).toBeUndefined();
  });
});
