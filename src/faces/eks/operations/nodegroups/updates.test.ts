import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reason } from '../../../../domain/index.ts';
import { createFakeWorld, type ServedFace, serveFace, type Told } from '../../testing.ts';
import { type NodegroupWorld, sampleNodegroup, withNodegroups } from '../../testing-nodegroups.ts';
import { sampleCluster, sampleFinding, sampleSpec, sampleStart } from '../../testing-samples.ts';

const token = 'a-token-of-at-least-thirty-three-characters';
const green = '/clusters/prod/node-groups/green';
const old = '/clusters/prod/node-groups/old';

let world: NodegroupWorld;
let face: ServedFace;

beforeEach(async () => {
  const nodegroups = [
    sampleNodegroup({ name: 'green', size: 3, at: sampleStart, labels: { team: 'a', tier: 'web' } }),
    sampleNodegroup({ name: 'old', size: 2, at: sampleStart, release: { version: '1.35', build: 'eks.6' } }),
  ];
  world = withNodegroups(createFakeWorld(sampleCluster('prod', { spec: sampleSpec({ nodegroups }) })));
  face = await serveFace(world);
});
afterEach(() => face.close());

function group(name: string) {
  const spec = world.clusters.get('k8s-prod')?.spec;
  return spec?.kind === 'kubernetes' ? spec.nodegroups.find((one) => one.name === name) : undefined;
}

interface ShownUpdate {
  readonly id: string;
  readonly status: string;
  readonly type: string;
  readonly params: readonly { readonly type: string; readonly value: string }[];
  readonly errors: readonly Record<string, unknown>[];
}

function updateOf({ body }: Told): ShownUpdate {
  return body.update as ShownUpdate;
}

function refusal({ status, errorType, body }: Told) {
  return { status, errorType, message: body.message, clusterName: body.clusterName, nodegroupName: body.nodegroupName };
}

function paramsOf({ params }: ShownUpdate) {
  return Object.fromEntries(params.map(({ type, value }) => [type, value]));
}

describe('UpdateNodegroupConfig', () => {
  const config = `${green}/update-config`;

  it('changes size, labels, taints and how many nodes are taken at once, and tells of it as an update', async () => {
    const told = await face.ask('POST', config, {
      labels: { addOrUpdateLabels: { team: 'b' }, removeLabels: ['tier'] },
      taints: { addOrUpdateTaints: [{ key: 'gpu', value: 'yes', effect: 'NO_SCHEDULE' }] },
      scalingConfig: { minSize: 2, maxSize: 9, desiredSize: 6 },
      updateConfig: { maxUnavailablePercentage: 50 },
    });
    const update = updateOf(told);
    expect(update).toMatchObject({ status: 'InProgress', type: 'ConfigUpdate', errors: [] });
    expect(paramsOf(update)).toEqual({
      LabelsToAdd: '{"team":"b"}',
      LabelsToRemove: '["tier"]',
      TaintsToAdd: '[{"key":"gpu","value":"yes","effect":"NO_SCHEDULE"}]',
      MinSize: '2',
      MaxSize: '9',
      DesiredSize: '6',
      MaxUnavailablePercentage: '50',
    });
    expect(group('green')).toMatchObject({
      labels: { team: 'b' },
      taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
      minSize: 2,
      maxSize: 9,
      maxUnavailable: 3,
    });
    expect(group('green')?.labels).toEqual({ team: 'b' });
    expect(group('green')?.nodes).toHaveLength(7);
    const described = await face.ask('GET', `/clusters/prod/updates/${update.id}?nodegroupName=green`);
    expect(updateOf(described)).toMatchObject({ id: update.id, status: 'Successful' });
    expect((await face.ask('GET', '/clusters/prod/updates?nodegroupName=green')).body.updateIds).toEqual([update.id]);
    expect((await face.ask('GET', `/clusters/prod/updates/${update.id}`)).status).toBe(404);
    expect((await face.ask('GET', green)).body.nodegroup).toMatchObject({
      updateConfig: { maxUnavailablePercentage: 50 },
      scalingConfig: { minSize: 2, maxSize: 9, desiredSize: 6 },
      status: 'ACTIVE',
    });
  });

  it('takes a part of the new size when the size alone changes', async () => {
    await face.ask('POST', config, { updateConfig: { maxUnavailablePercentage: 34 } });
    expect(group('green')?.maxUnavailable).toBe(1);
    await face.ask('POST', config, { scalingConfig: { maxSize: 30, desiredSize: 30 } });
    expect(group('green')?.maxUnavailable).toBe(10);
    await face.ask('POST', config, { updateConfig: { updateStrategy: 'MINIMAL' } });
    expect(group('green')).toMatchObject({
      maxUnavailable: 10,
      face: { updateConfig: { maxUnavailablePercentage: 34, updateStrategy: 'MINIMAL' } },
    });
  });

  it('replaces a taint of the same key and effect, and removes one', async () => {
    const gpu = { key: 'gpu', value: 'a', effect: 'NO_SCHEDULE' };
    await face.ask('POST', config, { taints: { addOrUpdateTaints: [gpu, { key: 'gpu', effect: 'NO_EXECUTE' }] } });
    await face.ask('POST', config, { taints: { addOrUpdateTaints: [{ ...gpu, value: 'b' }] } });
    expect(group('green')?.taints).toEqual([
      { key: 'gpu', value: '', effect: 'NoExecute' },
      { key: 'gpu', value: 'b', effect: 'NoSchedule' },
    ]);
    await face.ask('POST', config, { taints: { removeTaints: [{ key: 'gpu', effect: 'NO_EXECUTE' }] } });
    expect(group('green')?.taints).toEqual([{ key: 'gpu', value: 'b', effect: 'NoSchedule' }]);
  });

  it('is done once for one token', async () => {
    const first = await face.ask('POST', config, { scalingConfig: { desiredSize: 4 }, clientRequestToken: token });
    await face.ask('POST', config, { scalingConfig: { desiredSize: 2 }, clientRequestToken: `${token}-2` });
    const again = await face.ask('POST', config, { scalingConfig: { desiredSize: 4 }, clientRequestToken: token });
    expect(updateOf(again)).toMatchObject({ id: updateOf(first).id, status: 'Successful' });
    expect(group('green')?.nodes.filter(({ surge }) => !surge)).toHaveLength(2);
    expect(
      refusal(await face.ask('POST', config, { scalingConfig: { desiredSize: 3 }, clientRequestToken: token })),
    ).toMatchObject({
      status: 400,
      errorType: 'InvalidParameterException',
    });
  });

  it.each<[string, object, RegExp]>([
    ['nothing', {}, /changes nothing/],
    ['a size beyond the most there may be', { scalingConfig: { desiredSize: 5 } }, /can't be greater than max size 4/],
    ['fewer than the fewest', { scalingConfig: { desiredSize: 0 } }, /Minimum capacity 1/],
    ['a label that is added and removed', { labels: { addOrUpdateLabels: { a: 'b' }, removeLabels: ['a'] } }, /at once/],
    ['a label that is none', { labels: { addOrUpdateLabels: { a: ' ' } } }, /label value/],
    ['both numbers of nodes', { updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: 1 } }, /both/],
    ['a warm pool', { warmPoolConfig: { enabled: true } }, /Warm pools/],
    ['a size that is a text', { scalingConfig: { desiredSize: '3' } }, /scalingConfig\.desiredSize/],
  ])('refuses %s', async (_, body, message) => {
    const before = group('green');
    expect(refusal(await face.ask('POST', config, body))).toEqual({
      status: 400,
      errorType: 'InvalidParameterException',
      message: expect.stringMatching(message),
      clusterName: 'prod',
      nodegroupName: 'green',
    });
    expect(group('green')).toEqual(before);
  });
});

describe('UpdateNodegroupVersion', () => {
  const version = `${old}/update-version`;

  it('lifts the nodes to the cluster’s own release where none is named, and is followed to its end', async () => {
    const update = updateOf(await face.ask('POST', version, { clientRequestToken: token }));
    expect(update).toMatchObject({ status: 'InProgress', type: 'VersionUpdate', errors: [] });
    expect(paramsOf(update)).toEqual({ Version: '1.36', ReleaseVersion: '1.36-eks.3' });
    expect(world.starts).toEqual([
      expect.objectContaining({
        clusterId: 'k8s-prod',
        what: { to: { version: '1.36', build: 'eks.3' }, nodegroup: 'old' },
        acknowledge: [],
        policy: { maxHops: 1, policyFindings: 'hold' },
      }),
    ]);
    const describe = async () => updateOf(await face.ask('GET', `/clusters/prod/updates/${update.id}?nodegroupName=old`)).status;
    const shown = async (name: string) => (await face.ask('GET', `/clusters/prod/node-groups/${name}`)).body.nodegroup;
    expect(await describe()).toBe('InProgress');
    expect(await shown('old')).toMatchObject({ status: 'UPDATING', version: '1.35' });
    expect(await shown('green')).toMatchObject({ status: 'ACTIVE' });
    expect((await face.ask('GET', '/clusters/prod')).body.cluster).toMatchObject({ status: 'ACTIVE' });
    world.finishNodegroup(update.id);
    expect(await describe()).toBe('Successful');
    expect(await shown('old')).toMatchObject({ status: 'ACTIVE', version: '1.36', releaseVersion: '1.36-eks.3' });
  });

  it('names a release, and forces evictions only where that is asked for', async () => {
    await face.ask('POST', `${green}/update-version`, { releaseVersion: '1.36-eks.1', force: true });
    expect(world.starts[0]).toMatchObject({
      what: { to: { version: '1.36', build: 'eks.1' }, nodegroup: 'green' },
      acknowledge: ['k8s.force-eviction'],
      policy: { policyFindings: 'record' },
    });
  });

  it('is started once for one token, while another is told what is in progress', async () => {
    const first = updateOf(await face.ask('POST', version, { clientRequestToken: token }));
    expect(updateOf(await face.ask('POST', version, { clientRequestToken: token })).id).toBe(first.id);
    expect(world.upgrades).toHaveLength(1);
    expect(refusal(await face.ask('POST', version, { clientRequestToken: `${token}-2` }))).toEqual({
      status: 409,
      errorType: 'ResourceInUseException',
      message: `Cannot VersionUpdate because cluster prod currently has update ${first.id} in progress`,
      clusterName: 'prod',
      nodegroupName: 'old',
    });
  });

  it('has failed when a pod could not be evicted, says which, and goes on when it is asked for again', async () => {
    const first = updateOf(await face.ask('POST', version, {}));
    const reason: Reason = {
      code: 'k8s.pod-not-evicted',
      subject: 'old-1',
      says: 'shop/cart-0 cannot be evicted.',
      clearedBy: 'Loosen the disruption budget shop/cart.',
    };
    world.change(first.id, { status: 'stopped', reason });
    const failed = updateOf(await face.ask('GET', `/clusters/prod/updates/${first.id}?nodegroupName=old`));
    expect(failed).toMatchObject({
      status: 'Failed',
      errors: [{ errorCode: 'PodEvictionFailure', errorMessage: expect.stringContaining('shop/cart-0'), resourceIds: ['old-1'] }],
    });
    expect((await face.ask('GET', old)).body.nodegroup).toMatchObject({ status: 'ACTIVE' });
    const again = updateOf(await face.ask('POST', version, { clientRequestToken: token }));
    expect(again).toMatchObject({ id: first.id, status: 'InProgress' });
    expect(world.upgrades[0]?.status).toBe('running');
    expect(updateOf(await face.ask('POST', version, { clientRequestToken: token })).id).toBe(first.id);
  });

  it('does not take up the update of another group or to another release', async () => {
    const first = updateOf(await face.ask('POST', version, {}));
    world.change(first.id, { status: 'stopped', reason: null });
    expect((await face.ask('POST', `${green}/update-version`, { releaseVersion: '1.36-eks.1' })).status).toBe(409);
    expect((await face.ask('POST', version, { releaseVersion: '1.36-eks.1' })).status).toBe(409);
    expect(world.upgrades[0]?.status).toBe('stopped');
  });

  it.each<[string, string, object, RegExp]>([
    ['where it is already', 'green', {}, /^Nodegroup green runs Kubernetes 1\.36 \(eks\.3\) already\.$/],
    ['a version beyond the cluster’s', 'green', { version: '1.37' }, /its cluster runs 1\.36/],
    ['a version that is not offered', 'green', { version: '2.0' }, /^unsupported Kubernetes version$/],
    ['a build that is none', 'green', { releaseVersion: 'latest' }, /is not valid for kubernetes version 1\.36/],
    ['a force that is a text', 'green', { force: 'true' }, /force/],
  ])('refuses to go %s', async (_, name, body, message) => {
    expect(refusal(await face.ask('POST', `/clusters/prod/node-groups/${name}/update-version`, body))).toEqual({
      status: 400,
      errorType: 'InvalidParameterException',
      message: expect.stringMatching(message),
      clusterName: 'prod',
      nodegroupName: name,
    });
    expect(world.starts).toEqual([]);
  });

  it('tells the findings that keep it from starting; force passes over those that a person may weigh', async () => {
    world.findings = [sampleFinding('k8s.pods-can-be-evicted', 'policy')];
    const held = await face.ask('POST', version, {});
    expect(refusal(held)).toMatchObject({ status: 400, errorType: 'InvalidRequestException', nodegroupName: 'old' });
    expect(held.body.message).toContain('k8s.pods-can-be-evicted says so. Mend it.');
    expect((await face.ask('POST', version, { force: true })).status).toBe(200);
    world.change(world.upgrades[0]?.id ?? '', { status: 'done' });
    world.findings = [sampleFinding('k8s.nodes-within-skew', 'hazard')];
    expect(refusal(await face.ask('POST', version, { force: true }))).toMatchObject({ status: 400 });
  });

  it('starts nothing on a cluster that cannot be reached', async () => {
    world.unreachable = 'No apiserver answers.';
    const told = await face.ask('POST', version, {});
    expect(refusal(told)).toMatchObject({ status: 400, errorType: 'InvalidRequestException' });
    expect(told.body.message).toContain('No apiserver answers.');
  });

  it('starts nothing while the group is still coming up', async () => {
    world.forming.add('old');
    expect(refusal(await face.ask('POST', version, {}))).toMatchObject({
      status: 409,
      message: 'Nodegroup old is being created.',
    });
    expect(world.starts).toEqual([]);
  });
});
