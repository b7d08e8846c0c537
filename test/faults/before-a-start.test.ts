import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nativePolicy, type Plan } from '../../src/domain/index.ts';
import { expectClean, expectOnceEach, namesOf } from './judgement.ts';
import { askCluster, atAct, changed } from './mishaps.ts';
import { caller, type LoopCluster, OneProcess, to } from './one-process.ts';

let lab: OneProcess;
beforeAll(async () => {
  lab = await OneProcess.open('before a start');
});
afterEach(() => lab.simulator.hold(null));
afterAll(() => lab?.close());

const found = (plan: Plan, check: string) => plan.findings.filter((finding) => finding.check === check);

async function startOf(plan: Plan, acknowledge: readonly string[] = plan.findings.map(({ check }) => check)) {
  const asked = { clusterId: plan.clusterId, what: { planId: plan.id }, acknowledge, policy: nativePolicy };
  return lab.control.startUpgrade(caller, { ...asked, token: null, answer: () => null });
}

function expectUntouched(cluster: LoopCluster): void {
  expect([...lab.stopsOf(cluster), ...lab.launchesOf(cluster)]).toEqual([]);
}

async function expectDone(cluster: LoopCluster, id: string): Promise<void> {
  expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
  expectOnceEach(lab, cluster);
}

const folder = '/simulated/snapshots/lab';

/** Names of the nodes that hold the one started copy of a shard whose other copy is nowhere. */
function onlyHolders(name: string): readonly string[] {
  const { copies, members } = lab.simulator.cluster(name);
  const bare = copies.filter((copy) => copy.state === 'UNASSIGNED').map(({ index, shard }) => `${index}/${shard}`);
  const holders = copies.flatMap(({ index, shard, state, nodeId }) =>
    state === 'STARTED' && bare.includes(`${index}/${shard}`) ? [members.get(nodeId ?? '')] : [],
  );
  return [...new Set(holders)].flatMap((pid) => lab.simulator.world.processes.get(pid ?? 0)?.name ?? []);
}

/** A repository with one snapshot that was just made. */
async function snapshot(cluster: LoopCluster, state: 'SUCCESS' | 'PARTIAL' | 'IN_PROGRESS', ageMs = 0) {
  await askCluster(lab.simulator, cluster.name, 'PUT', '/_snapshot/nightly', { type: 'fs', settings: { location: folder } });
  const repository = lab.simulator.cluster(cluster.name).repositories.get('nightly');
  const atMs = Date.parse(lab.now()) - ageMs;
  const ends = state === 'IN_PROGRESS' ? Number.POSITIVE_INFINITY : 0;
  const kept = { name: 'last', uuid: 'u', version: '5.5.3', indices: ['orders', 'users'], includesGlobalState: true } as const;
  const times = { startedAtMs: 0, endsAtMs: ends, startedAtWallMs: atMs, endedAtWallMs: state === 'IN_PROGRESS' ? null : atMs };
  repository?.snapshots.set('last', { ...kept, ...times, state });
  changed(lab.simulator, cluster.name);
}

describe('an upgrade that is asked for twice', () => {
  it('at once begins once; the other is told of the one that runs', async () => {
    const cluster = await lab.addCluster('twice');
    const plan = await lab.plan(cluster);
    const another = await lab.plan(cluster);
    const ends = await Promise.all([startOf(plan), startOf(plan), startOf(another)]);
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['started', 'upgrade-unfinished', 'upgrade-unfinished']);
    const ids = ends.map((end) => ('upgrade' in end ? end.upgrade.id : ''));
    expect(new Set(ids).size).toBe(1);
    await expectDone(cluster, ids[0] ?? '');
  });
});

describe('what a run that died, or somebody else, left behind', () => {
  it('is found with its value, and what is not ours is left as it is', async () => {
    const left = { 'cluster.routing.allocation.enable': 'primaries', 'cluster.routing.allocation.exclude._name': 'left-1' };
    const cluster = await lab.addCluster('left', { transient: left, indices: [{ name: 'wide', shards: 1, replicas: 0 }] });
    const plan = await lab.plan(cluster);
    const leftovers = found(plan, 'es.no-leftovers');
    expect(leftovers.map(({ kind }) => kind)).toContain('hazard');
    expect(JSON.stringify(leftovers)).toContain('primaries');
    expect(JSON.stringify(leftovers)).toContain('left-1');
    expect(await startOf(plan)).toMatchObject({ kind: 'obstacles' });
    expectUntouched(cluster);
    expectClean(lab, cluster);
    const away = Object.fromEntries(Object.keys(left).map((key) => [key, null]));
    await askCluster(lab.simulator, 'left', 'PUT', '/_cluster/settings', { transient: away });
    await askCluster(lab.simulator, 'left', 'DELETE', '/wide');
    expect(found(await lab.plan(cluster), 'es.no-leftovers')).toEqual([]);
    expect(await lab.ended(await lab.lift(cluster))).toMatchObject({ status: 'done', reason: null });
    expect(lab.simulator.cluster('left')).toMatchObject({ persistent: {}, transient: {} });
  });
});

describe('settings that were archived', () => {
  it('are named before the start, for they stand in the way of every change', async () => {
    const cluster = await lab.addCluster('archived', { version: '5.6.16' });
    lab.simulator.cluster('archived').persistent['archived.indices.old.setting'] = '1';
    changed(lab.simulator, 'archived');
    const plan = await lab.plan(cluster, '6.3.2');
    expect(JSON.stringify(plan.findings)).toContain('archived.indices.old.setting');
    expect(await startOf(plan, [])).toMatchObject({ kind: 'obstacles' });
    expectUntouched(cluster);
    await askCluster(lab.simulator, 'archived', 'PUT', '/_cluster/settings', { persistent: { 'archived.*': null } });
    const id = await lab.lift(cluster, '6.3.2');
    expect(await lab.ended(id)).toMatchObject({ status: 'done' });
    expectClean(lab, cluster);
  });
});

describe('snapshots', () => {
  it.each([
    ['PARTIAL', 'es.snapshot-is-recent'],
    ['IN_PROGRESS', 'es.no-snapshot-runs'],
  ] as const)('that are %s are told before the start, and nothing is touched', async (state, check) => {
    const cluster = await lab.addCluster(`snapshot-${state.toLowerCase().replace('_', '-')}`);
    await snapshot(cluster, state);
    const plan = await lab.plan(cluster);
    expect(found(plan, check)).not.toEqual([]);
    expect(await startOf(plan, [])).toMatchObject({ kind: 'obstacles' });
    expectUntouched(cluster);
    await snapshot(cluster, 'SUCCESS');
    const again = await lab.plan(cluster);
    expect(found(again, check)).toEqual([]);
    await expectDone(cluster, await lab.start(again));
  });

  it('whose repository does not answer leave the question open, which holds the start', async () => {
    const cluster = await lab.addCluster('no-repository');
    await snapshot(cluster, 'SUCCESS');
    const broken = JSON.stringify({
      error: { type: 'repository_exception', reason: '[nightly] the folder is away' },
      status: 500,
    });
    lab.network.disturb(({ path }) =>
      path.startsWith('/_snapshot/nightly/') ? { kind: 'answer', status: 500, body: broken } : null,
    );
    const plan = await lab.plan(cluster);
    expect(plan.reports.find((report) => report.check === 'es.snapshot-is-recent')?.result.kind).toBe('could-not-run');
    expect(await startOf(plan, [])).toMatchObject({ kind: 'obstacles' });
    expectUntouched(cluster);
    lab.network.disturb(null);
    await expectDone(cluster, await lab.lift(cluster));
  });
});

describe('what the next version cannot take', () => {
  it('a closed index that is too old for it is named, and nothing starts', async () => {
    const cluster = await lab.addCluster('closed', { version: '6.8.23' });
    const indices = lab.simulator.cluster('closed').indices;
    const [old] = indices.values();
    if (old === undefined) throw new Error('there is an index');
    indices.set(old.name, { ...old, createdVersion: '5.6.16', state: 'close' });
    lab.simulator.cluster('closed').copies = lab.simulator.cluster('closed').copies.filter(({ index }) => index !== old.name);
    changed(lab.simulator, 'closed');
    const plan = await lab.plan(cluster, '7.17.29');
    expect(found(plan, 'es.index-versions')).toMatchObject([{ kind: 'hazard', subject: expect.stringContaining(old.name) }]);
    expect(await startOf(plan)).toMatchObject({ kind: 'obstacles' });
    expectUntouched(cluster);
    await askCluster(lab.simulator, 'closed', 'DELETE', `/${old.name}`);
    expect(await lab.ended(await lab.lift(cluster, '7.17.29'))).toMatchObject({ status: 'done', reason: null });
  });

  it('a plugin of one node that the target does not have is named with its node, and nothing starts', async () => {
    const cluster = await lab.addCluster('plugin');
    const { pid } = lab.simulator.node('plugin-2');
    const node = lab.simulator.world.processes.get(pid);
    if (node !== undefined) lab.simulator.world.processes.set(pid, Object.assign(node, { plugins: ['analysis-of-our-own'] }));
    const plan = await lab.plan(cluster);
    const plugins = found(plan, 'es.plugins-are-available');
    expect(JSON.stringify(plugins)).toContain('analysis-of-our-own');
    expect(JSON.stringify(plugins)).toContain('plugin-2');
    expect(await startOf(plan)).toMatchObject({ kind: 'obstacles' });
    expectUntouched(cluster);
    if (node !== undefined) lab.simulator.world.processes.set(pid, Object.assign(node, { plugins: [] }));
    await expectDone(cluster, await lab.lift(cluster));
  });
});

describe('disks', () => {
  it('over the high watermark, and an index that a full disk has blocked, are named, and nothing starts', async () => {
    const cluster = await lab.addCluster('full', { version: '6.7.0' });
    for (const disk of lab.simulator.world.folders.values()) if (disk.key.includes('/full-1/')) disk.diskUsedPercent = 96;
    const orders = lab.simulator.cluster('full').indices.get('orders');
    if (orders !== undefined) orders.settings['index.blocks.read_only_allow_delete'] = 'true';
    changed(lab.simulator, 'full');
    const plan = await lab.plan(cluster, '6.8.23');
    const text = JSON.stringify(found(plan, 'es.room-for-shards'));
    expect(text).toContain('full-1');
    expect(text).toContain('orders');
    const others = plan.findings.map(({ check }) => check).filter((check) => check !== 'es.room-for-shards');
    expect(await startOf(plan, others)).toMatchObject({ kind: 'obstacles' });
    expectUntouched(cluster);
  });

  it('that fill up in the middle keep copies unassigned, and nobody is taken who holds the other copy; freed, a second run finishes', async () => {
    const cluster = await lab.addCluster('fills');
    const disks = [...lab.simulator.world.folders.values()].filter(({ key }) => key.includes('/fills/'));
    expect(disks).toHaveLength(3);
    const filled = atAct(lab.simulator, 'host.stop', 'inside', 1, () => {
      for (const disk of disks) disk.diskUsedPercent = 92;
    });
    const id = await lab.lift(cluster);
    expect(await lab.ended(id)).toMatchObject({ status: 'stopped', reason: { code: 'es.every-shard-keeps-a-copy' } });
    expect(filled.befell).toBe(true);
    // How many could be taken depends on where the copies lay: the others hold the only copy of something.
    const stopped = lab.stopsOf(cluster).map(({ member }) => member);
    expect(new Set(stopped).size).toBe(stopped.length);
    const holders = onlyHolders('fills');
    expect(holders.length).toBeGreaterThan(0);
    expect([...stopped, ...holders].sort()).toEqual(namesOf(cluster));
    expectClean(lab, cluster);
    for (const disk of disks) disk.diskUsedPercent = 40;
    changed(lab.simulator, 'fills');
    await lab.wish(id, 'resume');
    await expectDone(cluster, id);
    expect(Object.keys(lab.versions(cluster))).toEqual(namesOf(cluster));
    expect(new Set(Object.values(lab.versions(cluster)))).toEqual(new Set([to]));
  });

  it('that are flooded in the middle, and block an index, are named by the next look; nobody is taken meanwhile, and freed, a second run finishes', async () => {
    const next = '6.8.23';
    const cluster = await lab.addCluster('floods', { version: '6.7.0' });
    const disks = [...lab.simulator.world.folders.values()].filter(({ key }) => key.includes('/floods/'));
    const orders = lab.simulator.cluster('floods').indices.get('orders');
    if (orders === undefined) throw new Error('there is an index');
    const flooded = atAct(lab.simulator, 'host.stop', 'inside', 1, () => {
      for (const disk of disks) disk.diskUsedPercent = 96;
      // As each node does of 6.0 and later.
      orders.settings['index.blocks.read_only_allow_delete'] = 'true';
      changed(lab.simulator, 'floods');
    });
    const id = await lab.lift(cluster, next);
    expect(await lab.ended(id)).toMatchObject({ status: 'stopped', reason: { code: 'es.every-shard-keeps-a-copy' } });
    expect(flooded.befell).toBe(true);
    const stopped = lab.stopsOf(cluster).map(({ member }) => member);
    expect([...stopped, ...onlyHolders('floods')].sort()).toEqual(namesOf(cluster));
    expectClean(lab, cluster);
    await lab.wish(id, 'cancel');
    expect(await lab.ended(id)).toMatchObject({ status: 'cancelled' });
    const named = JSON.stringify(found(await lab.plan(cluster, next), 'es.room-for-shards'));
    for (const what of ['orders', ...namesOf(cluster)]) expect(named).toContain(what);
    for (const disk of disks) disk.diskUsedPercent = 40;
    delete orders.settings['index.blocks.read_only_allow_delete'];
    changed(lab.simulator, 'floods');
    expect(await lab.ended(await lab.lift(cluster, next))).toMatchObject({ status: 'done', reason: null });
    expect(lab.versions(cluster)).toEqual(Object.fromEntries(namesOf(cluster).map((name) => [name, next])));
    expect(
      lab
        .stopsOf(cluster)
        .map(({ member }) => member)
        .sort(),
    ).toEqual(namesOf(cluster));
    expectClean(lab, cluster);
  });
});
