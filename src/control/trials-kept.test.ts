import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Cluster, MemberTrial, Release, TrialRun } from '../domain/index.ts';
import { openTestStore, sampleCluster, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import { limits } from './limits.ts';
import { given, newRelease, nodeSpec, spec } from './testing.ts';
import { createTrials, nextReleases } from './trials.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const newest: Release = { version: '6.8.23', build: null };
const passed: TrialRun = { kind: 'passed', tookMs: 1, archive: null };

async function aCluster(change: Partial<Cluster> = {}): Promise<Cluster> {
  const cluster = sampleCluster({ spec: spec(), tags: {}, ...change });
  await test.store.insertCluster(cluster);
  return cluster;
}

/** A server's trials; what its host runs ends only when the test says so, if it is to be held. */
function aServer(change: { enabled?: boolean } = {}) {
  const g = given(test.store);
  const closing = new AbortController();
  const trials = createTrials({ ...g.parts, enabled: true, closing: closing.signal, ...change });
  const ran = () => g.host.trials.map((launch) => `${launch.member} ${launch.release.version}`);
  const held: ((run: TrialRun) => void)[] = [];
  const hold = () => {
    g.host.trial = () => new Promise((resolve) => held.push(resolve));
  };
  const settle = async (cluster: Cluster, releases: readonly Release[] = [newRelease], urgency: 'now' | 'ahead' = 'now') => {
    await trials.of(cluster, releases, urgency);
    await trials.idle();
    return trials.of(cluster, releases, urgency);
  };
  const running = (count: number) => vi.waitFor(() => expect(g.host.trials).toHaveLength(count), { timeout: 10_000 });
  return { ...g, trials, ran, hold, held, settle, closing, running };
}

const outcomes = (trials: readonly MemberTrial[]) => trials.map(({ key, outcome }) => `${key.member} ${outcome.kind}`);

describe('trial starts', () => {
  it('are run one at a time, and what somebody waits for comes before what is tried ahead', async () => {
    const server = aServer();
    server.hold();
    const [first, ahead, urgent] = [await aCluster(), await aCluster(), await aCluster()];
    await server.trials.of(first, [newRelease], 'ahead');
    await server.running(1);
    await server.trials.of(ahead, [newRelease], 'ahead');
    await server.trials.of(urgent, [newRelease], 'now');
    server.held.shift()?.(passed);
    await server.running(2);
    expect(server.held).toHaveLength(1);
    server.held.shift()?.(passed);
    await server.running(3);
    server.held.shift()?.(passed);
    await server.trials.idle();
    expect(server.host.trials.map((launch) => launch.clusterId)).toEqual([first.id, urgent.id, ahead.id]);
  });

  it('that are asked for again while they wait or run are run once', async () => {
    const server = aServer();
    server.hold();
    const cluster = await aCluster();
    await Promise.all(Array.from({ length: 10 }, () => server.trials.of(cluster, [newRelease], 'now')));
    await server.running(1);
    expect(outcomes(await server.trials.of(cluster, [newRelease], 'now'))).toEqual(['node-1 running', 'node-2 running']);
    server.held.shift()?.(passed);
    await server.trials.idle();
    expect(server.ran()).toEqual(['node-1 6.7.0']);
  });

  it('are one for members that would be told the same, and one each for others, each release for itself', async () => {
    const server = aServer();
    server.engine.trialText = (member) => (member === 'node-3' ? 'other settings' : 'the same');
    const cluster = await aCluster({ spec: spec({ nodes: ['node-1', 'node-2', 'node-3'].map((name) => nodeSpec(name)) }) });
    await server.settle(cluster, [newRelease, newest]);
    expect(server.ran()).toEqual(['node-1 6.7.0', 'node-3 6.7.0', 'node-1 6.8.23', 'node-3 6.8.23']);
    const hashes = (await test.store.listTrials(cluster.id)).map(({ key }) => `${key.settingsHash} ${key.release.version}`);
    expect([hashes.length, new Set(hashes).size]).toEqual([6, 4]);
  });

  it('are kept: another server does not run them again until the settings are others', async () => {
    const cluster = await aCluster();
    await aServer().settle(cluster);
    const another = aServer();
    expect(outcomes(await another.settle(cluster))).toEqual(['node-1 passed', 'node-2 passed']);
    expect(another.ran()).toEqual([]);
    another.engine.trialText = () => 'changed';
    expect(outcomes(await another.trials.of(cluster, [newRelease], 'now'))).toEqual(['node-1 pending', 'node-2 pending']);
    await another.trials.idle();
    expect(another.ran()).toEqual(['node-1 6.7.0']);
  });

  it('that were running when their server died are run again by whoever asks', async () => {
    const cluster = await aCluster();
    const dead = aServer();
    dead.hold();
    await dead.trials.of(cluster, [newRelease], 'now');
    await dead.running(1);
    dead.closing.abort();
    dead.held.shift()?.({ kind: 'could-not-run', because: 'cut off' });
    await dead.trials.idle();
    const next = aServer();
    expect(outcomes(await next.trials.of(cluster, [newRelease], 'now'))).toEqual(['node-1 running', 'node-2 running']);
    expect(outcomes(await next.settle(cluster))).toEqual(['node-1 passed', 'node-2 passed']);
    expect(next.ran()).toEqual(['node-1 6.7.0']);
  });

  it('say in the member’s own words what the new release refused', async () => {
    const server = aServer();
    const lastLines = ['java.lang.IllegalArgumentException: unknown setting [foo]', 'bye'];
    server.host.trial = async () => ({ kind: 'refused', lastLines, exitCode: 1 });
    const trials = await server.settle(await aCluster());
    expect(trials.map((trial) => trial.outcome)).toMatchObject([
      { kind: 'refused', lastLines, at: server.clock.now() },
      { kind: 'refused', lastLines },
    ]);
  });

  it.each([
    ['by the tag of a cluster', { 'clusterlift:trial': 'off' }, true],
    ['by the configuration', {}, false],
  ])('can be switched off %s', async (_how, tags, enabled) => {
    const server = aServer({ enabled });
    const trials = await server.settle(await aCluster({ tags: tags as Record<string, string> }));
    expect(trials.map((trial) => trial.outcome)).toEqual([{ kind: 'off' }, { kind: 'off' }]);
    expect(server.ran()).toEqual([]);
  });

  it('that could not run are tried again when they are asked for after a while, and not before', async () => {
    const server = aServer();
    const cluster = await aCluster();
    server.host.trial = async () => ({ kind: 'could-not-run', because: 'Too little memory is free.' });
    expect((await server.settle(cluster))[0]?.outcome).toMatchObject({ because: 'Too little memory is free.' });
    server.clock.advance(limits.trialRetryMs);
    await server.settle(cluster);
    expect(server.ran()).toHaveLength(1);
    server.host.trial = async () => passed;
    server.clock.advance(1);
    expect(outcomes(await server.settle(cluster))).toEqual(['node-1 passed', 'node-2 passed']);
    expect(server.ran()).toHaveLength(2);
  });

  it('could not run where the artefact cannot be had, the host is not there, or the host throws', async () => {
    const server = aServer();
    server.host.prefetch = () => ({ kind: 'failed', says: 'The checksum differs.', lastLines: [] });
    expect((await server.settle(await aCluster()))[0]?.outcome).toMatchObject({ because: 'The checksum differs.' });
    const elsewhere = await aCluster({ spec: spec({ nodes: [nodeSpec('node-1', { host: 'elsewhere' })] }) });
    expect((await server.settle(elsewhere))[0]?.outcome).toMatchObject({ because: 'Host elsewhere is not configured.' });
    server.host.prefetch = () => ({ kind: 'done', says: '' });
    server.host.trial = () => Promise.reject(new Error('the disk is full'));
    expect((await server.settle(await aCluster()))[0]?.outcome).toMatchObject({ because: 'Error: the disk is full' });
  });

  it('are not run for a cluster that is gone or being deleted by the time it is their turn', async () => {
    const server = aServer();
    server.hold();
    const [first, gone, deleting] = [await aCluster(), await aCluster(), await aCluster()];
    for (const cluster of [first, gone, deleting]) await server.trials.of(cluster, [newRelease], 'now');
    await server.running(1);
    await test.store.deleteCluster(gone.id, true);
    await test.store.updateCluster(deleting.id, { provisioning: { state: 'deleting' } }, server.clock.now());
    server.held.shift()?.(passed);
    await server.trials.idle();
    expect(server.host.trials.map((launch) => launch.clusterId)).toEqual([first.id]);
    expect(await test.store.listTrials(gone.id)).toEqual([]);
  });

  it('leave a cluster alone that is being lifted, unless that upgrade waits for them', async () => {
    const server = aServer();
    const cluster = await aCluster();
    const plan = samplePlan(cluster.id);
    await test.store.insertPlan(plan);
    await test.store.insertUpgrade(sampleUpgrade(plan), [], null);
    expect(outcomes(await server.settle(cluster, [newRelease], 'ahead'))).toEqual(['node-1 pending', 'node-2 pending']);
    expect(server.ran()).toEqual([]);
    expect(outcomes(await server.settle(cluster, [newRelease], 'now'))).toEqual(['node-1 passed', 'node-2 passed']);
  });

  it('begin no other when the server is about to end', async () => {
    const server = aServer();
    server.closing.abort();
    await server.settle(await aCluster());
    expect(server.ran()).toEqual([]);
  });
});

describe('the releases that are worth a trial before anybody asks', () => {
  it('are those that one step leads to, and the builds of the version that runs', () => {
    const { parts } = given(test.store);
    const at = (release: Release) => nextReleases(parts, sampleCluster({ spec: spec({ release }) }));
    expect(at({ version: '5.6.16', build: null })).toEqual([newRelease]);
    expect(at(newRelease)).toEqual([newest, { version: '6.7.0', build: 'ali1.2.0' }]);
    expect(at({ version: '6.7.0', build: 'ali1.2.0' })).toEqual([newest]);
    expect(at(newest)).toEqual([]);
  });
});
