import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, elasticsearchSpec } from '../../../domain/index.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from '../testing.ts';
import { sampleCluster, sampleFinding, sampleId } from '../testing-samples.ts';

let world: FakeWorld;
let face: ServedFace;
beforeEach(async () => {
  world = createFakeWorld(sampleCluster());
  face = await serveFace(world, { pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 50)) });
});
afterEach(() => face.close());

type Members = Record<string, unknown>;

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`http://${face.endpoint}/openapi${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as Members };
}

const instance = `/instances/${sampleId}`;
const change = (to: Partial<Cluster>) => world.clusters.set(sampleId, { ...sampleCluster(), ...to });

describe('DescribeInstance', () => {
  it('always has the groups that clients read into without asking', async () => {
    const { body } = await call('GET', instance);
    expect(body.Result).toMatchObject({
      instanceId: sampleId,
      inited: true,
      paymentType: 'postpaid',
      networkConfig: { type: 'vpc' },
      kibanaConfiguration: {},
      masterConfiguration: {},
      nodeSpec: { spec: 'process.512m' },
      extendConfigs: [],
      esVersion: '6.3.2_with_X-Pack',
      domain: '127.0.0.1',
      port: 9201,
      protocol: 'HTTP',
      zoneCount: 3,
    });
  });

  it('tells dedicated masters apart from data nodes', async () => {
    const spec = elasticsearchSpec(sampleCluster());
    const nodes = spec.nodes.map((node, index) => (index === 2 ? { ...node, roles: ['master' as const] } : node));
    change({ spec: { ...spec, nodes } });
    expect((await call('GET', instance)).body.Result).toMatchObject({
      nodeAmount: 2,
      dedicateMaster: true,
      masterConfiguration: { amount: 1, spec: 'process.512m' },
    });
  });

  it.each([
    ['running', 'activating'],
    ['gated', 'activating'],
    ['paused', 'suspended'],
    ['stopped', 'invalid'],
    ['done', 'active'],
    ['cancelled', 'active'],
  ] as const)('shows an upgrade that is %s as %s', async (status, shown) => {
    await call('POST', `${instance}/actions/upgrade-version`, { version: '6.7' });
    world.change(world.upgrades[0]?.id ?? '', { status });
    expect((await call('GET', instance)).body.Result).toMatchObject({ status: shown });
  });

  it.each([
    [{ provisioning: { state: 'creating' } }, 'activating', false],
    [{ provisioning: { state: 'failed', because: 'x' } }, 'invalid', true],
    [{ provisioning: { state: 'deleting' } }, 'inactive', true],
    [{ deleteAfter: '2026-11-23T10:00:00.000Z' }, 'inactive', true],
  ] as const)('shows %j as %s', async (to, status, inited) => {
    change(to);
    expect((await call('GET', instance)).body.Result).toMatchObject({ status, inited });
  });
});

describe('ListInstance', () => {
  const ids = (body: Members) => (body.Result as { instanceId: string }[]).map((item) => item.instanceId);

  it.each([
    [`instanceId=${sampleId}`, [sampleId]],
    ['esVersion=6.3', [sampleId]],
    ['esVersion=6.3.2_with_X-Pack', [sampleId]],
    ['esVersion=6', [sampleId, 'es-cn-b']],
    ['esVersion=6.7', ['es-cn-b']],
    ['description=samp*', [sampleId]],
    ['status=active', [sampleId]],
    ['status=inactive', ['es-cn-b']],
    ['paymentType=prepaid', []],
    ['instanceCategory=x-pack', [sampleId, 'es-cn-b']],
    ['zoneId=cn-hangzhou-b', [sampleId, 'es-cn-b']],
    ['zoneId=cn-beijing-a', []],
    ['vpcId=vpc-of-somebody', []],
    [`tags=${encodeURIComponent('[{"tagKey":"env","tagValue":"dev"}]')}`, ['es-cn-b']],
    ['somethingNew=1', [sampleId, 'es-cn-b']],
    ['page=2&size=1', ['es-cn-b']],
    ['page=3&size=1', []],
  ])('with %s lists %j', async (query, expected) => {
    const release = { version: '6.7.0', build: null };
    const deleteAfter = '2026-11-23T10:00:00.000Z';
    const other = sampleCluster({ id: 'es-cn-b', name: 'b', description: 'b', tags: { env: 'dev' }, release, deleteAfter });
    world.clusters.set('es-cn-b', other);
    const strange = sampleCluster({ id: 'es-cn-strange', name: 'strange', account: 'another' });
    world.clusters.set('es-cn-strange', strange);
    expect(ids((await call('GET', `/instances?${query}`)).body)).toEqual(expected);
  });

  it.each(['page=0', 'page=x', 'size=101', 'size=0', 'page=-1', 'tags=x', 'tags={}'])('refuses %s', async (query) => {
    expect(await call('GET', `/instances?${query}`)).toMatchObject({ status: 400, body: { Code: 'InvalidParameter' } });
  });
});

describe('DeleteInstance', () => {
  it('keeps a created instance for a day when it is to be protective, and can be taken back', async () => {
    expect((await call('DELETE', `${instance}?deleteType=protective`)).status).toBe(200);
    expect(world.removals).toEqual([{ clusterId: sampleId, graceMs: 24 * 60 * 60_000 }]);
    expect((await call('POST', `${instance}/actions/cancel-deletion`)).body.Result).toBe(true);
    expect(await call('POST', `${instance}/actions/cancel-deletion`)).toMatchObject({
      body: { Code: 'InstanceStatusNotSupportCurrentAction' },
    });
  });

  it('answers a repeated request with its first answer although the instance is gone', async () => {
    const first = await call('DELETE', `${instance}?clientToken=d1`);
    expect(first.body.Result).toMatchObject({ instanceId: sampleId, status: 'inactive' });
    const again = await call('DELETE', `${instance}?clientToken=d1`);
    expect(again.body.Result).toEqual(first.body.Result);
    expect(await call('DELETE', instance)).toMatchObject({ status: 404, body: { Code: 'InstanceNotFound' } });
    expect(world.removals).toHaveLength(1);
  });

  it('is refused while an upgrade runs, and for a deleteType that is none', async () => {
    expect(await call('DELETE', `${instance}?deleteType=later`)).toMatchObject({ body: { Code: 'InvalidParameter' } });
    await call('POST', `${instance}/actions/upgrade-version`, { version: '6.7' });
    expect(await call('DELETE', instance)).toMatchObject({ status: 400, body: { Code: 'InstanceActivating' } });
    expect(world.removals).toEqual([]);
  });
});

describe('pausing, resuming and the gate', () => {
  it('needs a change that is in progress', async () => {
    for (const action of ['interrupt', 'resume'])
      expect(await call('POST', `${instance}/actions/${action}`)).toMatchObject({
        status: 400,
        body: { Code: 'InstanceStatusNotSupportCurrentAction' },
      });
  });

  it('goes past a gate for the change that waits there, and for no other', async () => {
    await call('POST', `${instance}/actions/upgrade-version`, { version: '6.7' });
    const id = world.upgrades[0]?.id ?? '';
    const on = (query: string) => call('POST', `${instance}/actions/continueEsVersionUpgrade?${query}`);
    expect(await on('')).toMatchObject({ status: 400, body: { Code: 'MissingParameter' } });
    expect(await on('X-Request-ChangeId=another')).toMatchObject({ status: 400, body: { Code: 'InvalidParameter' } });
    expect(await on(`X-Request-ChangeId=${id}`)).toMatchObject({
      status: 400,
      body: { Code: 'InstanceStatusNotSupportCurrentAction', Message: expect.stringContaining('does not wait at a gate') },
    });
    world.change(id, { status: 'gated' });
    expect(await on(`x-request-changeid=${id.toUpperCase()}`)).toMatchObject({ status: 200, body: { Result: true } });
    expect(world.upgrades).toMatchObject([{ status: 'running' }]);
  });
});

describe('CreateSnapshot', () => {
  const snapshot = (query = '') => call('POST', `${instance}/snapshots?${query}`, {});

  it('says why the cluster refused, and does not remember that', async () => {
    world.engineAnswers = () => ({ kind: 'refused', because: 'no repository is there' });
    expect(await snapshot('ClientToken=s1')).toMatchObject({
      status: 400,
      body: { Code: 'SnapshotRefused', Message: expect.stringContaining('no repository is there') },
    });
    world.engineAnswers = () => ({ kind: 'done', value: null });
    expect((await snapshot('ClientToken=s1')).body.Result).toBe(true);
    expect((await snapshot('ClientToken=s1')).body.Result).toBe(true);
    expect(world.engineCalls).toHaveLength(2);
  });

  it('answers before a long snapshot has ended', async () => {
    world.lookEnds = new Promise(() => undefined);
    expect((await snapshot()).body.Result).toBe(true);
  });

  it('is refused while an upgrade runs', async () => {
    await call('POST', `${instance}/actions/upgrade-version`, { version: '6.7' });
    expect(await snapshot()).toMatchObject({ status: 400, body: { Code: 'InstanceActivating' } });
    expect(world.engineCalls).toEqual([]);
  });
});

describe('a look at a cluster that does not answer', () => {
  it.each(['elasticsearch-health', 'plugins', 'cat-recovery', 'snapshot-repos'])('%s says so in time', async (name) => {
    world.lookEnds = new Promise(() => undefined);
    expect(await call('GET', `${instance}/${name}`)).toMatchObject({ status: 503, body: { Code: 'ServiceUnavailable' } });
  });

  it('still lists the nodes', async () => {
    world.unreachable = 'nobody answers';
    expect((await call('GET', `${instance}/nodes`)).body.Result).toMatchObject([
      { port: 9201, health: 'GRAY', heapPercent: '' },
      { port: 9202, health: 'GRAY' },
      { port: 9203, health: 'GRAY' },
    ]);
    expect(await call('GET', `${instance}/elasticsearch-health`)).toMatchObject({
      status: 503,
      body: { Message: expect.stringContaining('nobody answers') },
    });
  });
});

describe('UpgradeInfo', () => {
  it('says that the end of the path is reached', async () => {
    change(sampleCluster({ release: { version: '6.8.23', build: null } }));
    expect((await call('GET', `${instance}/upgradeInfo`)).body.Result).toEqual({
      UpgradeInfo: {
        curEsVersion: '6.8.23',
        upgradeEsVersion: '6.8.23',
        curApackVersion: '',
        upgradeApackVersion: '',
        CurRepoVersion: '',
        UpdateRepoVersion: '',
        Upgrade: false,
      },
    });
  });
});

describe('tags', () => {
  it('change all of the named instances or none', async () => {
    const tag = (ResourceIds: unknown, Tags: unknown) => call('POST', '/tags', { ResourceIds, ResourceType: 'INSTANCE', Tags });
    expect(await tag([sampleId, 'es-cn-none'], [{ key: 'a', value: 'b' }])).toMatchObject({ body: { Code: 'InstanceNotFound' } });
    expect(world.clusters.get(sampleId)?.tags).toEqual({});
    const many = Array.from({ length: 21 }, (_, index) => ({ key: `k${index}`, value: '' }));
    for (const tags of [many, [{ key: '' }], [{ key: 'a', value: 7 }], 'x', [null], [{ key: 'x'.repeat(129) }]])
      expect(await tag([sampleId], tags)).toMatchObject({ status: 400, body: { Code: 'InvalidParameter' } });
    for (const ids of [[], [7], 'x', Array.from({ length: 51 }, () => sampleId)])
      expect(await tag(ids, [])).toMatchObject({ status: 400, body: { Code: 'InvalidParameter' } });
    expect((await tag([sampleId], [{ key: '__proto__', value: 'x' }])).body.Result).toBe(true);
    expect(Object.entries(world.clusters.get(sampleId)?.tags ?? {})).toEqual([['__proto__', 'x']]);
    expect(await call('DELETE', `/tags?ResourceIds=["${sampleId}"]&All=true`)).toMatchObject({ body: { Result: true } });
    expect(world.clusters.get(sampleId)?.tags).toEqual({});
  });
});

describe('a description', () => {
  it.each([[{}], [{ description: 7 }], [{ description: 'x'.repeat(129) }], [{ description: '\0' }]])(
    'is refused in %.40j',
    async (body) => {
      expect((await call('POST', `${instance}/description`, body)).status).toBe(400);
      expect(world.clusters.get(sampleId)?.description).toBe('a sample');
    },
  );
});

describe('findings', () => {
  it('of one dry run do not stay for the next', async () => {
    world.findings = [sampleFinding('es.cluster-is-settled', 'hazard')];
    const dry = () => call('POST', `${instance}/actions/upgrade-version?dryRun=true`, { version: '6.7' });
    expect((await dry()).body.Result).toMatchObject([{ status: 'failed' }, {}, {}, {}]);
    world.findings = [];
    expect((await dry()).body.Result).toMatchObject([{ status: 'success' }, {}, {}, {}]);
  });
});
