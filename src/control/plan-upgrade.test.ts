import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check, Cluster, Edge, UpgradeStatus } from '../domain/index.ts';
import { noon, openTestStore, sampleCluster, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { caller, catalog, type Given, given, newRelease, oldRelease, spec } from './testing.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const newest = { version: '6.8.23', build: null };

async function aCluster(change: Partial<Cluster> = {}): Promise<Cluster> {
  const cluster = sampleCluster({ spec: spec(), account: caller.account, tags: {}, ...change });
  await test.store.insertCluster(cluster);
  return cluster;
}

async function planned(g: Given, cluster: Cluster, to = newRelease) {
  const result = await planUpgrade(g.parts, caller, cluster.id, to);
  if (result.kind !== 'planned') throw new Error(JSON.stringify(result));
  return result.plan;
}

function check(id: string, scope: Check<unknown>['scope'], run: Check<unknown>['run']): Check<unknown> {
  return { id, asks: `Is ${id} so?`, scope, run };
}

describe('a plan', () => {
  it('names who made it from what, hop by hop, and is stored as it was answered', async () => {
    const g = given(test.store);
    const cluster = await aCluster();
    const plan = await planned(g, cluster, newest);
    expect(plan).toMatchObject({
      clusterId: cluster.id,
      from: oldRelease,
      to: newest,
      madeBy: caller.keyId,
      madeAt: g.clock.now(),
      basis: 'as it was',
      estimateSeconds: 60,
      touches: ['Everything is restarted.'],
      gateAfterFirstMember: false,
    });
    expect(plan.hops.map(({ hop }) => `${hop.from.version} ${hop.to.version}`)).toEqual(['5.6.16 6.7.0', '6.7.0 6.8.23']);
    expect(await test.store.getPlan(plan.id)).toEqual(plan);
    // One look, as deep as checks need it; trials of every hop, since somebody waits.
    expect(g.engine.asked).toEqual(['observe plan']);
    expect(g.triedOut).toEqual([`${cluster.id} 6.7.0 now`, `${cluster.id} 6.8.23 now`]);
  });

  it('takes a way back up again that was left half-way, and is none where everybody is there', async () => {
    const g = given(test.store);
    const back = { ...catalog.edges[0], from: '6.7.0', to: '5.6.16', back: true } as Edge;
    let newestSeen = newRelease;
    const engine = { ...g.engine.engine, newestOf: () => newestSeen };
    const engines = { elasticsearch: { engine, catalog: { ...catalog, edges: [...catalog.edges, back] } } };
    const { id } = await aCluster();
    const way = () => planUpgrade({ ...g.parts, engines }, caller, id, oldRelease);
    expect(await way()).toMatchObject({
      kind: 'planned',
      plan: { from: newRelease, to: oldRelease, hops: [{ hop: { back: true } }] },
    });
    newestSeen = oldRelease;
    expect(await way()).toMatchObject({ kind: 'no-route', route: { kind: 'already-there' } });
  });

  it('asks every check for every hop that it is about, and tells one that throws from one that passed', async () => {
    const g = given(test.store);
    const finding = { kind: 'policy', subject: 'cluster', says: 'No snapshot.', evidence: [], remedy: 'Take one.' } as const;
    g.engine.checks = [
      check('es.each', 'every-hop', ({ hopIndex }) =>
        hopIndex === 1 ? { kind: 'found', findings: [finding] } : { kind: 'passed' },
      ),
      check('es.first', 'first-hop', () => ({ kind: 'not-applicable', because: 'no indices' })),
      check('es.broken', 'first-hop', () => {
        throw new Error('a bug');
      }),
    ];
    const plan = await planned(g, await aCluster(), newest);
    expect(plan.reports.map(({ check, hop, result }) => `${check} ${hop} ${result.kind}`)).toEqual([
      'es.each 0 passed',
      'es.first 0 not-applicable',
      'es.broken 0 could-not-run',
      'es.each 1 found',
    ]);
    expect(plan.findings).toEqual([{ ...finding, check: 'es.each', hop: 1 }]);
  });

  it('has a gate where the cluster or its tag asks for one', async () => {
    const g = given(test.store);
    const tagged = await aCluster({ tags: { 'clusterlift:gate': 'first-member' } });
    const told = await aCluster({ spec: spec({ gateAfterFirstMember: true }) });
    const other = await aCluster({ tags: { 'clusterlift:gate': 'no' } });
    const gates = [await planned(g, tagged), await planned(g, told), await planned(g, other)];
    expect(gates.map((plan) => plan.gateAfterFirstMember)).toEqual([true, true, false]);
  });

  it('starts from what the cluster runs, not from what was remembered of it', async () => {
    const g = given(test.store);
    g.engine.release = newRelease;
    expect((await planned(g, await aCluster(), newest)).from).toEqual(newRelease);
  });

  it.each(['running', 'paused', 'stopped', 'gated'] as const)('is not made beside an upgrade that is %s', async (status) => {
    const g = given(test.store);
    const cluster = await aCluster();
    const upgrade = await anUpgrade(cluster, status);
    expect(await planUpgrade(g.parts, caller, cluster.id, newRelease)).toEqual({ kind: 'upgrade-unfinished', upgrade });
    expect(g.engine.asked).toEqual([]);
  });

  it.each(['done', 'cancelled'] as const)('is made after an upgrade that is %s', async (status) => {
    const cluster = await aCluster();
    await anUpgrade(cluster, status);
    expect((await planned(given(test.store), cluster)).clusterId).toBe(cluster.id);
  });

  const notReady: readonly [string, Partial<Cluster>][] = [
    ['The cluster is being created.', { provisioning: { state: 'creating' } }],
    ['The cluster is being deleted.', { provisioning: { state: 'deleting' } }],
    ['The cluster could not be created: No Java fits.', { provisioning: { state: 'failed', because: 'No Java fits.' } }],
    ['The cluster is about to be deleted.', { deleteAfter: noon }],
  ];
  it.each(notReady)('is not made where it is said: %s', async (says, change) => {
    const g = given(test.store);
    const cluster = await aCluster(change);
    expect(await planUpgrade(g.parts, caller, cluster.id, newRelease)).toEqual({ kind: 'not-ready', says });
    expect(g.engine.asked).toEqual([]);
  });

  it('is not made of a cluster that does not answer, or of which no member is there', async () => {
    const g = given(test.store);
    const cluster = await aCluster();
    g.engine.release = null;
    const nobody = { kind: 'unreachable', because: 'none of its members is in the cluster' };
    expect(await planUpgrade(g.parts, caller, cluster.id, newRelease)).toEqual(nobody);
    g.engine.observe = (members) => ({
      at: '',
      members,
      cluster: { kind: 'unreachable', because: 'no' },
      hosts: {},
      unknowns: [],
    });
    expect(await planUpgrade(g.parts, caller, cluster.id, newRelease)).toEqual({ kind: 'unreachable', because: 'no' });
  });

  const ways: readonly [string, string | null, string][] = [
    ['5.6.16', null, 'already-there'],
    ['9.9.9', null, 'unknown-version'],
    ['6.7.0', 'ali9', 'unknown-build'],
  ];
  it.each(ways)('is not made to %s (%s): %s', async (version, build, kind) => {
    const g = given(test.store);
    const result = await planUpgrade(g.parts, caller, (await aCluster()).id, { version, build });
    expect(result).toMatchObject({ kind: 'no-route', from: oldRelease, route: { kind } });
    expect(g.triedOut).toEqual([]);
  });

  it('is not made backwards', async () => {
    const g = given(test.store);
    g.engine.release = newRelease;
    const result = await planUpgrade(g.parts, caller, (await aCluster()).id, oldRelease);
    expect(result).toMatchObject({ kind: 'no-route', route: { kind: 'downgrade' } });
  });
});

async function anUpgrade(cluster: Cluster, status: UpgradeStatus) {
  const plan = samplePlan(cluster.id);
  await test.store.insertPlan(plan);
  const upgrade = sampleUpgrade(plan, { status });
  await test.store.insertUpgrade(upgrade, [], null);
  return upgrade;
}
