import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, elasticsearchSpec } from '../../../domain/index.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from '../testing.ts';

let world: FakeWorld;
let face: ServedFace;
beforeEach(async () => {
  world = createFakeWorld();
  face = await serveFace(world);
});
afterEach(() => face.close());

const asked = { esVersion: '6.7_with_X-Pack', nodeAmount: 3, esAdminPassword: 'S3cret-password' };

async function create(body: object, query = '') {
  const response = await fetch(`http://${face.endpoint}/openapi/instances?${query}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> };
}

describe('createInstance', () => {
  it('makes what was asked for and tells the id', async () => {
    const { body, text } = await create({
      ...asked,
      nodeAmount: '4',
      zoneCount: 2,
      description: 'logs',
      masterConfiguration: { amount: 3 },
      tags: [
        { tagKey: 'clusterlift:heap-mb', tagValue: '1024' },
        { tagKey: 'clusterlift:kernel', tagValue: 'ali1.0.2' },
        { tagKey: 'clusterlift:gate', tagValue: 'first-member' },
      ],
    });
    const [cluster] = world.clusters.values();
    expect(body.Result).toEqual({ instanceId: cluster?.id });
    expect(text).not.toContain('S3cret');
    expect(cluster).toMatchObject({
      description: 'logs',
      region: 'cn-hangzhou',
      secrets: { password: 'S3cret-password' },
      spec: { release: { version: '6.7.0', build: 'ali1.0.2' }, awarenessAttribute: 'zone', gateAfterFirstMember: true },
    });
    expect(nodesOf(cluster).map(({ name, zone, roles, heapMb }) => [name, zone, roles.join(), heapMb])).toEqual([
      ['es-1', 'cn-hangzhou-a', 'data,ingest', 1024],
      ['es-2', 'cn-hangzhou-b', 'data,ingest', 1024],
      ['es-3', 'cn-hangzhou-a', 'data,ingest', 1024],
      ['es-4', 'cn-hangzhou-b', 'data,ingest', 1024],
      ['master-1', 'cn-hangzhou-a', 'master', 1024],
      ['master-2', 'cn-hangzhou-b', 'master', 1024],
      ['master-3', 'cn-hangzhou-a', 'master', 1024],
    ]);
  });

  it('lets three of many nodes vote, one in each zone', async () => {
    await create({ ...asked, nodeAmount: 9, zoneCount: 3 });
    const [cluster] = world.clusters.values();
    const voting = nodesOf(cluster).filter(({ roles }) => roles.includes('master'));
    expect(voting.map(({ name, zone }) => [name, zone?.slice(-1)])).toEqual([
      ['es-1', 'a'],
      ['es-2', 'b'],
      ['es-3', 'c'],
    ]);
    expect(nodesOf(cluster).filter(({ roles }) => roles.includes('data'))).toHaveLength(9);
  });

  it.each([
    [{ esVersion: undefined }, 'MissingParameter', 'esVersion'],
    [{ esVersion: '9.99' }, 'InvalidParameter', 'Known are 5.5.3, 5.6.16'],
    [{ esVersion: 6.7 }, 'InvalidParameter', 'esVersion'],
    [{ nodeAmount: undefined }, 'MissingParameter', 'nodeAmount'],
    [{ nodeAmount: 1 }, 'InvalidParameter', 'from 2 to 9'],
    [{ nodeAmount: 50 }, 'InvalidParameter', 'processes of one machine'],
    [{ nodeAmount: 2.5 }, 'InvalidParameter', 'nodeAmount'],
    [{ nodeAmount: [3] }, 'InvalidParameter', '"[3]"'],
    [{ nodeAmount: { toString: 1 } }, 'InvalidParameter', 'nodeAmount'],
    [{ zoneCount: 4 }, 'InvalidParameter', 'zoneCount'],
    [{ esAdminPassword: 7 }, 'InvalidParameter', 'esAdminPassword'],
    [{ description: 'x'.repeat(129) }, 'InvalidParameter', 'description'],
    [{ tags: 'env' }, 'InvalidParameter', 'tags'],
    [{ tags: [{ tagKey: 'clusterlift:heap-mb', tagValue: 'much' }] }, 'InvalidParameter', 'clusterlift:heap-mb'],
    [{ tags: [{ tagKey: 'clusterlift:kernel', tagValue: 'ali9' }] }, 'InvalidParameter', 'clusterlift:kernel'],
    [{ masterConfiguration: { amount: 2 } }, 'InvalidParameter', 'masterConfiguration.amount'],
  ])('refuses %.60j with %s', async (change, Code, says) => {
    const { status, body, text } = await create({ ...asked, ...change }, 'clientToken=c1');
    expect({ status, Code: body.Code }).toEqual({ status: 400, Code });
    expect(body.Message).toContain(says);
    expect(text).not.toContain('S3cret');
    expect(world.clusters.size).toBe(0);
    expect(world.tokens.size).toBe(0);
  });

  it('answers a repeated request with the same id, even when it comes at once or its answer was never stored', async () => {
    const both = await Promise.all([create(asked, 'clientToken=c1'), create(asked, 'clientToken=c1')]);
    const [id] = world.clusters.keys();
    expect(both.map(({ body }) => body.Result)).toEqual([{ instanceId: id }, { instanceId: id }]);
    world.tokens.clear();
    expect((await create(asked, 'clientToken=c1')).body.Result).toEqual({ instanceId: id });
    expect([...world.clusters.keys()]).toEqual([id]);
    expect(id).toMatch(/^es-cn-[a-z0-9]{16}$/);
  });

  it('refuses the same token with other parameters, and stores nothing of the password for that', async () => {
    await create(asked, 'clientToken=c1');
    expect((await create({ ...asked, nodeAmount: 5 }, 'clientToken=c1')).body.Code).toBe('IdempotentParameterMismatch');
    const [kept] = [...world.tokens.values()].map((record) => record.parameters);
    world.tokens.clear();
    await create({ ...asked, esAdminPassword: 'another' }, 'clientToken=c1');
    expect([...world.tokens.values()].map((record) => record.parameters)).toEqual([kept]);
    expect(world.clusters.size).toBe(1);
  });

  it('makes two of two requests without a token', async () => {
    await create(asked);
    await create(asked);
    expect(world.clusters.size).toBe(2);
  });
});

function nodesOf(cluster: Cluster | undefined) {
  if (cluster === undefined) throw new Error('it is there');
  return elasticsearchSpec(cluster).nodes;
}
