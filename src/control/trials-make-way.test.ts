import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Cluster, TrialRun } from '../domain/index.ts';
import { openTestStore, sampleCluster, type TestStore } from '../store/samples.ts';
import { limits } from './limits.ts';
import { given, newRelease, spec } from './testing.ts';
import { createTrials } from './trials.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

async function aCluster(): Promise<Cluster> {
  const cluster = sampleCluster({ spec: spec(), tags: {} });
  await test.store.insertCluster(cluster);
  return cluster;
}

const passed: TrialRun = { kind: 'passed', tookMs: 1, archive: null };

/** Trials of a host that holds the first until it is aborted or let go, and passes the others. */
function aServer() {
  const g = given(test.store);
  const trials = createTrials({ ...g.parts, enabled: true, closing: new AbortController().signal });
  let letGo = (): void => undefined;
  const aborted = vi.fn();
  g.host.trial = (_launch, signal) => {
    if (g.host.trials.length > 1) return Promise.resolve(passed);
    return new Promise((resolve) => {
      letGo = () => resolve(passed);
      signal.addEventListener('abort', () => {
        aborted();
        resolve({ kind: 'could-not-run', because: 'aborted' });
      });
    });
  };
  const running = (count: number) => vi.waitFor(() => expect(g.host.trials).toHaveLength(count), { timeout: 10_000 });
  const outcomes = async (cluster: Cluster) => (await test.store.listTrials(cluster.id)).map(({ outcome }) => outcome.kind);
  const ran = () => g.host.trials.map((launch) => launch.clusterId);
  return { ...g, trials, running, outcomes, ran, aborted, letGo: () => letGo() };
}

describe('a trial that nobody waits for', () => {
  it('makes way when somebody waits for another, stays pending, and is run when it is asked for again', async () => {
    const server = aServer();
    const [ahead, urgent] = [await aCluster(), await aCluster()];
    await server.trials.of(ahead, [newRelease], 'ahead');
    await server.running(1);
    await server.trials.of(urgent, [newRelease], 'now');
    await server.trials.idle();
    expect(server.ran()).toEqual([ahead.id, urgent.id]);
    expect(await server.outcomes(urgent)).toEqual(['passed', 'passed']);
    expect(await server.outcomes(ahead)).toEqual(['pending', 'pending']);
    await server.trials.of(ahead, [newRelease], 'ahead');
    await server.trials.idle();
    expect(await server.outcomes(ahead)).toEqual(['passed', 'passed']);
  });

  it('goes on when it is the very one that somebody begins to wait for, and is not run twice', async () => {
    const server = aServer();
    const cluster = await aCluster();
    await server.trials.of(cluster, [newRelease], 'ahead');
    await server.running(1);
    await server.trials.of(cluster, [newRelease], 'now');
    server.letGo();
    await server.trials.idle();
    expect(server.aborted).not.toHaveBeenCalled();
    expect(server.ran()).toEqual([cluster.id]);
    expect(await server.outcomes(cluster)).toEqual(['passed', 'passed']);
  });

  it('and cannot run is tried after a minute, then after twice as long each time, at most every six hours', async () => {
    const server = aServer();
    server.host.trial = async () => ({ kind: 'could-not-run', because: 'no memory' });
    const cluster = await aCluster();
    const ask = async (urgency: 'now' | 'ahead') => {
      await server.trials.of(cluster, [newRelease], urgency);
      await server.trials.idle();
      return server.host.trials.length;
    };
    expect(await ask('ahead')).toBe(1);
    const waits = [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360].map((minutes) => minutes * 60_000);
    for (const [index, waitMs] of waits.entries()) {
      server.clock.advance(waitMs);
      expect(await ask('ahead'), `after ${waitMs} ms`).toBe(index + 1);
      server.clock.advance(1);
      expect(await ask('ahead'), `after ${waitMs + 1} ms`).toBe(index + 2);
    }
    server.clock.advance(limits.trialRetryMs + 1);
    expect(await ask('ahead')).toBe(waits.length + 1);
    expect(await ask('now')).toBe(waits.length + 2);
  });
});
