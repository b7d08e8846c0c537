import { randomUUID } from 'node:crypto';
import {
  DescribeClusterCommand,
  DescribeUpdateCommand,
  ListTagsForResourceCommand,
  ListUpdatesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClusterConfigCommand,
  type UpdateClusterConfigCommandInput,
  UpdateClusterVersionCommand,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meetAtTheirToken, refusalOf, type SignedFace, serveSigned } from './signed-face.ts';

let face: SignedFace;
beforeEach(async () => {
  face = await serveSigned();
});
afterEach(async () => {
  await face.close();
  expect(face.troubles).toEqual([]);
});

const name = 'prod-1';
const arn = 'arn:aws:eks:eu-central-1:123456789012:cluster/prod-1';

async function configure(change: Omit<UpdateClusterConfigCommandInput, 'name'>) {
  return (await face.client().send(new UpdateClusterConfigCommand({ name, ...change }))).update;
}

async function clusterNow() {
  return (await face.client().send(new DescribeClusterCommand({ name }))).cluster;
}

describe('UpdateClusterConfig through the official client', () => {
  it.each<[string, Omit<UpdateClusterConfigCommandInput, 'name'>, Readonly<Record<string, string>>, object]>([
    [
      'EndpointAccessUpdate',
      { resourcesVpcConfig: { endpointPrivateAccess: true, publicAccessCidrs: ['10.0.0.0/8'] } },
      { EndpointPublicAccess: 'true', EndpointPrivateAccess: 'true', PublicAccessCidrs: '["10.0.0.0/8"]' },
      { resourcesVpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ['10.0.0.0/8'] } },
    ],
    [
      'VpcConfigUpdate',
      { resourcesVpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] } },
      { Subnets: '["subnet-1","subnet-2"]', SecurityGroups: '[]' },
      { resourcesVpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] } },
    ],
    [
      'ControlPlaneEgressUpdate',
      { resourcesVpcConfig: { controlPlaneEgressMode: 'CUSTOMER_ROUTED' } },
      { ControlPlaneEgressMode: 'CUSTOMER_ROUTED' },
      { resourcesVpcConfig: { controlPlaneEgressMode: 'CUSTOMER_ROUTED' } },
    ],
    [
      'LoggingUpdate',
      { logging: { clusterLogging: [{ types: ['audit', 'api'], enabled: true }] } },
      {
        ClusterLogging:
          '{"clusterLogging":[{"types":["api","audit"],"enabled":true},{"types":["authenticator","controllerManager","scheduler"],"enabled":false}]}',
      },
      { logging: { clusterLogging: [{ types: ['api', 'audit'], enabled: true }, { enabled: false }] } },
    ],
    [
      'AccessConfigUpdate',
      { accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' } },
      { AuthenticationMode: 'API_AND_CONFIG_MAP' },
      { accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' } },
    ],
    [
      'UpgradePolicyUpdate',
      { upgradePolicy: { supportType: 'STANDARD' } },
      { UpgradePolicy: '{"supportType":"STANDARD"}' },
      { upgradePolicy: { supportType: 'STANDARD' } },
    ],
    [
      'ZonalShiftConfigUpdate',
      { zonalShiftConfig: { enabled: true } },
      { ZonalShiftConfig: '{"enabled":true}' },
      { zonalShiftConfig: { enabled: true } },
    ],
    [
      'RemoteNetworkConfigUpdate',
      { remoteNetworkConfig: { remotePodNetworks: [{ cidrs: ['10.90.0.0/16'] }] } },
      { RemoteNetworkConfig: '{"remotePodNetworks":[{"cidrs":["10.90.0.0/16"]}]}' },
      { remoteNetworkConfig: { remotePodNetworks: [{ cidrs: ['10.90.0.0/16'] }] } },
    ],
    ['DeletionProtectionUpdate', { deletionProtection: true }, { DeletionProtection: 'true' }, { deletionProtection: true }],
    [
      'ControlPlaneScalingConfigUpdate',
      { controlPlaneScalingConfig: { tier: 'tier-2xl' } },
      { UpdatedTier: 'tier-2xl', PreviousTier: 'standard' },
      { controlPlaneScalingConfig: { tier: 'tier-2xl' } },
    ],
  ])('makes a %s that succeeds, and shows what it changed', async (type, change, params, shown) => {
    const update = await configure(change);
    expect(update).toMatchObject({ type, status: 'InProgress', errors: [] });
    expect(Object.fromEntries((update?.params ?? []).map((param) => [param.type, param.value]))).toEqual(params);
    expect(await clusterNow()).toMatchObject({ status: 'ACTIVE', ...shown });
    const client = face.client();
    const found = await client.send(new DescribeUpdateCommand({ name, updateId: update?.id ?? '' }));
    expect(found.update).toMatchObject({ id: update?.id, type, status: 'Successful' });
    expect((await client.send(new ListUpdatesCommand({ name }))).updateIds).toEqual([update?.id]);
  });

  it('takes one type a call', async () => {
    const both = { deletionProtection: true, upgradePolicy: { supportType: 'STANDARD' } } as const;
    expect(await refusalOf(configure(both))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Only one type of update can be allowed.',
    });
    expect(await refusalOf(configure({}))).toMatchObject({ message: 'No type of update was given.' });
    expect(await clusterNow()).toMatchObject({ deletionProtection: false, upgradePolicy: { supportType: 'EXTENDED' } });
  });

  it.each<[string, Omit<UpdateClusterConfigCommandInput, 'name'>, string, string]>([
    [
      'endpoint access that is so already',
      { resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: false } },
      'InvalidParameterException',
      'Cluster is already at the desired configuration with endpointPrivateAccess: false , endpointPublicAccess: true, and Public Endpoint Restrictions: [0.0.0.0/0]',
    ],
    [
      'an endpoint that nobody could reach',
      { resourcesVpcConfig: { endpointPublicAccess: false } },
      'InvalidParameterException',
      'Private and public endpoint access cannot be false',
    ],
    [
      'logging that is so already',
      { logging: { clusterLogging: [{ types: ['api'], enabled: false }] } },
      'InvalidParameterException',
      'No changes needed for the logging config provided',
    ],
    ['Auto Mode', { computeConfig: { enabled: true } }, 'InvalidRequestException', 'EKS Auto Mode is not offered here.'],
    [
      'Auto Mode that is off already',
      { computeConfig: { enabled: false }, storageConfig: { blockStorage: { enabled: false } } },
      'InvalidRequestException',
      'No changes needed for EKS Auto Mode configuration provided.',
    ],
  ])('refuses %s', async (_, change, code, message) => {
    expect(await refusalOf(configure(change))).toMatchObject({ name: code, message, clusterName: name, status: 400 });
  });

  it('waits for an update of the version, in the words of its own type', async () => {
    const lifting = await face.client().send(new UpdateClusterVersionCommand({ name, version: '1.37' }));
    expect(await refusalOf(configure({ accessConfig: { authenticationMode: 'API' } }))).toMatchObject({
      name: 'ResourceInUseException',
      message: `Cannot AccessConfigUpdate because cluster prod-1 currently has update ${lifting.update?.id} in progress`,
    });
  });

  it('does a repeated request once', async () => {
    const clientRequestToken = randomUUID();
    const first = await configure({ deletionProtection: true, clientRequestToken });
    expect(await configure({ deletionProtection: true, clientRequestToken })).toMatchObject({
      id: first?.id,
      status: 'Successful',
    });
    expect(face.world.records.size).toBe(1);
  });

  it('does once what several requests with one token ask for at the same time', async () => {
    meetAtTheirToken(face.world, 4);
    const asked = { resourcesVpcConfig: { publicAccessCidrs: ['10.0.0.0/8'] }, clientRequestToken: randomUUID() };
    const ids = (await Promise.all(Array.from({ length: 4 }, () => configure(asked)))).map((update) => update?.id);
    expect(new Set(ids)).toEqual(new Set([expect.any(String)]));
    expect(face.world.records.size).toBe(1);
  });
});

describe('tags through the official client', () => {
  const tagsNow = async (resourceArn = arn) => (await face.client().send(new ListTagsForResourceCommand({ resourceArn }))).tags;

  it('are put on, changed and taken off, even while an update runs', async () => {
    const client = face.client();
    await client.send(new UpdateClusterVersionCommand({ name, version: '1.37' }));
    await client.send(new TagResourceCommand({ resourceArn: arn, tags: { team: 'a', 'with blank/ü': 'x=y&z' } }));
    await client.send(new TagResourceCommand({ resourceArn: arn, tags: { team: 'b', other: '' } }));
    expect(await tagsNow()).toEqual({ team: 'b', 'with blank/ü': 'x=y&z', other: '' });
    await client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['with blank/ü', 'other', 'not there'] }));
    expect(await tagsNow()).toEqual({ team: 'b' });
    expect(await clusterNow()).toMatchObject({ tags: { team: 'b' } });
  });

  it.each([
    ['no ARN', 'prod-1', 'BadRequestException', 400],
    ['an ARN of another service', 'arn:aws:ec2:eu-central-1:123456789012:instance/i-1', 'BadRequestException', 400],
    ['a cluster of another account', 'arn:aws:eks:eu-central-1:999999999999:cluster/prod-1', 'NotFoundException', 404],
    ['a cluster of another region', 'arn:aws:eks:us-east-1:123456789012:cluster/prod-1', 'NotFoundException', 404],
    ['a cluster that is not there', 'arn:aws:eks:eu-central-1:123456789012:cluster/other', 'NotFoundException', 404],
    ['a node group that is not there', 'arn:aws:eks:eu-central-1:123456789012:nodegroup/prod-1/g/u', 'NotFoundException', 404],
  ])('of %s are refused', async (_, resourceArn, code, status) => {
    expect(await refusalOf(tagsNow(resourceArn))).toMatchObject({ name: code, status });
  });

  it('are at most fifty, with keys and values of bounded length', async () => {
    const tag = (tags: Record<string, string>) =>
      refusalOf(face.client().send(new TagResourceCommand({ resourceArn: arn, tags })));
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, '']));
    for (const tags of [many, { ['k'.repeat(129)]: '' }, { key: 'v'.repeat(257) }, { '': 'v' }, { 'AWS:x': '' }, {}])
      expect(await tag(tags)).toMatchObject({ name: 'BadRequestException', status: 400 });
    expect(await tagsNow()).toEqual({});
  });
});
