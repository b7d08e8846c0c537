import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesCluster } from '../../../../domain/index.ts';
import { createFakeWorld, type ServedFace, serveFace, type Told } from '../../testing.ts';
import { type NodegroupWorld, sampleNodegroup, withNodegroups } from '../../testing-nodegroups.ts';
import { sampleCluster, sampleSpec, sampleStart } from '../../testing-samples.ts';

const role = 'arn:aws:iam::123456789012:role/node';
const blue = { nodegroupName: 'blue', subnets: ['subnet-a', 'subnet-b'], nodeRole: role };
const token = 'a-token-of-at-least-thirty-three-characters';
const groups = '/clusters/prod/node-groups';

let world: NodegroupWorld;
let face: ServedFace;

function cluster(change: Partial<KubernetesCluster> = {}): KubernetesCluster {
  const nodegroups = [
    sampleNodegroup({ name: 'green', size: 3, at: sampleStart, labels: { team: 'a', tier: 'web' } }),
    sampleNodegroup({ name: 'old', size: 2, at: sampleStart, release: { version: '1.35', build: 'eks.6' } }),
  ];
  return sampleCluster('prod', { spec: sampleSpec({ nodegroups }), ...change });
}

beforeEach(async () => {
  world = withNodegroups(createFakeWorld(cluster()));
  face = await serveFace(world);
});
afterEach(() => face.close());

function group(name: string) {
  const spec = world.clusters.get('k8s-prod')?.spec;
  return spec?.kind === 'kubernetes' ? spec.nodegroups.find((one) => one.name === name) : undefined;
}

function refusal({ status, errorType, body }: Told) {
  return { status, errorType, message: body.message, clusterName: body.clusterName, nodegroupName: body.nodegroupName };
}

const about = { clusterName: 'prod', nodegroupName: 'blue' };

describe('CreateNodegroup', () => {
  it('makes nodes behind, and shows all that it was told', async () => {
    const told = {
      ...blue,
      scalingConfig: { minSize: 0, maxSize: 5, desiredSize: 3 },
      updateConfig: { maxUnavailablePercentage: 67 },
      labels: { team: 'blue', 'example.com/zone': 'a' },
      taints: [
        { key: 'dedicated', value: 'gpu', effect: 'NO_EXECUTE' },
        { key: 'spot', effect: 'PREFER_NO_SCHEDULE' },
      ],
      tags: { owner: 'me' },
      instanceTypes: ['m6i.large'],
      diskSize: 50,
      amiType: 'BOTTLEROCKET_x86_64',
      capacityType: 'SPOT',
    };
    const { status, body } = await face.ask('POST', groups, told);
    expect(status).toBe(200);
    expect(body.nodegroup).toMatchObject({
      ...told,
      taints: [
        { key: 'dedicated', value: 'gpu', effect: 'NO_EXECUTE' },
        { key: 'spot', value: '', effect: 'PREFER_NO_SCHEDULE' },
      ],
      nodegroupArn: expect.stringMatching(/^arn:aws:eks:eu-central-1:123456789012:nodegroup\/prod\/blue\/[0-9a-f-]{36}$/),
      clusterName: 'prod',
      version: '1.36',
      releaseVersion: '1.36-eks.3',
      status: 'CREATING',
      createdAt: Date.parse(sampleStart) / 1000,
      health: { issues: [] },
    });
    expect(group('blue')).toMatchObject({
      release: { version: '1.36', build: 'eks.3' },
      minSize: 0,
      maxSize: 5,
      maxUnavailable: 2,
      labels: told.labels,
      taints: [
        { key: 'dedicated', value: 'gpu', effect: 'NoExecute' },
        { key: 'spot', value: '', effect: 'PreferNoSchedule' },
      ],
    });
    expect(group('blue')?.nodes.filter(({ surge }) => !surge)).toHaveLength(3);
  });

  it('is ACTIVE once its nodes are ready, DEGRADED when one is lost, and tells which', async () => {
    await face.ask('POST', groups, blue);
    const shown = async () => (await face.ask('GET', `${groups}/blue`)).body.nodegroup;
    expect(await shown()).toMatchObject({ status: 'CREATING', scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 2 } });
    world.form('blue');
    expect(await shown()).toMatchObject({ status: 'ACTIVE', health: { issues: [] }, updateConfig: { maxUnavailable: 1 } });
    world.ready.set('blue', 1);
    expect(await shown()).toMatchObject({
      status: 'DEGRADED',
      health: {
        issues: [{ code: 'NodeCreationFailure', message: '1 of 2 nodes are ready.', resourceIds: ['blue-1', 'blue-2'] }],
      },
    });
  });

  it('may run an older version, of a build by name or the newest', async () => {
    await face.ask('POST', groups, { ...blue, version: '1.35' });
    expect(group('blue')?.release).toEqual({ version: '1.35', build: 'eks.6' });
    await face.ask('POST', groups, { ...blue, nodegroupName: 'one', version: '1.36', releaseVersion: '1.36-eks.1' });
    expect(group('one')?.release).toEqual({ version: '1.36', build: 'eks.1' });
    await face.ask('POST', groups, { ...blue, nodegroupName: 'two', releaseVersion: '1.35-eks.6' });
    expect(group('two')?.release).toEqual({ version: '1.35', build: 'eks.6' });
  });

  it('is done once for one token, and answered with what has become of it', async () => {
    const first = await face.ask('POST', groups, { ...blue, clientRequestToken: token });
    world.form('blue');
    const again = await face.ask('POST', groups, { ...blue, clientRequestToken: token });
    const arnOf = ({ body }: Told) => (body.nodegroup as { readonly nodegroupArn: string }).nodegroupArn;
    expect(again.body.nodegroup).toMatchObject({ nodegroupName: 'blue', status: 'ACTIVE' });
    expect(arnOf(again)).toBe(arnOf(first));
    const other = await face.ask('POST', groups, { ...blue, subnets: ['subnet-c'], clientRequestToken: token });
    expect(refusal(other)).toMatchObject({ status: 400, errorType: 'InvalidParameterException' });
    const later = await face.ask('POST', groups, { ...blue, clientRequestToken: `${token}-2` });
    expect(refusal(later)).toEqual({
      status: 409,
      errorType: 'ResourceInUseException',
      message: 'NodeGroup already exists with name blue and cluster name prod',
      ...about,
    });
  });

  it.each<[string, object, RegExp]>([
    ['a role that is none', { nodeRole: 'node' }, /^Invalid Role Arn: 'node'$/],
    ['no subnet', { subnets: [] }, /subnet/],
    ['a name that no node can have', { nodegroupName: 'b lue' }, /nodegroup name/],
    ['a name that is too long', { nodegroupName: 'b'.repeat(64) }, /nodegroupName/],
    ['no name', { nodegroupName: undefined }, /nodegroupName is required/],
    ['no role', { nodeRole: undefined }, /nodeRole is required/],
    [
      'fewer than the fewest',
      { scalingConfig: { minSize: 3, maxSize: 4, desiredSize: 2 } },
      /Minimum capacity 3 can't be greater than desired size 2/,
    ],
    ['more than the most', { scalingConfig: { desiredSize: 9 } }, /desired capacity 9 can't be greater than max size 2/],
    ['a size below zero', { scalingConfig: { minSize: -1 } }, /scalingConfig\.minSize/],
    ['a size that is no whole number', { scalingConfig: { maxSize: 1.5 } }, /scalingConfig\.maxSize/],
    [
      'both numbers of nodes at once',
      { updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: 10 } },
      /cannot both be set/,
    ],
    ['more nodes at once than there may be', { updateConfig: { maxUnavailable: 101 } }, /100 or less/],
    ['a part of more than the whole', { updateConfig: { maxUnavailablePercentage: 101 } }, /maxUnavailablePercentage/],
    ['an effect that is none', { taints: [{ key: 'a', effect: 'NoSchedule' }] }, /taints\.0\.effect must be one of/],
    [
      'the same taint twice',
      {
        taints: [
          { key: 'a', effect: 'NO_SCHEDULE' },
          { key: 'a', value: 'b', effect: 'NO_SCHEDULE' },
        ],
      },
      /twice/,
    ],
    ['a taint that would be two', { taints: [{ key: 'a', value: 'b:NoExecute,c', effect: 'NO_SCHEDULE' }] }, /taint value/],
    ['a label that would be two', { labels: { a: 'b,c=d' } }, /label value/],
    ['a label of Kubernetes’ own', { labels: { 'node-role.kubernetes.io/master': '' } }, /reserved prefixes/],
    ['a label of EKS’ own', { labels: { 'eks.amazonaws.com/nodegroup': 'green' } }, /reserved prefixes/],
    ['a label without a name', { labels: { 'example.com/': 'a' } }, /label key/],
    ['a version that is not offered', { version: '9.99' }, /^unsupported Kubernetes version$/],
    ['a patch for a version', { version: '1.36.3' }, /^unsupported Kubernetes version$/],
    ['a version newer than the cluster’s', { version: '1.37' }, /its cluster runs 1\.36/],
    [
      'a build of another version',
      { version: '1.35', releaseVersion: '1.36-eks.3' },
      /^Requested release version 1\.36-eks\.3 is not valid for kubernetes version 1\.35\.$/,
    ],
    ['a build that is none', { releaseVersion: '1.36-eks.99' }, /^Requested release version 1\.36-eks\.99 is not valid/],
    ['a kind of machine that is none', { amiType: 'AL7' }, /amiType must be one of/],
    ['a warm pool', { warmPoolConfig: { enabled: true } }, /Warm pools are not offered/],
    ['a launch template without a name', { launchTemplate: { version: '1' } }, /by its id or by its name/],
    ['a launch template with a disk', { launchTemplate: { id: 'lt-1' }, diskSize: 10 }, /within the launch template/],
    ['a tag of AWS’ own', { tags: { 'aws:a': 'b' } }, /tag key/],
    ['a token that is too short', { clientRequestToken: 'short' }, /between 33 and 126 characters/],
    ['labels that are a list', { labels: [] }, /labels/],
  ])('refuses %s, and makes nothing', async (_, change, message) => {
    const told = await face.ask('POST', groups, { ...blue, ...change });
    expect(refusal(told)).toMatchObject({
      status: 400,
      errorType: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
    expect(world.clusters.get('k8s-prod')).toEqual(cluster());
  });

  it('refuses a version too far behind the cluster', async () => {
    world.changeCluster('k8s-prod', { spec: sampleSpec({ release: { version: '1.38', build: null } }) });
    const told = await face.ask('POST', groups, { ...blue, version: '1.34' });
    expect(refusal(told)).toMatchObject({
      status: 400,
      message: 'A node group cannot run Kubernetes 1.34: it may be 3 minor versions behind its cluster, which runs 1.38.',
    });
    expect((await face.ask('POST', groups, { ...blue, version: '1.35' })).status).toBe(200);
  });

  it('needs a cluster that is there, that is up, and that was made here', async () => {
    const nope = await face.ask('POST', '/clusters/nope/node-groups', blue);
    expect(refusal(nope)).toMatchObject({
      status: 404,
      errorType: 'ResourceNotFoundException',
      message: 'No cluster found for name: nope.',
      clusterName: 'nope',
    });
    world.changeCluster('k8s-prod', { provisioning: { state: 'creating' } });
    const creating = await face.ask('POST', groups, blue);
    const notActive = "Cluster 'prod' is not in ACTIVE status";
    expect(refusal(creating)).toEqual({ status: 400, errorType: 'InvalidRequestException', message: notActive, ...about });
    world.changeCluster('k8s-prod', { provisioning: { state: 'ready' }, origin: 'registered' });
    expect(refusal(await face.ask('POST', groups, blue))).toMatchObject({
      status: 400,
      message: expect.stringContaining('registered'),
    });
  });

  it('tells what the engine refuses it for', async () => {
    world.refusesNodegroups = ['There is room for 40 nodes at most.'];
    expect(refusal(await face.ask('POST', groups, blue))).toEqual({
      status: 400,
      errorType: 'InvalidRequestException',
      message: 'There is room for 40 nodes at most.',
      ...about,
    });
  });
});

describe('looking at node groups', () => {
  it('lists them by name, in pages', async () => {
    await face.ask('POST', groups, blue);
    const first = (await face.ask('GET', `${groups}?maxResults=2`)).body;
    expect(first).toEqual({ nodegroups: ['blue', 'green'], nextToken: expect.any(String) });
    const next = encodeURIComponent(String(first.nextToken));
    expect((await face.ask('GET', `${groups}?maxResults=2&nextToken=${next}`)).body).toEqual({
      nodegroups: ['old'],
      nextToken: null,
    });
    expect((await face.ask('GET', `${groups}?maxResults=0`)).errorType).toBe('InvalidParameterException');
    expect((await face.ask('GET', `${groups}?nextToken=x`)).errorType).toBe('InvalidParameterException');
  });

  it('does not find one that is not there', async () => {
    const missing = {
      status: 404,
      errorType: 'ResourceNotFoundException',
      message: 'No node group found for name: blue.',
      ...about,
    };
    expect(refusal(await face.ask('GET', `${groups}/blue`))).toEqual(missing);
    expect(refusal(await face.ask('DELETE', `${groups}/blue`))).toEqual(missing);
    expect(refusal(await face.ask('POST', `${groups}/blue/update-config`, {}))).toEqual(missing);
    expect(refusal(await face.ask('POST', `${groups}/blue/update-version`, {}))).toEqual(missing);
    expect((await face.ask('GET', '/clusters/nope/node-groups')).status).toBe(404);
    expect((await face.ask('GET', '/clusters/nope/node-groups/blue')).body.message).toBe('No cluster found for name: nope.');
  });
});

describe('DeleteNodegroup', () => {
  it('is DELETING, however often it is asked for, until its nodes are gone', async () => {
    for (const _ of [1, 2]) {
      const { status, body } = await face.ask('DELETE', `${groups}/green`);
      expect([status, body.nodegroup]).toEqual([200, expect.objectContaining({ nodegroupName: 'green', status: 'DELETING' })]);
    }
    expect(group('green')?.deleting).toBe(true);
    expect(group('old')?.deleting).toBe(false);
    const change = await face.ask('POST', `${groups}/green/update-config`, { labels: { addOrUpdateLabels: { a: 'b' } } });
    expect(refusal(change)).toMatchObject({ status: 409, errorType: 'ResourceInUseException', nodegroupName: 'green' });
    expect(refusal(await face.ask('POST', `${groups}/green/update-version`, { version: '1.35' }))).toMatchObject({ status: 409 });
  });

  it('waits for an update that runs', async () => {
    await face.ask('POST', `${groups}/old/update-version`, {});
    const told = await face.ask('DELETE', `${groups}/green`);
    expect(refusal(told)).toMatchObject({ status: 409, errorType: 'ResourceInUseException', nodegroupName: 'green' });
    expect(told.body.message).toContain('in progress');
    expect(group('green')?.deleting).toBe(false);
  });
});
