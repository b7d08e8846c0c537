import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provisioning, UpgradeStatus } from '../domain/index.ts';
import { openTestStore, sampleCluster, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import { given, spec } from './testing.ts';
import { clusterView, clusterViews } from './views.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

async function aCluster(account: string, state: Provisioning['state'], status: UpgradeStatus | null) {
  const provisioning = { state, because: 'No.', until: '2026-11-30T00:00:00.000Z' } as Provisioning;
  const cluster = sampleCluster({ account, spec: spec(), provisioning });
  await test.store.insertCluster(cluster);
  const plan = samplePlan(cluster.id);
  await test.store.insertPlan(plan);
  if (status !== null) await test.store.insertUpgrade(sampleUpgrade(plan, { status }), [], null);
  return cluster;
}

const table: readonly [Provisioning['state'], UpgradeStatus | null, string][] = [
  ['ready', null, 'active'],
  ['ready', 'running', 'upgrading'],
  ['ready', 'paused', 'paused'],
  ['ready', 'gated', 'gated'],
  ['ready', 'stopped', 'stopped'],
  ['ready', 'done', 'active'],
  ['ready', 'cancelled', 'active'],
  ['awaited', null, 'awaited'],
  ['creating', null, 'creating'],
  ['failed', null, 'failed'],
  ['deleting', 'stopped', 'deleting'],
];

describe('the view of a cluster', () => {
  it.each(table)('that is %s with an upgrade that is %s shows: %s', async (state, upgrade, expected) => {
    const account = `views of ${state} ${upgrade}`;
    const cluster = await aCluster(account, state, upgrade);
    const { parts, engine } = given(test.store);
    const view = await clusterView(parts, { keyId: 'k', account, policy: null }, cluster.id);
    expect(view).toMatchObject({ status: expected, cluster, release: cluster.spec.release });
    const unfinished = upgrade !== null && !['done', 'cancelled'].includes(upgrade);
    expect(view?.upgrade?.status).toBe(unfinished ? upgrade : undefined);
    expect(await clusterViews(parts, { keyId: 'k', account, policy: null })).toEqual([view]);
    // From stored rows alone.
    expect(engine.asked).toEqual([]);
  });
});
