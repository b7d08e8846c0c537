import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeWorld, type ServedFace, serveFace, type Told } from '../testing.ts';
import { type NodegroupWorld, withNodegroups } from '../testing-nodegroups.ts';
import { sampleCluster, sampleSpec, sampleStart } from '../testing-samples.ts';

const role = 'arn:aws:iam::123456789012:role/connector';
const request = { name: 'barn', connectorConfig: { roleArn: role, provider: 'OTHER' }, tags: { owner: 'me' } };
const token = 'a-token-of-at-least-thirty-three-characters';

let world: NodegroupWorld;
let face: ServedFace;
beforeEach(async () => {
  world = withNodegroups(createFakeWorld(sampleCluster('prod')));
  face = await serveFace(world);
});
afterEach(() => face.close());

interface ShownCluster {
  readonly status: string;
  readonly createdAt: number;
  readonly connectorConfig: Readonly<Record<string, unknown>> | null;
}

function clusterOf({ body }: Told): ShownCluster {
  return body.cluster as ShownCluster;
}

describe('RegisterCluster', () => {
  it('opens a place for a cluster that runs elsewhere, with a code that is good for three days', async () => {
    const { status, body } = await face.ask('POST', '/cluster-registrations', request);
    expect(status).toBe(200);
    const expiry = (Date.parse(sampleStart) + 3 * 24 * 60 * 60_000) / 1000;
    const activation = { activationCode: expect.stringMatching(/^[0-9a-f]{32}$/), activationExpiry: expiry };
    expect(body.cluster).toMatchObject({
      name: 'barn',
      arn: 'arn:aws:eks:eu-central-1:123456789012:cluster/barn',
      status: 'PENDING',
      createdAt: Date.parse(sampleStart) / 1000,
      version: null,
      endpoint: null,
      tags: { owner: 'me' },
      connectorConfig: { ...request.connectorConfig, ...activation, activationId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect((await face.ask('GET', '/clusters/barn')).body).toEqual(body);
    expect((await face.ask('GET', '/clusters?include=all')).body.clusters).toEqual(['barn', 'prod']);
    const shown = clusterOf(await face.ask('GET', '/clusters/barn')).connectorConfig;
    expect(world.clusters.get('k8s-barn')?.secrets).toEqual({ 'activation-code': shown?.activationCode });
  });

  it('tells no code any more once the cluster is under care', async () => {
    await face.ask('POST', '/cluster-registrations', request);
    world.changeCluster('k8s-barn', { provisioning: { state: 'ready' } });
    const shown = clusterOf(await face.ask('GET', '/clusters/barn'));
    expect(shown.status).toBe('ACTIVE');
    expect(shown.connectorConfig).toMatchObject({ ...request.connectorConfig, activationCode: null });
    expect(clusterOf(await face.ask('GET', '/clusters/prod')).connectorConfig).toBeNull();
  });

  it('is done once for one token: the same code again', async () => {
    const first = await face.ask('POST', '/cluster-registrations', { ...request, clientRequestToken: token });
    world.nowMs += 60_000;
    const again = await face.ask('POST', '/cluster-registrations', { ...request, clientRequestToken: token });
    expect(again.body).toEqual(first.body);
    const connectorConfig = { roleArn: role, provider: 'GKE' };
    const other = await face.ask('POST', '/cluster-registrations', { ...request, connectorConfig, clientRequestToken: token });
    expect([other.status, other.errorType]).toEqual([400, 'InvalidParameterException']);
    const later = await face.ask('POST', '/cluster-registrations', { ...request, clientRequestToken: `${token}-2` });
    expect(later).toMatchObject({
      status: 409,
      errorType: 'ResourceInUseException',
      body: { message: 'Cluster already exists with name: barn', clusterName: 'barn' },
    });
  });

  it('takes no name that a cluster has', async () => {
    const { status, body } = await face.ask('POST', '/cluster-registrations', { ...request, name: 'prod' });
    expect([status, body.message]).toEqual([409, 'Cluster already exists with name: prod']);
    expect(world.clusters.get('k8s-prod')?.origin).toBe('created');
  });

  it.each<[string, object, RegExp]>([
    [
      'a provider that is none',
      { connectorConfig: { roleArn: role, provider: 'HOME' } },
      /connectorConfig\.provider must be one of/,
    ],
    ['no provider', { connectorConfig: { roleArn: role } }, /connectorConfig\.provider is required/],
    ['no connector', { connectorConfig: undefined }, /connectorConfig is required/],
    ['a role that is none', { connectorConfig: { roleArn: 'x', provider: 'OTHER' } }, /^Invalid Role Arn: 'x'$/],
    ['a name that is none', { name: '-' }, /invalid characters/],
    ['a name that is too long', { name: 'x'.repeat(101) }, /name/],
    ['a tag of AWS’ own', { tags: { 'aws:x': 'y' } }, /tag key/],
    ['a token that is too short', { clientRequestToken: 'x' }, /between 33 and 126/],
  ])('refuses %s', async (_, change, message) => {
    const told = await face.ask('POST', '/cluster-registrations', { ...request, ...change });
    expect(told).toMatchObject({ status: 400, errorType: 'InvalidParameterException' });
    expect(told.body.message).toMatch(message);
    expect([...world.clusters.keys()]).toEqual(['k8s-prod']);
  });

  it('lets nothing be done to a cluster that is not under care yet', async () => {
    await face.ask('POST', '/cluster-registrations', request);
    const update = await face.ask('POST', '/clusters/barn/updates', { version: '1.37' });
    expect(update).toMatchObject({ status: 400, body: { message: "Cluster 'barn' is not in ACTIVE status" } });
    const blue = { nodegroupName: 'blue', subnets: ['subnet-a'], nodeRole: role };
    expect((await face.ask('POST', '/clusters/barn/node-groups', blue)).status).toBe(400);
    expect(world.starts).toEqual([]);
  });
});

describe('DeregisterCluster', () => {
  it('forgets a cluster that is still awaited, and one that is under care', async () => {
    await face.ask('POST', '/cluster-registrations', request);
    world.clusters.set('k8s-byre', sampleCluster('byre', { origin: 'registered', spec: sampleSpec() }));
    for (const name of ['barn', 'byre']) {
      const { status, body } = await face.ask('DELETE', `/cluster-registrations/${name}`);
      expect([status, body.cluster]).toEqual([200, expect.objectContaining({ name, status: 'DELETING' })]);
    }
    expect([...world.clusters.keys()]).toEqual(['k8s-prod']);
    const gone = await face.ask('DELETE', '/cluster-registrations/barn');
    expect(gone).toMatchObject({ status: 404, errorType: 'ResourceNotFoundException' });
    expect(gone.body).toMatchObject({ message: 'No cluster found for name: barn.', clusterName: null });
  });

  it('leaves a cluster alone that was made here', async () => {
    const told = await face.ask('DELETE', '/cluster-registrations/prod');
    expect(told).toMatchObject({ status: 400, errorType: 'ClientException', body: { clusterName: 'prod' } });
    expect(world.clusters.has('k8s-prod')).toBe(true);
  });
});
