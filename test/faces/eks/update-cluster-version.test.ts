import { randomUUID } from 'node:crypto';
import {
  DescribeClusterCommand,
  DescribeUpdateCommand,
  ListUpdatesCommand,
  UpdateClusterVersionCommand,
  waitUntilClusterActive,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleCluster, sampleFinding, sampleSpec } from '../../../src/faces/eks/testing-samples.ts';
import { refusalOf, type SignedFace, serveSigned } from './signed-face.ts';

let face: SignedFace;
beforeEach(async () => {
  face = await serveSigned();
});
afterEach(async () => {
  await face.close();
  expect(face.troubles).toEqual([]);
});

const name = 'prod-1';

async function lift(version = '1.37', more: { force?: boolean; clientRequestToken?: string } = {}) {
  const { update } = await face.client().send(new UpdateClusterVersionCommand({ name, version, ...more }));
  return update;
}

function clusterNow() {
  return face
    .client()
    .send(new DescribeClusterCommand({ name }))
    .then(({ cluster }) => cluster);
}

function updateNow(updateId: string) {
  return face
    .client()
    .send(new DescribeUpdateCommand({ name, updateId }))
    .then(({ update }) => update);
}

describe('UpdateClusterVersion through the official client', () => {
  it('starts an update, shows UPDATING from the same moment, and ends Successful on an ACTIVE cluster of the new version', async () => {
    const update = await lift();
    expect(update).toMatchObject({ status: 'InProgress', type: 'VersionUpdate', errors: [] });
    expect(update?.params).toEqual([
      { type: 'Version', value: '1.37' },
      { type: 'PlatformVersion', value: 'eks.2' },
    ]);
    expect(update?.createdAt?.getTime()).toBe(face.world.nowMs);
    expect(await clusterNow()).toMatchObject({ status: 'UPDATING', version: '1.36', platformVersion: 'eks.3' });
    face.world.finish(update?.id ?? '');
    expect(await updateNow(update?.id ?? '')).toMatchObject({ status: 'Successful', errors: [] });
    expect(await clusterNow()).toMatchObject({ status: 'ACTIVE', version: '1.37', platformVersion: 'eks.2' });
    const active = await waitUntilClusterActive({ client: face.client(), minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, { name });
    expect(active.state).toBe('SUCCESS');
    expect(face.world.starts).toHaveLength(1);
  });

  it('answers a repeated token with its own update as it is now, before it says that one is in progress', async () => {
    const clientRequestToken = randomUUID();
    const first = await lift('1.37', { clientRequestToken });
    expect((await lift('1.37', { clientRequestToken }))?.id).toBe(first?.id);
    face.world.finish(first?.id ?? '');
    expect(await lift('1.37', { clientRequestToken })).toMatchObject({ id: first?.id, status: 'Successful' });
    expect(face.world.starts).toHaveLength(1);
    expect(await refusalOf(lift('1.36', { clientRequestToken }))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuses a second update with 409 and the id of the first', async () => {
    const first = await lift();
    expect(await refusalOf(lift())).toEqual({
      name: 'ResourceInUseException',
      status: 409,
      clusterName: name,
      nodegroupName: null,
      message: `Cannot VersionUpdate because cluster prod-1 currently has update ${first?.id} in progress`,
    });
  });

  it.each([
    ['1.38', 'unsupported Kubernetes version'],
    ['1.37.2', 'unsupported Kubernetes version'],
    ['1.33', 'unsupported Kubernetes version'],
    ['latest', 'unsupported Kubernetes version'],
    ['1.36', 'Unsupported Kubernetes minor version update from 1.36 to 1.36'],
    ['1.34', 'Unsupported Kubernetes minor version update from 1.36 to 1.34'],
  ])('refuses %s with the service’s own words', async (version, message) => {
    expect(await refusalOf(lift(version))).toMatchObject({
      name: 'InvalidParameterException',
      status: 400,
      clusterName: name,
      message,
    });
    expect(face.world.starts).toEqual([]);
  });

  it('has a cluster that was cancelled half-way looked at when it is asked for the version that it shows', async () => {
    const first = await lift('1.35');
    face.world.change(first?.id ?? '', { status: 'cancelled', endedAt: face.world.now() });
    expect(await refusalOf(lift('1.36'))).toMatchObject({
      message: 'Unsupported Kubernetes minor version update from 1.36 to 1.36',
    });
    // Exactly what it shows: asked for by name alone, it would be the newest patch of that minor.
    const { release } = face.world.clusters.get('k8s-prod-1')?.spec ?? {};
    expect(face.world.starts.map(({ what }) => what).at(-1)).toEqual({ to: release });
    expect(face.world.starts).toHaveLength(2);
  });

  it('refuses to skip a minor', async () => {
    face.world.changeCluster('k8s-prod-1', { spec: sampleSpec({ release: { version: '1.35', build: 'eks.6' } }) });
    expect(await refusalOf(lift('1.37'))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Unsupported Kubernetes minor version update from 1.35 to 1.37',
    });
  });

  it('rolls back to the minor before as a VersionRollback', async () => {
    const update = await lift('1.35');
    expect(update).toMatchObject({ type: 'VersionRollback', status: 'InProgress' });
    expect(update?.params?.[0]).toEqual({ type: 'Version', value: '1.35' });
  });

  it('asks for an EXTENDED policy before it rolls back to a version in extended support', async () => {
    const release = { version: '1.35', build: 'eks.6' };
    face.world.changeCluster('k8s-prod-1', {
      spec: sampleSpec({ release, face: { upgradePolicy: { supportType: 'STANDARD' } } }),
    });
    expect(await refusalOf(lift('1.34'))).toMatchObject({ name: 'InvalidRequestException', status: 400 });
    face.world.changeCluster('k8s-prod-1', { spec: sampleSpec({ release }) });
    expect(await lift('1.34')).toMatchObject({ type: 'VersionRollback' });
  });

  it('holds for what checks find, unless it is forced', async () => {
    face.world.findings = [sampleFinding('k8s.nodes-within-skew', 'policy')];
    expect(await refusalOf(lift())).toMatchObject({
      name: 'InvalidStateException',
      status: 400,
      clusterName: name,
      message:
        'Upgrade readiness issues detected. Call the EKS ListInsights API to view upgrade blocking issues detected by EKS. Pass the force flag to override upgrade readiness errors and proceed with upgrade.',
    });
    expect(face.world.upgrades).toEqual([]);
    expect(await lift('1.37', { force: true })).toMatchObject({ status: 'InProgress' });
  });

  it('does not let force wave a hazard through', async () => {
    face.world.findings = [sampleFinding('k8s.etcd-is-healthy', 'hazard')];
    expect(await refusalOf(lift('1.37', { force: true }))).toMatchObject({
      name: 'InvalidRequestException',
      message: 'k8s.etcd-is-healthy says so. Mend it. (k8s.etcd-is-healthy) Nothing was started.',
    });
  });

  it('fills the errors of an update that stopped or went back by itself, and leaves the cluster ACTIVE', async () => {
    const update = await lift();
    const reason = {
      code: 'k8s.apiserver-not-ready',
      subject: 'apiserver-1',
      says: 'apiserver-1 did not get ready.',
      clearedBy: 'Remove the flag.',
      evidence: ['unknown flag: --old'],
    };
    for (const status of ['returned', 'stopped'] as const) {
      face.world.change(update?.id ?? '', { status, reason });
      const failed = await updateNow(update?.id ?? '');
      expect(failed?.status).toBe('Failed');
      expect(failed?.errors).toEqual([
        {
          errorCode: 'Unknown',
          errorMessage: 'apiserver-1 did not get ready. Remove the flag.\nunknown flag: --old\n(k8s.apiserver-not-ready)',
          resourceIds: ['apiserver-1'],
        },
      ]);
      expect(await clusterNow()).toMatchObject({ status: 'ACTIVE', version: '1.36' });
    }
  });

  it('takes up an update that stopped when the same version is asked for again', async () => {
    const update = await lift();
    face.world.change(update?.id ?? '', { status: 'stopped' });
    expect(await refusalOf(lift('1.35'))).toMatchObject({ name: 'ResourceInUseException' });
    expect(await lift()).toMatchObject({ id: update?.id, status: 'InProgress' });
    expect(face.world.upgrades).toMatchObject([{ id: update?.id, status: 'running' }]);
    expect(await clusterNow()).toMatchObject({ status: 'UPDATING' });
  });

  it('shows a paused update as InProgress and a cancelled one as Cancelled', async () => {
    const update = await lift();
    face.world.change(update?.id ?? '', { status: 'paused' });
    expect(await updateNow(update?.id ?? '')).toMatchObject({ status: 'InProgress' });
    expect(await clusterNow()).toMatchObject({ status: 'UPDATING' });
    face.world.change(update?.id ?? '', { status: 'cancelled' });
    expect(await updateNow(update?.id ?? '')).toMatchObject({ status: 'Cancelled', cancellation: { status: 'Successful' } });
    expect(await clusterNow()).toMatchObject({ status: 'ACTIVE' });
  });

  it('starts nothing on a cluster that cannot be reached', async () => {
    face.world.unreachable = 'nobody answers.';
    expect(await refusalOf(lift())).toMatchObject({
      name: 'InvalidRequestException',
      message: 'The cluster cannot be reached: nobody answers. Nothing was started.',
    });
  });

  it('refuses a cluster that is not ACTIVE, and one that is not there', async () => {
    face.world.changeCluster('k8s-prod-1', { provisioning: { state: 'creating' } });
    expect(await refusalOf(lift())).toMatchObject({
      name: 'InvalidRequestException',
      message: "Cluster 'prod-1' is not in ACTIVE status",
    });
    const other = new UpdateClusterVersionCommand({ name: 'other', version: '1.37' });
    expect(await refusalOf(face.client().send(other))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
      clusterName: 'other',
      message: 'No cluster found for name: other.',
    });
  });

  it('refuses tokens that are too short or too long, and names that cannot be one', async () => {
    for (const clientRequestToken of ['x'.repeat(32), 'x'.repeat(127)])
      expect(await refusalOf(lift('1.37', { clientRequestToken }))).toMatchObject({
        name: 'InvalidParameterException',
        message: 'The client request token parameter must be between 33 and 126 characters.',
      });
    const odd = new UpdateClusterVersionCommand({ name: '-a b/ü', version: '1.37' });
    const refusal = await refusalOf(face.client().send(odd));
    expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    expect(refusal.message).toContain('"^[0-9A-Za-z][A-Za-z0-9-_]*"In other words, it should start');
  });
});

describe('DescribeUpdate and ListUpdates through the official client', () => {
  it('find an update only with the cluster it is of', async () => {
    const update = await lift();
    face.world.clusters.set('k8s-other', sampleCluster('other'));
    const elsewhere = new DescribeUpdateCommand({ name: 'other', updateId: update?.id ?? '' });
    expect(await refusalOf(face.client().send(elsewhere))).toMatchObject({
      name: 'ResourceNotFoundException',
      clusterName: 'other',
      message: `No update found for ID: ${update?.id}`,
    });
    for (const updateId of ['nonsense', randomUUID()])
      expect(await refusalOf(updateNow(updateId))).toMatchObject({ message: `No update found for ID: ${updateId}` });
  });

  it('keep the updates of node groups apart, by the name of the group', async () => {
    const update = await lift();
    const plan = face.world.plans.get(face.world.upgrades[0]?.planId ?? '');
    if (plan !== undefined)
      face.world.plans.set(plan.id, {
        ...plan,
        hops: plan.hops.map((hop) => ({ ...hop, hop: { ...hop.hop, nodegroup: 'blue' } })),
      });
    const listed = async (nodegroupName?: string) =>
      (await face.client().send(new ListUpdatesCommand({ name, ...(nodegroupName === undefined ? {} : { nodegroupName }) })))
        .updateIds;
    expect(await listed()).toEqual([]);
    expect(await listed('green')).toEqual([]);
    expect(await listed('blue')).toEqual([update?.id]);
    expect(await refusalOf(updateNow(update?.id ?? ''))).toMatchObject({ message: `No update found for ID: ${update?.id}` });
    expect(await clusterNow()).toMatchObject({ status: 'ACTIVE' });
  });

  it('page newest first', async () => {
    const ids: string[] = [];
    for (const version of ['1.37', '1.36', '1.37', '1.36', '1.37']) {
      const update = await lift(version);
      face.world.finish(update?.id ?? '');
      face.world.nowMs += 1000;
      ids.unshift(update?.id ?? '');
    }
    const client = face.client();
    const first = await client.send(new ListUpdatesCommand({ name, maxResults: 2 }));
    const second = await client.send(new ListUpdatesCommand({ name, maxResults: 2, nextToken: first.nextToken ?? '' }));
    const third = await client.send(new ListUpdatesCommand({ name, maxResults: 2, nextToken: second.nextToken ?? '' }));
    expect([...(first.updateIds ?? []), ...(second.updateIds ?? []), ...(third.updateIds ?? [])]).toEqual(ids);
    expect(third.nextToken ?? null).toBeNull();
    expect(await refusalOf(client.send(new ListUpdatesCommand({ name, nextToken: 'bm9uc2Vuc2U' })))).toMatchObject({
      name: 'InvalidParameterException',
    });
    for (const maxResults of [0, 101])
      expect(await refusalOf(client.send(new ListUpdatesCommand({ name, maxResults })))).toMatchObject({ status: 400 });
  });
});
