import { randomUUID } from 'node:crypto';
import {
  CreateNodegroupCommand,
  DeleteNodegroupCommand,
  DeregisterClusterCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  ListUpdatesCommand,
  paginateListClusters,
  paginateListNodegroups,
  RegisterClusterCommand,
  UpdateNodegroupConfigCommand,
  UpdateNodegroupVersionCommand,
  waitUntilNodegroupActive,
  waitUntilNodegroupDeleted,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NodegroupWorld, withNodegroups } from '../../../src/faces/eks/testing-nodegroups.ts';
import { sampleCluster } from '../../../src/faces/eks/testing-samples.ts';
import { limitedKeyId, meetAtTheirToken, refusalOf, type SignedFace, serveSigned } from './signed-face.ts';

let face: SignedFace;
let world: NodegroupWorld;
beforeEach(async () => {
  face = await serveSigned(sampleCluster('prod-1'), sampleCluster('test-1'));
  world = withNodegroups(face.world);
});
afterEach(async () => {
  await face.close();
  expect(face.troubles).toEqual([]);
});

const nodeRole = 'arn:aws:iam::123456789012:role/node';
const blue = { clusterName: 'prod-1', nodegroupName: 'blue' };
const soon = { maxWaitTime: 20, minDelay: 1, maxDelay: 1 };

async function make(change: object = {}) {
  const input = { ...blue, subnets: ['subnet-a'], nodeRole, ...change };
  return (await face.client().send(new CreateNodegroupCommand(input))).nodegroup;
}

async function described() {
  return (await face.client().send(new DescribeNodegroupCommand(blue))).nodegroup;
}

describe('node groups through the official client', () => {
  it('come up, are waited for, and go', async () => {
    const made = await make({ taints: [{ key: 'gpu', effect: 'NO_SCHEDULE' }], launchTemplate: { name: 'mine', version: '3' } });
    expect(made).toMatchObject({ ...blue, status: 'CREATING', launchTemplate: { name: 'mine' } });
    expect(made?.diskSize).toBeUndefined();
    expect(made?.createdAt?.getTime()).toBe(world.nowMs);
    world.form('blue');
    const waiter = { client: face.client(), ...soon };
    expect((await waitUntilNodegroupActive(waiter, blue)).state).toBe('SUCCESS');
    const deleted = await face.client().send(new DeleteNodegroupCommand(blue));
    expect(deleted.nodegroup?.status).toBe('DELETING');
    world.changeCluster('k8s-prod-1', { spec: sampleCluster('prod-1').spec });
    expect((await waitUntilNodegroupDeleted(waiter, blue)).state).toBe('SUCCESS');
  });

  it('are changed, lifted and followed', async () => {
    await make({ releaseVersion: '1.36-eks.1' });
    world.form('blue');
    const changed = await face.client().send(
      new UpdateNodegroupConfigCommand({
        ...blue,
        scalingConfig: { minSize: 1, maxSize: 5, desiredSize: 4 },
        labels: { addOrUpdateLabels: { a: 'b' }, removeLabels: ['c'] },
        taints: { addOrUpdateTaints: [{ key: 'x', value: 'y', effect: 'NO_EXECUTE' }] },
        updateConfig: { maxUnavailablePercentage: 50, updateStrategy: 'MINIMAL' },
        nodeRepairConfig: { enabled: true },
      }),
    );
    expect(changed.update).toMatchObject({ type: 'ConfigUpdate', status: 'InProgress' });
    const lifted = await face.client().send(new UpdateNodegroupVersionCommand({ ...blue, force: true }));
    const { id: updateId = '' } = lifted.update ?? {};
    expect((await described())?.status).toBe('UPDATING');
    const of = { name: 'prod-1', nodegroupName: 'blue' };
    // Both may be of the same millisecond: then their order says nothing.
    const { updateIds } = await face.client().send(new ListUpdatesCommand(of));
    expect(updateIds?.toSorted()).toEqual([updateId, changed.update?.id ?? ''].toSorted());
    world.finishNodegroup(updateId);
    expect((await face.client().send(new DescribeUpdateCommand({ ...of, updateId }))).update?.status).toBe('Successful');
    expect(await described()).toMatchObject({
      status: 'ACTIVE',
      releaseVersion: '1.36-eks.3',
      nodeRepairConfig: { enabled: true },
    });
    world.ready.set('blue', 1);
    expect((await described())?.health?.issues?.[0]).toMatchObject({ code: 'NodeCreationFailure' });
  });

  it('are listed page by page', async () => {
    for (const nodegroupName of ['c', 'a', 'b']) await make({ nodegroupName });
    const names: string[] = [];
    const pages = paginateListNodegroups({ client: face.client(), pageSize: 1 }, { clusterName: 'prod-1' });
    for await (const page of pages) names.push(...(page.nodegroups ?? []));
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it('are changed once by several requests with one token at the same time', async () => {
    await make();
    world.form('blue');
    meetAtTheirToken(world, 3);
    const asked = { ...blue, labels: { addOrUpdateLabels: { a: 'b' } }, clientRequestToken: randomUUID() };
    const told = await Promise.all([1, 2, 3].map(() => face.client().send(new UpdateNodegroupConfigCommand(asked))));
    expect(new Set(told.map(({ update }) => update?.id))).toEqual(new Set([expect.any(String)]));
    const { updateIds } = await face.client().send(new ListUpdatesCommand({ name: 'prod-1', nodegroupName: 'blue' }));
    expect(updateIds).toEqual([told[0]?.update?.id]);
  });

  it('are refused with errors that it knows', async () => {
    await make();
    const send = face.client();
    expect(await refusalOf(make())).toMatchObject({ name: 'ResourceInUseException', ...blue, status: 409 });
    expect(await refusalOf(make({ nodegroupName: 'x', version: '9.9' }))).toMatchObject({ name: 'InvalidParameterException' });
    expect(await refusalOf(make({ clusterName: 'nope' }))).toMatchObject({
      name: 'ResourceNotFoundException',
      clusterName: 'nope',
    });
    const gone = { ...blue, nodegroupName: 'gone' };
    for (const command of [
      new DescribeNodegroupCommand(gone),
      new DeleteNodegroupCommand(gone),
      new UpdateNodegroupConfigCommand(gone),
      new UpdateNodegroupVersionCommand(gone),
    ])
      expect(await refusalOf(send.send(command as DescribeNodegroupCommand))).toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'No node group found for name: gone.',
        ...gone,
        status: 404,
      });
    world.refusesNodegroups = ['There is no room.'];
    expect(await refusalOf(make({ nodegroupName: 'y' }))).toMatchObject({
      name: 'InvalidRequestException',
      message: 'There is no room.',
    });
    const limited = face.client({ accessKeyId: limitedKeyId });
    expect(await refusalOf(limited.send(new DeleteNodegroupCommand(blue)))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
    });
  });
});

describe('registrations through the official client', () => {
  const barn = { name: 'barn', connectorConfig: { roleArn: nodeRole, provider: 'RANCHER' as const } };

  it('are opened, shown and closed', async () => {
    const { cluster } = await face.client().send(new RegisterClusterCommand(barn));
    expect(cluster).toMatchObject({ name: 'barn', status: 'PENDING', connectorConfig: barn.connectorConfig });
    expect(cluster?.connectorConfig?.activationExpiry?.getTime()).toBe(world.nowMs + 3 * 24 * 60 * 60_000);
    const shown = await face.client().send(new DescribeClusterCommand({ name: 'barn' }));
    expect(shown.cluster?.connectorConfig).toEqual(cluster?.connectorConfig);
    const names: string[] = [];
    for await (const page of paginateListClusters({ client: face.client() }, { include: ['all'] }))
      names.push(...(page.clusters ?? []));
    expect(names).toEqual(['barn', 'prod-1', 'test-1']);
    expect(await refusalOf(face.client().send(new RegisterClusterCommand(barn)))).toMatchObject({
      name: 'ResourceInUseException',
    });
    const closed = await face.client().send(new DeregisterClusterCommand({ name: 'barn' }));
    expect(closed.cluster?.status).toBe('DELETING');
    const again = face.client().send(new DeregisterClusterCommand({ name: 'barn' }));
    expect(await refusalOf(again)).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    const made = face.client().send(new DeregisterClusterCommand({ name: 'prod-1' }));
    expect(await refusalOf(made)).toMatchObject({ name: 'ClientException', clusterName: 'prod-1' });
  });
});
