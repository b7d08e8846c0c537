import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleCluster, sampleFinding, sampleId } from '../../../src/faces/aliyun/testing-samples.ts';
import { type SignedFace, secret, serveSigned } from './signed-face.ts';

const load = createRequire(import.meta.url);
let face: SignedFace;
beforeEach(async () => {
  face = await serveSigned();
});
afterEach(() => face.close());

const order = ['checkClusterHealth', 'checkConfigCompatible', 'checkClusterResource', 'checkClusterSnapshot'];

/** The official SDKs of three generations. 1.0.1 declares an object where the API answers a list, and reads nothing of it. */
const sdks = [
  { name: '4.3.5 with ACS3', of: '@alicloud/elasticsearch20170613', config: {}, readsLists: true, names: 'camelCase' },
  {
    name: '4.3.5 with V1',
    of: '@alicloud/elasticsearch20170613',
    config: { signatureAlgorithm: 'v2' },
    readsLists: true,
    names: 'camelCase',
  },
  { name: '1.2.0', of: 'es120', config: {}, readsLists: true, names: 'PascalCase' },
  { name: '1.0.1', of: 'es101', config: {}, readsLists: false, names: 'none' },
] as const;

describe.each(sdks)('the official SDK $name', ({ of, config, readsLists, names }) => {
  const sdk = load(of);
  const client = (keySecret = secret) =>
    new sdk.default({
      accessKeyId: 'testid',
      accessKeySecret: keySecret,
      endpoint: face.endpoint,
      protocol: 'http',
      regionId: 'cn-hangzhou',
      ...config,
    });
  const upgrade = (request: object, id = sampleId, by = client()) =>
    by.upgradeEngineVersion(id, new sdk.UpgradeEngineVersionRequest({ type: 'engineVersion', version: '6.7', ...request }));

  it('reads a dry run: four validations, the failed ones with type, code and message', async () => {
    face.world.findings = [sampleFinding('es.settings-are-known', 'hazard'), sampleFinding('es.snapshot-is-recent', 'policy')];
    const { body } = await upgrade({ dryRun: true });
    expect(body.requestId).toMatch(/^[0-9A-F-]{36}$/);
    if (readsLists) {
      expect(body.result.map((item: { validateType: string }) => item.validateType)).toEqual(order);
      expect(body.result.map((item: { status: string }) => item.status)).toEqual(['success', 'failed', 'success', 'failed']);
      expect(body.result[3].validateResult[0]).toMatchObject({
        errorType: 'clusterSnapshot',
        errorCode: 'ClusterSnapshotNotAvaild',
        errorMsg: expect.stringMatching(/^ClusterSnapshotNotAvaild/),
      });
    }
    expect(face.world.starts).toEqual([]);
  });

  it('starts an upgrade once, gets the same answer for the same token, and follows it to its end', async () => {
    const started = await upgrade({ dryRun: false, clientToken: 'a b+c/d=e&f' });
    if (readsLists) expect(started.body.result).toEqual([]);
    await upgrade({ dryRun: false, clientToken: 'a b+c/d=e&f' });
    expect(face.world.upgrades).toMatchObject([{ clusterId: sampleId, to: { version: '6.7.0' } }]);
    const during = await client().describeInstance(sampleId);
    expect(during.body.result).toMatchObject({ status: 'activating', esVersion: '6.3.2_with_X-Pack' });
    face.world.finish(face.world.upgrades[0]?.id ?? '');
    const after = await client().describeInstance(sampleId);
    expect(after.body.result).toMatchObject({ status: 'active', esVersion: '6.7.0_with_X-Pack', instanceId: sampleId });
    expect(face.world.starts).toHaveLength(1);
  });

  it('starts one without any optional parameter', async () => {
    const request = new sdk.UpgradeEngineVersionRequest({ version: '6.7' });
    await client().upgradeEngineVersion(sampleId, request);
    expect(face.world.upgrades).toHaveLength(1);
  });

  it('tells errors by their code', async () => {
    await upgrade({});
    await expect(upgrade({ dryRun: true })).rejects.toMatchObject({ code: 'InstanceActivating' });
    await expect(upgrade({ dryRun: true }, 'es-cn-n6w1o1x0w001c****')).rejects.toMatchObject({ code: 'InstanceNotFound' });
    await expect(upgrade({}, sampleId, client('wrong'))).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(face.world.upgrades).toHaveLength(1);
  });

  it('pauses and resumes', async () => {
    await upgrade({});
    const { body } = await client().interruptElasticsearchTask(sampleId, new sdk.InterruptElasticsearchTaskRequest({}));
    expect(body.result).toBe(true);
    expect((await client().describeInstance(sampleId)).body.result.status).toBe('suspended');
    await expect(
      client().interruptElasticsearchTask(sampleId, new sdk.InterruptElasticsearchTaskRequest({})),
    ).rejects.toMatchObject({ code: 'AlreadyReceivedInterruptSignal' });
    const resumed = await client().resumeElasticsearchTask(sampleId, new sdk.ResumeElasticsearchTaskRequest({}));
    expect(resumed.body.result).toBe(true);
    expect((await client().describeInstance(sampleId)).body.result.status).toBe('activating');
  });

  it('lists instances with their total number, page by page, and none past the end', async () => {
    for (const [index, id] of ['es-cn-b', 'es-cn-c'].entries())
      face.world.clusters.set(id, sampleCluster({ id, name: id, description: `number ${index}` }));
    const page = async (request: object) => (await client().listInstance(new sdk.ListInstanceRequest(request))).body;
    const first = await page({ page: 1, size: 2 });
    expect(first.headers.xTotalCount).toBe(3);
    expect(first.result.map((item: { instanceId: string }) => item.instanceId)).toEqual([sampleId, 'es-cn-b']);
    expect((await page({ page: 2, size: 2 })).result.map((item: { instanceId: string }) => item.instanceId)).toEqual(['es-cn-c']);
    expect((await page({ page: 3, size: 2 })).result).toEqual([]);
    expect((await page({ description: 'number*' })).headers.xTotalCount).toBe(2);
  });

  if (names !== 'none') {
    it(`reads action records by their ${names} names`, async () => {
      await upgrade({});
      const { body } = await client().listActionRecords(sampleId, new sdk.ListActionRecordsRequest({ page: 1, size: 10 }));
      expect(body.result).toMatchObject([
        {
          actionName: 'UpgradeEngineVersion',
          stateType: 'ACTIVATING',
          process: '0%',
          metaOld: '6.3.2_with_X-Pack',
          metaNow: '6.7.0_with_X-Pack',
          requestId: face.world.upgrades[0]?.id,
          statusInfo: [{ subState: 'updating-task', nodeCount: 3, completeNodeCount: 0 }],
        },
      ]);
    });
  }

  it('looks at the cluster: health, nodes, plug-ins, recoveries, repositories', async () => {
    face.world.seen = {
      health: { status: 'yellow' },
      nodes: [{ name: 'es-1', version: '6.3.2', heapUsedPercent: 40, diskUsedPercent: 10, plugins: ['analysis-icu'] }],
    };
    expect((await client().describeElasticsearchHealth(sampleId)).body.result).toBe('YELLOW');
    const nodes = await client().listAllNode(sampleId, new sdk.ListAllNodeRequest({}));
    expect(nodes.body.result).toMatchObject([
      { host: '127.0.0.1', port: 9201, nodeType: 'WORKER', health: 'YELLOW', heapPercent: '40%' },
      { port: 9202, health: 'GRAY' },
      { port: 9203, health: 'GRAY' },
    ]);
    const plugins = await client().listPlugins(sampleId, new sdk.ListPluginsRequest({}));
    expect(plugins.body.result).toMatchObject([{ name: 'analysis-icu', state: 'INSTALLED', source: 'SYSTEM' }]);
    const progress = { total: 8, recovered: 2 };
    face.world.engineAnswers = ({ do: asked }) => ({
      kind: 'done',
      value:
        asked === 'list-repositories'
          ? [{ name: 'nightly', type: 'fs' }]
          : [
              {
                index: 'logs',
                stage: 'TRANSLOG',
                source: null,
                target: { name: 'es-1', host: '127.0.0.1' },
                bytes: progress,
                files: progress,
                translogOps: progress,
              },
            ],
    });
    const recoveries = await client().listShardRecoveries(sampleId, new sdk.ListShardRecoveriesRequest({ activeOnly: true }));
    expect(recoveries.body.result).toMatchObject([
      { index: 'logs', stage: 'translog', sourceNode: 'n/a', targetNode: 'es-1', bytesPercent: '25.0%', filesTotal: 8 },
    ]);
    const repositories = await client().listSnapshotReposByInstanceId(sampleId);
    expect(repositories.body.result).toMatchObject([{ snapWarehouse: 'nightly', status: 'available' }]);
  });

  it('takes a snapshot, describes, tags, deletes and brings back', async () => {
    const snapshot = await client().createSnapshot(sampleId, new sdk.CreateSnapshotRequest({ clientToken: 's1' }));
    expect(snapshot.body.result).toBe(true);
    expect(face.world.engineCalls).toEqual([{ do: 'create-snapshot', repository: null }]);
    await client().updateDescription(sampleId, new sdk.UpdateDescriptionRequest({ description: 'im Büro' }));
    expect(face.world.clusters.get(sampleId)?.description).toBe('im Büro');
    await client().deleteInstance(sampleId, new sdk.DeleteInstanceRequest({ deleteType: 'protective' }));
    expect((await client().describeInstance(sampleId)).body.result.status).toBe('inactive');
    const back = await client().cancelDeletion(sampleId, new sdk.CancelDeletionRequest({}));
    expect(back.body.result ?? true).toBe(true);
    expect((await client().describeInstance(sampleId)).body.result.status).toBe('active');
    await client().deleteInstance(sampleId, new sdk.DeleteInstanceRequest({}));
    expect(face.world.removals).toEqual([
      { clusterId: sampleId, graceMs: 24 * 60 * 60_000 },
      { clusterId: sampleId, graceMs: 0 },
    ]);
  });
});

describe('the official SDK 4.3.5, beside upgrades', () => {
  const sdk = load('@alicloud/elasticsearch20170613');
  const client = () =>
    new sdk.default({ accessKeyId: 'testid', accessKeySecret: secret, endpoint: face.endpoint, protocol: 'http', regionId: 'x' });

  it('creates an instance once for one token, with what was asked for', async () => {
    const request = {
      esVersion: '6.7_with_X-Pack',
      nodeAmount: 3,
      zoneCount: 3,
      esAdminPassword: 'S3cret-password',
      description: 'created',
      clientToken: 'c1',
      tags: [{ tagKey: 'env', tagValue: 'dev' }],
      networkConfig: { type: 'vpc', vpcId: 'vpc-1', vswitchId: 'vsw-1', vsArea: 'cn-hangzhou-a' },
      nodeSpec: { spec: 'elasticsearch.sn2ne.large', disk: 20, diskType: 'cloud_ssd' },
    };
    await client().createInstance(new sdk.CreateInstanceRequest(request));
    await client().createInstance(new sdk.CreateInstanceRequest(request));
    const made = [...face.world.clusters.values()].filter((cluster) => cluster.id !== sampleId);
    expect(made).toMatchObject([
      { description: 'created', tags: { env: 'dev' }, spec: { release: { version: '6.7.0' }, awarenessAttribute: 'zone' } },
    ]);
    const shown = await client().describeInstance(made[0]?.id);
    expect(shown.body.result).toMatchObject({ status: 'activating', inited: false, nodeAmount: 3, zoneCount: 3 });
    expect(JSON.stringify(shown.body)).not.toContain('S3cret');
  });

  it('tags, lists tags and takes them away', async () => {
    const tagged = await client().tagResources(
      new sdk.TagResourcesRequest({
        resourceIds: [sampleId],
        resourceType: 'INSTANCE',
        tags: [
          { key: 'env', value: 'dev' },
          { key: 'team', value: 'search' },
        ],
      }),
    );
    expect(tagged.body.result).toBe(true);
    const listed = await client().listTagResources(new sdk.ListTagResourcesRequest({ resourceType: 'INSTANCE' }));
    expect(listed.body.tagResources.tagResource).toMatchObject([
      { resourceId: sampleId, tagKey: 'env', tagValue: 'dev' },
      { resourceId: sampleId, tagKey: 'team', tagValue: 'search' },
    ]);
    await client().untagResources(
      new sdk.UntagResourcesRequest({ resourceIds: `["${sampleId}"]`, resourceType: 'INSTANCE', tagKeys: '["env"]' }),
    );
    expect(face.world.clusters.get(sampleId)?.tags).toEqual({ team: 'search' });
  });

  it('learns what an upgrade could lead to', async () => {
    face.world.clusters.set(sampleId, sampleCluster({ release: { version: '6.3.2', build: 'ali1.0.2' } }));
    const { body } = await client().upgradeInfo(sampleId);
    expect(body.result.upgradeInfo).toMatchObject({
      curEsVersion: '6.3.2',
      upgradeEsVersion: '6.7.0',
      curApackVersion: '1.0.2',
      upgradeApackVersion: '1.2.0',
      upgrade: true,
    });
    const described = await client().describeInstance(sampleId);
    expect(described.body.result.extendConfigs).toEqual([{ configType: 'aliVersion', aliVersion: 'ali1.0.2' }]);
  });

  it('is told when to come again', async () => {
    await face.close();
    face = await serveSigned(1);
    await client().describeInstance(sampleId);
    await expect(client().describeInstance(sampleId)).rejects.toMatchObject({
      code: 'Throttling.User',
      retryAfter: expect.any(Number),
    });
  });
});

describe('pop-core', () => {
  const { ROAClient } = load('@alicloud/pop-core');
  const client = () =>
    new ROAClient({
      accessKeyId: 'testid',
      accessKeySecret: secret,
      endpoint: `http://${face.endpoint}`,
      apiVersion: '2017-06-13',
    });
  const path = `/openapi/instances/${sampleId}`;
  const json = { 'content-type': 'application/json' };

  it('drives a dry run, an upgrade and its gate', async () => {
    const dry = await client().request('POST', `${path}/actions/upgrade-version`, { dryRun: true }, '{"version":"6.7"}', json);
    expect(dry.Result.map((item: { validateType: string }) => item.validateType)).toEqual(order);
    const started = await client().request('POST', `${path}/actions/upgrade-version`, {}, '{"version":"6.7"}', json);
    expect(started.Result).toEqual([]);
    const [upgrade] = face.world.upgrades;
    face.world.change(upgrade?.id ?? '', { status: 'gated' });
    const records = await client().request('GET', `${path}/action-records`, {}, '', {});
    expect(records.Result).toMatchObject([{ requestId: upgrade?.id, detail: { grayType: 'grayDone', changeId: upgrade?.id } }]);
    const change = { 'X-Request-ChangeId': records.Result[0].requestId };
    const on = await client().request('POST', `${path}/actions/continueEsVersionUpgrade`, change, '', {});
    expect(on.Result).toBe(true);
    expect(face.world.upgrades).toMatchObject([{ status: 'running' }]);
  });

  it('sends booleans as Python writes them, which must not start anything', async () => {
    await client().request('POST', `${path}/actions/upgrade-version`, { dryRun: 'True' }, '{"version":"6.7"}', json);
    await expect(
      client().request('POST', `${path}/actions/upgrade-version`, { dryRun: '1' }, '{"version":"6.7"}', json),
    ).rejects.toMatchObject({ code: 'InvalidParameter' });
    expect(face.world.starts).toEqual([]);
  });
});
