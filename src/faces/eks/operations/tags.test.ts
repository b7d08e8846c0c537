import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../../domain/index.ts';
import { createFakeWorld, type ServedFace, sampleCaller, serveFace } from '../testing.ts';
import { type NodegroupWorld, sampleNodegroup, withNodegroups } from '../testing-nodegroups.ts';
import { sampleCluster, sampleRegion, sampleSpec, sampleStart } from '../testing-samples.ts';

const here = 'arn:aws:eks:eu-central-1:123456789012';
const groupId = '00000000-0000-4000-8000-000000000001';

let world: NodegroupWorld;
let face: ServedFace;
beforeEach(async () => {
  const nodegroups = [sampleNodegroup({ name: 'blue', size: 1, at: sampleStart })];
  world = withNodegroups(createFakeWorld(sampleCluster('prod', { spec: sampleSpec({ nodegroups }) })));
  face = await serveFace(world);
});
afterEach(() => face.close());

const tagsAt = (arn: string) => `/tags/${encodeURIComponent(arn)}`;
const tagsOf = async (arn: string) => (await face.ask('GET', tagsAt(arn))).body.tags;

describe('tags of a node group', () => {
  const arn = `${here}:nodegroup/prod/blue/${groupId}`;

  it('change while an update runs, and make no other group of it', async () => {
    expect((await face.ask('POST', '/clusters/prod/updates', { version: '1.37' })).status).toBe(200);
    expect((await face.ask('POST', tagsAt(arn), { tags: { team: 'a' } })).status).toBe(200);
    expect(await tagsOf(arn)).toEqual({ team: 'a' });
    const { spec } = world.clusters.get('k8s-prod') ?? {};
    expect(spec?.kind === 'kubernetes' && spec.nodegroups[0]?.modifiedAt).toBe(sampleStart);
  });

  it('are those of the group of that id: one that was made anew under its name is another', async () => {
    const told = await face.ask('GET', tagsAt(`${here}:nodegroup/prod/blue/${groupId.replace(/1$/, '2')}`));
    expect([told.status, told.errorType]).toEqual([404, 'NotFoundException']);
  });
});

describe('the tag that says that a cluster is simulated', () => {
  const says = 'The tag clusterlift:simulated says what a cluster is: it can neither be set nor removed.';
  const refusal = { status: 400, errorType: 'BadRequestException', body: { message: says } };

  it('is neither set on a real cluster or node group nor changed or taken away from a simulated one; others are', async () => {
    const cluster = `${here}:cluster/prod`;
    const claim = { tags: { 'clusterlift:simulated': 'true', team: 'a' } };
    for (const arn of [cluster, `${here}:nodegroup/prod/blue/${groupId}`]) {
      expect(await face.ask('POST', tagsAt(arn), claim)).toMatchObject(refusal);
      expect(await tagsOf(arn)).toEqual({});
    }
    const prod = world.clusters.get('k8s-prod');
    if (prod !== undefined) world.clusters.set(prod.id, { ...prod, tags: { 'clusterlift:simulated': 'true', team: 'b' } });
    expect(await face.ask('POST', tagsAt(cluster), { tags: { 'clusterlift:simulated': 'no' } })).toMatchObject(refusal);
    expect(await face.ask('DELETE', `${tagsAt(cluster)}?tagKeys=team&tagKeys=clusterlift%3Asimulated`)).toMatchObject(refusal);
    expect(await tagsOf(cluster)).toEqual({ 'clusterlift:simulated': 'true', team: 'b' });
    // What says the same changes nothing.
    expect((await face.ask('POST', tagsAt(cluster), claim)).status).toBe(200);
    expect((await face.ask('DELETE', `${tagsAt(cluster)}?tagKeys=team`)).status).toBe(200);
    expect(await tagsOf(cluster)).toEqual({ 'clusterlift:simulated': 'true' });
  });
});

describe('a key that may tag all but some', () => {
  it('cannot name those in another spelling', async () => {
    const policy: PolicyDocument = {
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'eks:TagResource', Resource: ['cluster/prod', `nodegroup/prod/blue/${groupId}`] },
      ],
    };
    const limited = await serveFace(world, {
      authenticate: async () => ({ kind: 'caller', caller: { ...sampleCaller, policy }, region: sampleRegion, service: 'eks' }),
    });
    for (const name of ['cluster/prod/', 'cluster/prod//x', `nodegroup/prod/blue/${groupId}/x`, 'nodegroup/prod/blue/x'])
      expect((await limited.ask('POST', tagsAt(`${here}:${name}`), { tags: { a: 'b' } })).status).toBeGreaterThanOrEqual(400);
    await limited.close();
    expect(await tagsOf(`${here}:cluster/prod`)).toEqual({});
    expect(await tagsOf(`${here}:nodegroup/prod/blue/${groupId}`)).toEqual({});
  });
});

it('a tag that the hosts of a cluster cannot heed is refused, and none of the others is set', async () => {
  const arn = `${here}:cluster/prod`;
  const refused = await face.ask('POST', tagsAt(arn), { tags: { team: 'a', 'clusterlift:fail': 'nothing-known' } });
  expect(refused).toMatchObject({
    status: 400,
    errorType: 'BadRequestException',
    body: { message: 'Nobody knows that failure.' },
  });
  expect(await tagsOf(arn)).toEqual({});
});
