import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewNodegroup } from '../domain/index.ts';
import {
  noon,
  openTestStore,
  sampleAuditEntry,
  sampleCluster,
  sampleKey,
  samplePlan,
  sampleUpgrade,
  type TestStore,
} from '../store/samples.ts';
import type { Control, StartRequest } from './control.ts';
import { createControl } from './create-control.ts';
import { caller, type Given, given, newCluster, newRelease, oldRelease, planOf, spec, stranger } from './testing.ts';

let test: TestStore;
let g: Given;
let control: Control;
beforeAll(async () => {
  test = await openTestStore();
  g = given(test.store);
  control = createControl(g.parts, new AbortController().signal).control;
});
afterAll(() => test.close());

/** A cluster of `caller` with a plan, an upgrade that waits at a gate, and a key. */
async function belongings() {
  const cluster = sampleCluster({ spec: spec(), account: caller.account, deleteAfter: noon });
  await test.store.insertCluster(cluster);
  const plan = samplePlan(cluster.id, planOf(cluster.id));
  await test.store.insertPlan(plan);
  const upgrade = sampleUpgrade(plan, { status: 'gated' });
  await test.store.insertUpgrade(upgrade, [], null);
  const key = sampleKey({ account: caller.account });
  await test.store.insertKey(key);
  return { cluster, plan, upgrade, key };
}
type Belongings = Awaited<ReturnType<typeof belongings>>;

function start(clusterId: string, what: StartRequest['what']): StartRequest {
  return {
    clusterId,
    what,
    acknowledge: [],
    policy: { maxHops: 9, policyFindings: 'record' },
    token: null,
    answer: () => null,
  };
}

const newNodegroup: NewNodegroup = {
  name: 'blue',
  release: null,
  size: 1,
  minSize: 1,
  maxSize: 1,
  maxUnavailable: 1,
  labels: {},
  taints: [],
  tags: {},
  face: {},
};

/** Those that answer without a caller (they look at nothing that is somebody's, or under a scope that names the key), or later. */
type Unasked = 'catalogOf' | 'routeTo' | 'edgesFrom' | 'onUpgradeChanged' | 'onClusterChanged' | 'getToken' | 'putToken';
/** Those that make something new for whoever asks. */
type Making = 'registerCluster' | 'openRegistration' | 'createCluster' | 'createKey';
type Case = readonly [ask: (of: Belongings) => Promise<unknown>, answer: unknown];

/** Every other use case, so that a new one cannot be forgotten here. */
const cases: { readonly [name in Exclude<keyof Control, Unasked | Making>]: Case } = {
  getCluster: [({ cluster }) => control.getCluster(stranger, cluster.id), undefined],
  listClusters: [() => control.listClusters(stranger), []],
  clusterByName: [({ cluster }) => control.clusterByName(stranger, cluster.engine, cluster.region, cluster.name), undefined],
  clusterViewByName: [
    ({ cluster }) => control.clusterViewByName(stranger, cluster.engine, cluster.region, cluster.name),
    undefined,
  ],
  changeSpec: [({ cluster }) => control.changeSpec(stranger, cluster.id, (spec) => spec), undefined],
  putFaceRecord: [
    ({ cluster }) => control.putFaceRecord(stranger, { clusterId: cluster.id, face: 'eks', kind: 'note', id: '1', value: 1 }),
    'not-found',
  ],
  getFaceRecord: [({ cluster }) => control.getFaceRecord(stranger, cluster.id, 'eks', 'note', '0'), undefined],
  listFaceRecords: [({ cluster }) => control.listFaceRecords(stranger, cluster.id, 'eks', 'note'), []],
  addNodegroup: [({ cluster }) => control.addNodegroup(stranger, cluster.id, newNodegroup), { kind: 'not-found' }],
  changeNodegroup: [({ cluster }) => control.changeNodegroup(stranger, cluster.id, 'blue', { size: 1 }), { kind: 'not-found' }],
  removeNodegroup: [({ cluster }) => control.removeNodegroup(stranger, cluster.id, 'blue'), { kind: 'not-found' }],
  nodegroupViews: [({ cluster }) => control.nodegroupViews(stranger, cluster.id), undefined],
  changeCluster: [({ cluster }) => control.changeCluster(stranger, cluster.id, { description: 'mine' }), undefined],
  tagTroubles: [({ cluster }) => control.tagTroubles(stranger, cluster.id, { 'clusterlift:fail': 'x' }), []],
  removeCluster: [({ cluster }) => control.removeCluster(stranger, cluster.id, 0), 'not-found'],
  cancelRemoval: [({ cluster }) => control.cancelRemoval(stranger, cluster.id), 'not-found'],
  observeCluster: [({ cluster }) => control.observeCluster(stranger, cluster.id), undefined],
  clusterView: [({ cluster }) => control.clusterView(stranger, cluster.id), undefined],
  clusterViews: [() => control.clusterViews(stranger), []],
  planUpgrade: [({ cluster }) => control.planUpgrade(stranger, cluster.id, newRelease), { kind: 'not-found' }],
  getPlan: [({ plan }) => control.getPlan(stranger, plan.id), undefined],
  trials: [({ cluster }) => control.trials(stranger, cluster.id), []],
  startUpgrade: [({ cluster }) => control.startUpgrade(stranger, start(cluster.id, { to: newRelease })), { kind: 'not-found' }],
  getUpgrade: [({ upgrade }) => control.getUpgrade(stranger, upgrade.id), undefined],
  listUpgrades: [({ cluster }) => control.listUpgrades(stranger, { clusterId: cluster.id, limit: 10 }), []],
  listEvents: [({ upgrade }) => control.listEvents(stranger, upgrade.id, 0, 10), []],
  upgradeActions: [({ upgrade }) => control.upgradeActions(stranger, [upgrade]), [[]]],
  planWayBack: [({ upgrade }) => control.planWayBack(stranger, upgrade.id), { kind: 'not-found' }],
  wish: [({ upgrade }) => control.wish(stranger, upgrade.id, 'continue'), { kind: 'not-found' }],
  engineCall: [({ cluster }) => control.engineCall(stranger, cluster.id, { do: 'list-repositories' }), { kind: 'not-found' }],
  listKeys: [() => control.listKeys(stranger), []],
  listAudit: [
    async ({ cluster }) => {
      await test.store.insertAuditEntry(sampleAuditEntry({ account: caller.account, about: cluster.id }));
      return control.listAudit(stranger, 10, null);
    },
    [],
  ],
  revokeKey: [({ key }) => control.revokeKey(stranger, key.id), 'not-found'],
};

describe('what belongs to another account', () => {
  it.each(Object.entries(cases))('is not there for %s, and nothing of it is asked or changed', async (_name, [ask, answer]) => {
    const own = await belongings();
    g.engine.asked.length = 0;
    g.host.asked.length = 0;
    expect(await ask(own)).toEqual(answer);
    expect([g.engine.asked, g.host.asked]).toEqual([[], []]);
    expect(await test.store.getCluster(own.cluster.id)).toEqual(own.cluster);
    expect(await test.store.getUpgrade(own.upgrade.id)).toEqual(own.upgrade);
    expect((await test.store.getKey(own.key.id))?.status).toBe('active');
  });

  it('is heard of by its owner alone', async () => {
    const heard: string[] = [];
    const stops = [stranger, caller].map((who) => control.onClusterChanged(who, (id) => heard.push(`${who.account} ${id}`)));
    const [own, theirs] = [sampleCluster({ account: caller.account }), sampleCluster({ account: stranger.account })];
    for (const cluster of [own, theirs]) await test.store.insertCluster(cluster);
    await expect.poll(() => heard, { timeout: 20_000 }).toContain(`${stranger.account} ${theirs.id}`);
    expect(heard.filter((line) => !line.endsWith(' missed'))).toEqual([
      `${caller.account} ${own.id}`,
      `${stranger.account} ${theirs.id}`,
    ]);
    for (const stop of stops) stop();
  });

  it('cannot be started on a cluster of one’s own by the id of its plan', async () => {
    const { plan } = await belongings();
    const own = sampleCluster({ spec: spec(), account: 'third' });
    await test.store.insertCluster(own);
    const third = { keyId: 'key-3', account: 'third', policy: null };
    expect(await control.startUpgrade(third, start(own.id, { planId: plan.id }))).toEqual({ kind: 'plan-not-found' });
  });

  it('keeps neither its name nor its id from being told apart: the name is free, the id is not', async () => {
    const { cluster } = await belongings();
    const other = { keyId: 'key-4', account: 'fourth', policy: null };
    expect(await control.registerCluster(other, newCluster({ name: cluster.name, id: cluster.id }))).toEqual({
      kind: 'name-taken',
    });
    expect(await control.registerCluster(other, newCluster({ name: cluster.name }))).toMatchObject({ kind: 'registered' });
    expect(await test.store.getCluster(cluster.id)).toEqual(cluster);
  });

  it('is there for its owner in every one of these', async () => {
    const own = await belongings();
    expect(await control.getCluster(caller, own.cluster.id)).toEqual(own.cluster);
    expect(await control.getPlan(caller, own.plan.id)).toEqual(own.plan);
    expect(await control.getUpgrade(caller, own.upgrade.id)).toEqual(own.upgrade);
    expect(await control.clusterView(caller, own.cluster.id)).toEqual({
      cluster: own.cluster,
      status: 'gated',
      release: oldRelease,
      upgrade: own.upgrade,
    });
    expect((await control.listKeys(caller)).map((key) => key.id)).toContain(own.key.id);
    expect(await control.observeCluster(caller, own.cluster.id)).toMatchObject({ cluster: { kind: 'seen' } });
    expect(await control.engineCall(caller, own.cluster.id, { do: 'list-repositories' })).toEqual({
      kind: 'done',
      value: 'called',
    });
  });
});
