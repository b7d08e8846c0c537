import { randomUUID } from 'node:crypto';
import {
  CreateClusterCommand,
  type CreateClusterCommandInput,
  DeleteClusterCommand,
  DescribeClusterCommand,
  ListClustersCommand,
  paginateListClusters,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesCluster } from '../../../src/domain/index.ts';
import { sampleAuthority, sampleCluster, sampleRole, sampleSpec } from '../../../src/faces/eks/testing-samples.ts';
import { refusalOf, type SignedFace, serveSigned } from './signed-face.ts';

let face: SignedFace;
beforeEach(async () => {
  face = await serveSigned();
});
afterEach(async () => {
  await face.close();
  expect(face.troubles).toEqual([]);
});

const vpc = { subnetIds: ['subnet-0b', 'subnet-0a'] };

async function make(change: Partial<CreateClusterCommandInput> = {}) {
  const input = { name: 'new-1', roleArn: sampleRole, resourcesVpcConfig: vpc, ...change };
  return (await face.client().send(new CreateClusterCommand(input))).cluster;
}

async function described(name: string) {
  return (await face.client().send(new DescribeClusterCommand({ name }))).cluster;
}

function made(name = 'new-1'): KubernetesCluster {
  return face.world.clusters.get(`k8s-${name}`) as KubernetesCluster;
}

describe('CreateCluster through the official client', () => {
  it('makes a cluster of the default version and shows it CREATING with its authority', async () => {
    const cluster = await make({ tags: { team: 'a' } });
    expect(cluster).toMatchObject({
      name: 'new-1',
      arn: 'arn:aws:eks:eu-central-1:123456789012:cluster/new-1',
      status: 'CREATING',
      version: '1.36',
      platformVersion: 'eks.3',
      roleArn: sampleRole,
      tags: { team: 'a' },
      upgradePolicy: { supportType: 'EXTENDED' },
      accessConfig: { authenticationMode: 'CONFIG_MAP' },
      kubernetesNetworkConfig: { serviceIpv4Cidr: '10.100.0.0/16', ipFamily: 'ipv4' },
      health: { issues: [] },
      deletionProtection: false,
    });
    expect(cluster?.createdAt?.getTime()).toBe(face.world.nowMs);
    expect(Buffer.from(cluster?.certificateAuthority?.data ?? '', 'base64').toString()).toBe(sampleAuthority);
    expect(cluster?.resourcesVpcConfig).toMatchObject({ ...vpc, securityGroupIds: [], publicAccessCidrs: ['0.0.0.0/0'] });
    expect(made()).toMatchObject({ region: 'eu-central-1', spec: { release: { version: '1.36', build: 'eks.3' } } });
  });

  it('gives back what it was told, as Terraform sends it', async () => {
    const others = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;
    await make({
      version: '1.37',
      bootstrapSelfManagedAddons: true,
      logging: {
        clusterLogging: [
          { enabled: true, types: [] },
          { enabled: false, types: [...others] },
        ],
      },
      resourcesVpcConfig: { ...vpc, securityGroupIds: [], endpointPrivateAccess: true, endpointPublicAccess: false },
      kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16', ipFamily: 'ipv4' },
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
      upgradePolicy: { supportType: 'STANDARD' },
      zonalShiftConfig: { enabled: true },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: 'arn:aws:kms:eu-central-1:123456789012:key/k' } }],
      remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: ['10.80.0.0/16'] }] },
      deletionProtection: true,
      controlPlaneScalingConfig: { tier: 'tier-xl' },
    });
    expect(await described('new-1')).toMatchObject({
      version: '1.37',
      logging: { clusterLogging: [{ enabled: false, types: others }] },
      resourcesVpcConfig: { ...vpc, endpointPrivateAccess: true, endpointPublicAccess: false },
      kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16' },
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
      upgradePolicy: { supportType: 'STANDARD' },
      zonalShiftConfig: { enabled: true },
      encryptionConfig: [{ resources: ['secrets'] }],
      remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: ['10.80.0.0/16'] }] },
      deletionProtection: true,
      controlPlaneScalingConfig: { tier: 'tier-xl' },
    });
  });

  it('takes the address of a balancer of the owner from a tag, and shows what the making waits for', async () => {
    await make({ tags: { 'clusterlift:endpoint': 'https://LB.example:6443/' } });
    expect(made().spec).toMatchObject({ endpoint: 'https://lb.example:6443' });
    face.world.clusters.set(made().id, { ...made(), provisioning: { state: 'creating', says: 'The balancer is awaited.' } });
    const shown = await described('new-1');
    expect(shown).toMatchObject({ status: 'CREATING', endpoint: 'https://lb.example:6443' });
    expect(shown?.health?.issues).toEqual([{ code: 'Other', message: 'The balancer is awaited.', resourceIds: [made().id] }]);
    for (const text of [
      '',
      'lb.example:6443',
      'http://lb.example',
      'https://lb.example/path',
      'https://a:b@lb.example',
      'https://a_b',
    ])
      expect(await refusalOf(make({ name: 'new-2', tags: { 'clusterlift:endpoint': text } }))).toMatchObject({
        name: 'InvalidParameterException',
        message:
          'The tag clusterlift:endpoint must be the https address of a balancer and no more, such as https://lb.example:6443.',
      });
  });

  it('takes platform version, etcd members, soak and drain timeout from tags', async () => {
    const soak = { 'clusterlift:etcd-members': '3', 'clusterlift:soak-seconds': '5', 'clusterlift:drain-timeout-seconds': '60' };
    await make({ version: '1.36', tags: { 'clusterlift:platform-version': 'eks.1', ...soak } });
    expect(made().spec).toMatchObject({ release: { version: '1.36', build: 'eks.1' }, soakMs: 5000, drainTimeoutMs: 60_000 });
    for (const tags of [
      { 'clusterlift:platform-version': 'eks.9' },
      { 'clusterlift:etcd-members': '2' },
      { 'clusterlift:soak-seconds': '-1' },
      { 'clusterlift:drain-timeout-seconds': '90000' },
    ] as readonly Record<string, string>[])
      expect(await refusalOf(make({ name: 'new-2', tags }))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('answers a repeated request with the cluster that the first one made', async () => {
    const clientRequestToken = randomUUID();
    await make({ clientRequestToken });
    face.world.changeCluster('k8s-new-1', { provisioning: { state: 'ready' } });
    expect(await make({ clientRequestToken })).toMatchObject({ name: 'new-1', status: 'ACTIVE' });
    expect(await refusalOf(make({ clientRequestToken, version: '1.37' }))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'The client request token was used before with other parameters.',
    });
    expect(await refusalOf(make())).toEqual({
      name: 'ResourceInUseException',
      status: 409,
      message: 'Cluster already exists with name: new-1',
      clusterName: 'new-1',
      nodegroupName: null,
    });
  });

  it.each<[string, Partial<CreateClusterCommandInput>, string]>([
    ['a version that is not known', { version: '1.99' }, 'unsupported Kubernetes version'],
    ['a version without support', { version: '1.33' }, 'unsupported Kubernetes version'],
    ['a name that begins with a dash', { name: '-new' }, 'The parameter name contains invalid characters.'],
    ['a name that is too long', { name: 'n'.repeat(101) }, 'name must NOT have more than 100 characters.'],
    ['a role that is none', { roleArn: 'role/eks' }, "Invalid Role Arn: 'role/eks'"],
    ['IPv6', { kubernetesNetworkConfig: { ipFamily: 'ipv6' } }, 'ipFamily ipv6 are not offered'],
    ['a block that is not private', { kubernetesNetworkConfig: { serviceIpv4Cidr: '11.0.0.0/16' } }, 'serviceIpv4Cidr must be'],
    ['a block that is not aligned', { kubernetesNetworkConfig: { serviceIpv4Cidr: '10.0.1.0/16' } }, 'serviceIpv4Cidr must be'],
    ['Auto Mode', { computeConfig: { enabled: true } }, 'EKS Auto Mode is not offered here.'],
    ['an unknown kind of logs', { logging: { clusterLogging: [{ types: ['all' as 'api'] }] } }, 'must be one of api, audit'],
    ['a tag of AWS', { tags: { 'aws:x': 'y' } }, 'A tag key must not begin with aws:'],
    ['a NUL', { tags: { a: '\0' } }, 'a character that cannot be stored'],
    ['a short token', { clientRequestToken: 'test_request_token' }, 'must be between 33 and 126 characters.'],
  ])('refuses %s', async (_, change, says) => {
    const refusal = await refusalOf(make(change));
    expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    expect(refusal.message).toContain(says);
    expect([...face.world.clusters.keys()]).toEqual(['k8s-prod-1']);
  });

  it('tells why the machine cannot make one', async () => {
    face.world.refusesToMake = ['No block of loopback addresses is free.'];
    expect(await refusalOf(make())).toMatchObject({
      name: 'InvalidParameterException',
      message: 'No block of loopback addresses is free.',
    });
  });
});

describe('DescribeCluster and ListClusters through the official client', () => {
  it('tell of a cluster that somebody registered without ever having heard of this API', async () => {
    expect(await described('prod-1')).toMatchObject({
      status: 'ACTIVE',
      version: '1.36',
      endpoint: 'https://127.77.3.1:6443',
      logging: { clusterLogging: [{ enabled: false }] },
      resourcesVpcConfig: { subnetIds: [], securityGroupIds: [] },
    });
  });

  it('show a cluster that could not be made as FAILED, with why', async () => {
    face.world.changeCluster('k8s-prod-1', { provisioning: { state: 'failed', because: 'apiserver-1 ended.' } });
    expect(await described('prod-1')).toMatchObject({
      status: 'FAILED',
      health: { issues: [{ code: 'Other', message: 'apiserver-1 ended.', resourceIds: ['k8s-prod-1'] }] },
    });
  });

  it('keep regions and engines apart', async () => {
    face.world.clusters.set('k8s-far', sampleCluster('far', { region: 'us-east-1' }));
    expect((await face.client().send(new ListClustersCommand({}))).clusters).toEqual(['prod-1']);
    const far = face.client({ region: 'us-east-1' });
    expect((await far.send(new ListClustersCommand({}))).clusters).toEqual(['far']);
    expect((await far.send(new DescribeClusterCommand({ name: 'far' }))).cluster?.arn).toContain(':us-east-1:');
    expect(await refusalOf(described('far'))).toEqual({
      name: 'ResourceNotFoundException',
      status: 404,
      message: 'No cluster found for name: far.',
      clusterName: null,
      nodegroupName: null,
    });
  });

  it('page by name with the client’s own paginator', async () => {
    for (const name of ['b', 'a', 'zeta', 'c', 'd']) face.world.clusters.set(name, sampleCluster(name));
    const pages: (readonly string[])[] = [];
    for await (const { clusters } of paginateListClusters({ client: face.client(), pageSize: 2 }, { include: ['all'] })) {
      pages.push(clusters ?? []);
      // One that goes between two pages moves nobody else.
      face.world.clusters.delete('b');
    }
    expect(pages).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['prod-1', 'zeta'],
    ]);
    const odd = new ListClustersCommand({ include: ['some'] });
    expect(await refusalOf(face.client().send(odd))).toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('DeleteCluster through the official client', () => {
  const remove = (name: string) => face.client().send(new DeleteClusterCommand({ name }));

  it('shows a cluster DELETING, then knows it no more', async () => {
    expect((await remove('prod-1')).cluster).toMatchObject({ name: 'prod-1', status: 'DELETING' });
    expect((await remove('prod-1')).cluster?.status).toBe('DELETING');
    face.world.clusters.clear();
    expect(await refusalOf(remove('prod-1'))).toMatchObject({ name: 'ResourceNotFoundException', clusterName: null });
  });

  it('only forgets one that was registered, whatever nodes it has', async () => {
    face.world.clusters.set('k8s-own', sampleCluster('own', { origin: 'registered' }));
    expect((await remove('own')).cluster?.status).toBe('DELETING');
    expect(face.world.clusters.has('k8s-own')).toBe(false);
  });

  it('refuses while it is protected, has node groups, or is being updated', async () => {
    face.world.changeCluster('k8s-prod-1', { spec: sampleSpec({ face: { deletionProtection: true } }) });
    expect(await refusalOf(remove('prod-1'))).toMatchObject({ name: 'InvalidRequestException', clusterName: 'prod-1' });
    const group = (name: string) => ({
      name,
      release: { version: '1.36', build: 'eks.3' },
      nodes: [],
      minSize: 1,
      maxSize: 1,
      maxUnavailable: 1,
      labels: {},
      taints: [],
      createdAt: face.world.now(),
      modifiedAt: face.world.now(),
      deleting: false,
      tags: {},
      face: {},
    });
    face.world.changeCluster('k8s-prod-1', { spec: sampleSpec({ nodegroups: [group('blue'), group('green')] }) });
    expect(await refusalOf(remove('prod-1'))).toMatchObject({
      name: 'ResourceInUseException',
      message: 'Cluster has nodegroups attached',
      nodegroupName: 'blue,green',
    });
    face.world.changeCluster('k8s-prod-1', { spec: sampleSpec() });
    const to = { version: '1.37', build: null };
    const policy = { maxHops: 1, policyFindings: 'record' } as const;
    const asked = { clusterId: 'k8s-prod-1', what: { to }, acknowledge: [], policy, token: null, answer: () => null };
    await face.world.control.startUpgrade({ keyId: 'k', account: '123456789012', policy: null }, asked);
    const refusal = await refusalOf(remove('prod-1'));
    expect(refusal).toMatchObject({ name: 'ResourceInUseException', status: 409 });
    expect(refusal.message).toContain(`${face.world.upgrades[0]?.id} in progress`);
  });
});
