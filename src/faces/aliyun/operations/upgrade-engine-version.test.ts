import { afterEach, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../domain/index.ts';
import type { FakeWorld } from '../testing.ts';
import { sampleCluster, sampleFinding } from '../testing-samples.ts';
import { allWell, openBench, type UpgradeBench, validateOrder } from './testing-upgrades.ts';

let bench: UpgradeBench | null = null;
let world: FakeWorld;
let upgrade: UpgradeBench['upgrade'];
afterEach(async () => {
  await bench?.close();
  bench = null;
});

async function given(cluster?: Cluster, quickly?: boolean): Promise<void> {
  await bench?.close();
  bench = await openBench(cluster, quickly);
  world = bench.world;
  upgrade = bench.upgrade;
}

describe('a dry run', () => {
  it('answers four validations in the documented order and starts nothing', async () => {
    await given();
    const answer = await upgrade('dryRun=true');
    expect(answer).toMatchObject({ status: 200, body: { Result: allWell, RequestId: expect.any(String) } });
    expect(world.starts).toEqual([]);
  });

  it('puts each finding under its validation, in the documented words and then ours', async () => {
    await given();
    world.findings = [
      sampleFinding('es.snapshot-is-recent', 'policy', { subject: 'cluster', says: 'The newest snapshot is 2 h old.' }),
      sampleFinding('es.settings-are-known', 'hazard', { subject: 'node es-2', evidence: ['unknown setting [foo]'] }),
      sampleFinding('es.cluster-is-settled', 'hazard'),
      sampleFinding('es.java-fits', 'hazard'),
    ];
    world.reports = [
      { check: 'es.one-mapping-type', asks: 'One type?', hop: 0, result: { kind: 'could-not-run', because: 'HTTP 500.' } },
    ];
    const { body } = await upgrade('dryRun=true');
    const error = (errorType: string, errorCode: string, errorMsg: string) => ({ errorType, errorCode, errorMsg });
    expect(body.Result).toEqual([
      {
        validateType: 'checkClusterHealth',
        status: 'failed',
        validateResult: [
          error(
            'clusterStatus',
            'ClusterStatusNotHealth',
            'The cluster status is not health. subject of es.cluster-is-settled: es.cluster-is-settled says so. Mend it. (es.cluster-is-settled)',
          ),
        ],
      },
      {
        validateType: 'checkConfigCompatible',
        status: 'failed',
        validateResult: [
          error(
            'clusterConfigYml',
            'ClusterYamlNotCompatible',
            'ClusterYamlNotCompatible. node es-2: es.settings-are-known says so. [unknown setting [foo]] Mend it. (es.settings-are-known)',
          ),
          error(
            'clusterConfigYml',
            'ClusterYamlNotCompatible',
            'ClusterYamlNotCompatible. Could not be found out: One type? HTTP 500. (es.one-mapping-type)',
          ),
        ],
      },
      {
        validateType: 'checkClusterResource',
        status: 'failed',
        validateResult: [
          error(
            'clusterResource',
            'ClusterResourceNotEnough',
            'ClusterResourceNotEnough. subject of es.java-fits: es.java-fits says so. Mend it. (es.java-fits)',
          ),
        ],
      },
      {
        validateType: 'checkClusterSnapshot',
        status: 'failed',
        validateResult: [
          error(
            'clusterSnapshot',
            'ClusterSnapshotNotAvaild',
            'ClusterSnapshotNotAvaild. cluster: The newest snapshot is 2 h old. Mend it. (es.snapshot-is-recent)',
          ),
        ],
      },
    ]);
  });

  it('says when to ask again while a trial start has not finished', async () => {
    await given();
    world.findings = [sampleFinding('es.trial-start-passed', 'policy', { loopWaits: true, remedy: 'Ask again in a minute.' })];
    const { body } = await upgrade('dryRun=true');
    expect(body.Result).toMatchObject([
      { status: 'success' },
      { status: 'failed', validateResult: [{ errorMsg: expect.stringContaining('Ask again in a minute.') }] },
      { status: 'success' },
      { status: 'success' },
    ]);
    expect((await upgrade('')).body).toMatchObject({ Result: [] });
  });

  it('fails all four when the cluster cannot be reached or answers too late: nothing was checked', async () => {
    await given(sampleCluster(), true);
    world.unreachable = 'nobody answers';
    const unreachable = await upgrade('dryRun=true');
    world.unreachable = null;
    world.lookEnds = new Promise(() => undefined);
    const late = await upgrade('dryRun=true');
    for (const { status, body } of [unreachable, late]) {
      expect(status).toBe(200);
      expect(body.Result).toMatchObject(
        validateOrder.map((validateType) => ({
          validateType,
          status: 'failed',
          validateResult: [{ errorMsg: expect.any(String) }],
        })),
      );
    }
    expect(JSON.stringify(unreachable.body)).toContain('nobody answers');
    expect(JSON.stringify(late.body)).toContain('Ask again in 10 seconds.');
  });

  it('without a version checks the next step, and says when there is none', async () => {
    await given(sampleCluster({ release: { version: '5.5.3', build: null } }));
    world.findings = [sampleFinding('es.index-versions', 'hazard')];
    expect((await upgrade('dryRun=true', {})).body.Result).toMatchObject([{}, { status: 'failed' }, {}, {}]);
    await given(sampleCluster({ release: { version: '6.8.23', build: null } }));
    expect((await upgrade('dryRun=true', {})).body).toMatchObject({
      Result: allWell,
      Message: expect.stringContaining('newest version'),
    });
  });

  it('is neither stored nor replayed', async () => {
    await given();
    await upgrade('dryRun=true&clientToken=t1');
    world.findings = [sampleFinding('es.cluster-is-settled', 'hazard')];
    expect((await upgrade('dryRun=true&clientToken=t1')).body.Result).toMatchObject([{ status: 'failed' }, {}, {}, {}]);
    expect(world.tokens.size).toBe(0);
  });

  it('is never answered with the stored answer of a start that had its token', async () => {
    await given();
    await upgrade('clientToken=t1');
    world.finish(world.upgrades[0]?.id ?? '');
    expect((await upgrade('dryRun=true&clientToken=t1', { version: '6.8' })).body.Result).toEqual(allWell);
    expect((await upgrade('dryRun=true&clientToken=t1')).body.Result).toEqual(allWell);
  });
});

describe('a start', () => {
  it('answers an empty list, and the instance is activating', async () => {
    await given();
    expect(await upgrade('')).toMatchObject({ status: 200, body: { Result: [] } });
    expect(world.upgrades).toMatchObject([{ to: { version: '6.7.0', build: null }, status: 'running' }]);
    expect(await upgrade('')).toMatchObject({ status: 400, body: { Code: 'InstanceActivating' } });
    expect(await upgrade('dryRun=true')).toMatchObject({ status: 400, body: { Code: 'InstanceActivating' } });
    expect(world.upgrades).toHaveLength(1);
  });

  it('is not held by policy findings or by checks that could not run', async () => {
    await given();
    world.findings = [sampleFinding('es.snapshot-is-recent', 'policy')];
    world.reports = [{ check: 'es.java-fits', asks: '?', hop: 0, result: { kind: 'could-not-run', because: 'x' } }];
    expect(await upgrade('dryRun=false')).toMatchObject({ status: 200, body: { Result: [] } });
    expect(world.starts).toMatchObject([{ policy: { maxHops: 1, policyFindings: 'record' }, acknowledge: [] }]);
  });

  it.each([
    ['es.cluster-is-settled', 'ClusterStatusNotHealth'],
    ['es.settings-are-known', 'ClusterYamlNotCompatible'],
    ['es.java-fits', 'ClusterResourceNotEnough'],
    ['es.no-snapshot-runs', 'ClusterSnapshotNotAvaild'],
    ['es.something-new', 'ClusterStatusNotHealth'],
  ])('is refused for the hazard %s with %s', async (check, code) => {
    await given();
    world.findings = [sampleFinding(check, 'hazard')];
    const { status, body } = await upgrade('');
    expect({ status, Code: body.Code }).toEqual({ status: 400, Code: code });
    expect(body.Message).toContain(`${check} says so. Mend it.`);
    expect(body.Message).toContain('Nothing was started.');
    expect(world.upgrades).toEqual([]);
  });

  it('tells ten hazards and how many more there are', async () => {
    await given();
    world.findings = Array.from({ length: 13 }, (_, index) =>
      sampleFinding('es.index-versions', 'hazard', { subject: `index i${index}.` }),
    );
    const { body } = await upgrade('');
    expect(body.Message).toContain('index i9.');
    expect(body.Message).not.toContain('index i10.');
    expect(body.Message).toContain('3 more: a dry run tells all.');
  });

  it('records that a strategy and plugins were sent', async () => {
    await given();
    await upgrade('updateStrategy=blue_green', { version: '6.7', plugins: [{ name: 'analysis-ik' }] });
    expect(world.starts[0]?.remarks).toMatchObject([expect.stringContaining('blue_green'), expect.stringContaining('plugins')]);
  });

  it('gives up looking in time and starts nothing later', async () => {
    await given();
    world.unreachable = 'it has not answered everything within 2500 ms.';
    expect(await upgrade('')).toMatchObject({
      status: 400,
      body: { Code: 'ClusterStatusNotHealth', Message: expect.stringContaining('Nothing was started.') },
    });
    expect(world.starts[0]?.lookTimeoutMs).toBeLessThan(2_800);
  });

  it('needs a version', async () => {
    await given();
    expect(await upgrade('', {})).toMatchObject({ status: 400, body: { Code: 'MissingParameter' } });
    expect(world.starts).toEqual([]);
  });

  it.each([
    ['paused', 'resume'],
    ['stopped', 'ResumeElasticsearchTask'],
  ] as const)('is refused while an upgrade is %s', async (status, says) => {
    await given();
    await upgrade('');
    world.change(world.upgrades[0]?.id ?? '', { status });
    expect(await upgrade('')).toMatchObject({
      status: 400,
      body: { Code: 'InstanceStatusNotSupportCurrentAction', Message: expect.stringContaining(says) },
    });
  });
});
