import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealCluster, startRealCluster, theCatalog } from '../../../../test/rig/real-cluster.ts';
import { findRoute, majorOf, type Observation, runChecks, type SeenElasticsearch } from '../../../domain/index.ts';
import { checks } from '../checks/index.ts';
import { observe } from './index.ts';

/** A dry run has two seconds over the wire; observing is most of it. */
const planTimeMaxMs = 1_500;

/** The oldest way of answering and the newest that Java 17 starts; what lies between is tested on recorded answers. */
describe.each([
  { version: '5.6.16', target: '6.7.0' },
  { version: '8.19.21', target: '9.2.8' },
])('a real node of $version', ({ version, target }) => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterlift-observe-'));
  const repositoryPath = join(folder, 'snapshots');
  let real: RealCluster;
  beforeAll(async () => {
    // Members run unprivileged where we are root, and must get through to it.
    chmodSync(folder, 0o755);
    real = await startRealCluster(version, { size: 1, build: 'ali1.0.2', spec: { repositoryPath } });
    const shards = { number_of_shards: 1 };
    await put('/kept', { settings: { ...shards, number_of_replicas: 1 } });
    await put('/single', { settings: { ...shards, number_of_replicas: 0 } });
    await put('/shut', { settings: { ...shards, number_of_replicas: 0 } });
    await ask('POST', '/shut/_close');
    await put('/_cluster/settings', { transient: { 'cluster.routing.rebalance.enable': 'none' } });
    await put('/_snapshot/daily', { type: 'fs', settings: { location: repositoryPath } });
    await put('/_snapshot/daily/one?wait_for_completion=true', { include_global_state: true });
  });
  afterAll(async () => {
    await real?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(method: string, path: string, body?: unknown): Promise<void> {
    const answer = await fetch(`${real.urls[0]}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  }
  const put = (path: string, body: unknown) => ask('PUT', path, body);

  async function look(): Promise<{ observation: Observation<SeenElasticsearch>; seen: SeenElasticsearch; tookMs: number }> {
    const began = performance.now();
    const observation = await observe(real.cluster, theCatalog, real.io, 'plan');
    const tookMs = performance.now() - began;
    if (observation.cluster.kind !== 'seen') throw new Error(observation.cluster.because);
    return { observation, seen: observation.cluster.seen, tookMs };
  }

  it('is seen whole, with nothing unknown, in the time of a dry run', async () => {
    await look();
    const { observation, seen, tookMs } = await look();
    expect(observation.unknowns).toEqual([]);
    expect(observation.members).toMatchObject([
      { name: 'n1', process: { state: 'running' }, running: { version, build: 'ali1.0.2' } },
    ]);
    expect(seen.nodes).toMatchObject([{ name: 'n1', version, build: 'ali1.0.2', nodeId: seen.masterNodeId }]);
    const [node] = seen.nodes;
    for (const figure of [node?.heapUsedPercent, node?.diskUsedPercent, node?.diskFreeBytes, node?.pid])
      expect(figure).toBeGreaterThan(0);
    expect(seen.indices.map((index) => `${index.name} ${index.state} ${index.createdMajor}`)).toEqual(
      ['kept open', 'shut close', 'single open'].map((index) => `${index} ${majorOf(version)}`),
    );
    expect(seen.shards.find((copy) => copy.state === 'UNASSIGNED')).toMatchObject({ index: 'kept', blockedBy: ['same_shard'] });
    expect(seen.shards.find((copy) => copy.index === 'single')).toMatchObject({ state: 'STARTED', inSync: true });
    expect(seen.snapshots).toMatchObject({ known: true, value: [{ repository: 'daily', name: 'one', state: 'SUCCESS' }] });
    expect(seen.snapshotRunning).toEqual({ known: true, value: false });
    expect(tookMs).toBeLessThan(planTimeMaxMs);
  });

  it('is judged by every check, and each finding is what was laid out for it', async () => {
    const { observation, seen } = await look();
    const route = findRoute(theCatalog, { version, build: null }, { version: target, build: null });
    if (route.kind !== 'route') throw new Error(route.kind);
    const context = {
      cluster: real.cluster,
      catalog: theCatalog,
      observation,
      seen,
      trials: [],
      history: [],
      now: real.io.now(),
    };
    const reports = runChecks(checks, context, route.hops);
    expect(reports.filter((report) => report.result.kind === 'could-not-run' && report.check !== 'es.java-fits')).toEqual([]);
    const found = reports.flatMap(({ check, hop, result }) =>
      result.kind === 'found' && hop === 0 ? result.findings.map((finding) => `${check} ${finding.kind} ${finding.subject}`) : [],
    );
    const watched = majorOf(version) >= 8 ? ['es.every-index-has-a-replica hazard index shut'] : [];
    expect(found.filter((line) => !line.startsWith('es.java-fits'))).toEqual([
      'es.cluster-is-settled policy cluster',
      ...watched,
      'es.every-index-has-a-replica hazard index single',
      ...(majorOf(version) >= 8 ? [] : ['es.no-closed-indices policy index shut']),
      'es.quorum-survives hazard cluster',
      'es.no-leftovers policy setting cluster.routing.rebalance.enable',
      'es.trial-start-passed policy node n1',
    ]);
  });
});
