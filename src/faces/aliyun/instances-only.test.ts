import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elasticsearchSpec, type KubernetesSpec } from '../../domain/index.ts';
import { routes } from './routes.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from './testing.ts';
import { sampleCluster, sampleId } from './testing-samples.ts';

const otherId = 'k8s-0000000000000001';

let world: FakeWorld;
let face: ServedFace;
beforeEach(async () => {
  world = createFakeWorld(sampleCluster());
  const { release } = elasticsearchSpec(sampleCluster());
  const spec: Partial<KubernetesSpec> = { kind: 'kubernetes', release: { ...release, version: '1.36' }, nodegroups: [] };
  world.clusters.set(otherId, { ...sampleCluster(), id: otherId, tags: { team: 'a' }, spec: spec as KubernetesSpec });
  face = await serveFace(world);
});
afterEach(() => face.close());

async function ask(method: string, path: string, body: unknown = {}) {
  const told = method === 'POST' ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
  const response = await fetch(`http://${face.endpoint}/openapi${path}`, { method, ...told });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a cluster of another engine in the same account', () => {
  it('is in no list', async () => {
    const listed = await ask('GET', '/instances');
    expect([listed.status, listed.body.Headers]).toEqual([200, { 'X-Total-Count': 1 }]);
    expect(listed.body.Result).toEqual([expect.objectContaining({ instanceId: sampleId })]);
    const tags = await ask('GET', `/tags?ResourceType=INSTANCE&ResourceIds=${encodeURIComponent(JSON.stringify([otherId]))}`);
    expect([tags.status, JSON.stringify(tags.body).includes(otherId)]).toEqual([200, false]);
  });

  it.each(routes.filter(({ path }) => path.includes('{InstanceId}')))('is not there for $name', async ({ method, path }) => {
    const body = { description: 'x', type: 'engineVersion', version: '6.7' };
    const before = world.clusters.get(otherId);
    const answered = await ask(method, path.replace('{InstanceId}', otherId), body);
    expect([answered.status, answered.body.Code]).toEqual([404, 'InstanceNotFound']);
    expect(world.clusters.get(otherId)).toEqual(before);
    expect([world.engineCalls, world.starts, world.removals]).toEqual([[], [], []]);
  });

  it('is neither tagged nor untagged', async () => {
    const before = world.clusters.get(otherId);
    const Tags = [{ key: 'a', value: 'b' }];
    expect((await ask('POST', '/tags', { ResourceType: 'INSTANCE', ResourceIds: [otherId], Tags })).status).toBe(404);
    const ids = encodeURIComponent(JSON.stringify([otherId]));
    expect((await ask('DELETE', `/tags?ResourceType=INSTANCE&All=true&ResourceIds=${ids}`)).status).toBe(404);
    expect(world.clusters.get(otherId)).toEqual(before);
  });
});
