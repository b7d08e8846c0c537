import { afterEach, expect, it } from 'vitest';
import type { PolicyStatement } from '../../domain/index.ts';
import { createFakeWorld, type ServedFace, sampleCaller, serveFace } from './testing.ts';
import { sampleNodegroup, withNodegroups } from './testing-nodegroups.ts';
import { sampleCluster, sampleRegion, sampleSpec, sampleStart } from './testing-samples.ts';

const id = '00000000-0000-4000-8000-000000000001';
const arn = `arn:aws:eks:eu-central-1:123456789012:nodegroup/prod/blue/${id}`;

let face: ServedFace | undefined;
afterEach(() => face?.close());

async function describing(name: string, ...statements: readonly PolicyStatement[]): Promise<number> {
  const nodegroups = ['blue', 'green'].map((group) => sampleNodegroup({ name: group, size: 1, at: sampleStart }));
  const world = withNodegroups(createFakeWorld(sampleCluster('prod', { spec: sampleSpec({ nodegroups }) })));
  const caller = { ...sampleCaller, policy: { Statement: statements } };
  await face?.close();
  face = await serveFace(world, {
    authenticate: async () => ({ kind: 'caller', caller, region: sampleRegion, service: 'eks' }),
  });
  return (await face.ask('GET', `/clusters/prod/node-groups/${name}`)).status;
}

const everything: PolicyStatement = { Effect: 'Allow', Action: '*', Resource: '*' };

it('a policy may name a node group in full, to allow it and to deny it', async () => {
  expect(await describing('blue', { Effect: 'Allow', Action: 'eks:DescribeNodegroup', Resource: arn })).toBe(200);
  expect(await describing('green', { Effect: 'Allow', Action: 'eks:DescribeNodegroup', Resource: arn })).toBe(403);
  expect(await describing('blue', everything, { Effect: 'Deny', Action: 'eks:*', Resource: arn })).toBe(403);
  expect(await describing('green', everything, { Effect: 'Deny', Action: 'eks:*', Resource: arn })).toBe(200);
});

it('a policy may name every node group of a cluster, and one that is not there is denied alike', async () => {
  const some: PolicyStatement = { Effect: 'Allow', Action: 'eks:*', Resource: 'nodegroup/prod/b*' };
  expect(await describing('blue', some)).toBe(200);
  expect(await describing('brown', some)).toBe(404);
  expect(await describing('green', some)).toBe(403);
});
