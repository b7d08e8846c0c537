import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from '../testing.ts';
import { sampleCluster, sampleId } from '../testing-samples.ts';

const says = 'The tag clusterlift:simulated says what a cluster is: it can neither be set nor removed.';
const refusal = { status: 400, body: { Code: 'InvalidParameter', Message: expect.stringContaining(says) } };
const simulated = 'clusterlift:simulated';

let world: FakeWorld;
let face: ServedFace;
beforeEach(async () => {
  world = createFakeWorld(sampleCluster());
  face = await serveFace(world);
});
afterEach(() => face.close());

async function ask(method: string, query: string, body?: unknown) {
  const response = await fetch(`http://${face.endpoint}/openapi/tags${query}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

const tag = (tags: Readonly<Record<string, string>>) =>
  ask('POST', '', {
    ResourceIds: [sampleId],
    ResourceType: 'INSTANCE',
    Tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  });
const untag = (rest: string) => ask('DELETE', `?ResourceIds=${encodeURIComponent(JSON.stringify([sampleId]))}&${rest}`);
const tagKeys = (...keys: readonly string[]) => untag(`TagKeys=${encodeURIComponent(JSON.stringify(keys))}`);
const tags = () => world.clusters.get(sampleId)?.tags;

it('an instance does not become simulated by a tag', async () => {
  const before = tags();
  expect(await tag({ team: 'a', [simulated]: 'true' })).toMatchObject(refusal);
  expect(tags()).toEqual(before);
});

it('a simulated instance keeps the tag that says so, and loses others; who takes all takes those that can be taken', async () => {
  world.clusters.set(sampleId, { ...sampleCluster(), tags: { [simulated]: 'true', a: '1', b: '2' } });
  expect(await tagKeys('a', simulated)).toMatchObject(refusal);
  expect(await tag({ [simulated]: 'false' })).toMatchObject(refusal);
  expect(tags()).toEqual({ [simulated]: 'true', a: '1', b: '2' });
  expect((await tagKeys('a')).status).toBe(200);
  expect(tags()).toEqual({ [simulated]: 'true', b: '2' });
  expect((await untag('All=true')).status).toBe(200);
  expect(tags()).toEqual({ [simulated]: 'true' });
});

it('an instance does not get a tag that its hosts cannot heed, and none of the others then', async () => {
  const before = tags();
  const refused = {
    status: 400,
    body: { Code: 'InvalidParameter', Message: expect.stringContaining('Nobody knows that failure.') },
  };
  expect(await tag({ team: 'a', 'clusterlift:fail': 'nothing-known' })).toMatchObject(refused);
  expect(tags()).toEqual(before);
});
