import {
  CancelUpdateCommand,
  DescribeClusterVersionsCommand,
  type DescribeClusterVersionsCommandInput,
  DescribeInsightCommand,
  DescribeInsightsRefreshCommand,
  ListInsightsCommand,
  type ListInsightsCommandInput,
  StartInsightsRefreshCommand,
  UpdateClusterVersionCommand,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckReport } from '../../../src/domain/index.ts';
import { sampleFinding } from '../../../src/faces/eks/testing-samples.ts';
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
const skew = sampleFinding('k8s.nodes-within-skew', 'policy', { subject: 'node blue-1', says: 'blue-1 is too old.' });

const reports: readonly CheckReport[] = [
  { check: 'k8s.etcd-is-healthy', asks: 'Is etcd healthy?', hop: 0, result: { kind: 'passed' } },
  { check: 'k8s.nodes-within-skew', asks: 'Are all nodes within skew?', hop: 0, result: { kind: 'found', findings: [skew] } },
  {
    check: 'k8s.trial-start-passed',
    asks: 'Does the new release start?',
    hop: 0,
    result: { kind: 'found', findings: [{ ...skew, loopWaits: true }] },
  },
  { check: 'k8s.webhooks-answer', asks: 'Do webhooks answer?', hop: 0, result: { kind: 'could-not-run', because: 'HTTP 500' } },
];

async function insights(filter?: ListInsightsCommandInput['filter']) {
  const found = await face
    .client()
    .send(new ListInsightsCommand({ clusterName: name, ...(filter === undefined ? {} : { filter }) }));
  return found.insights ?? [];
}

function refreshNow() {
  return face.client().send(new DescribeInsightsRefreshCommand({ clusterName: name }));
}

describe('insights through the official client', () => {
  beforeEach(() => {
    face.world.reports = reports;
    face.world.findings = [skew];
  });

  it('are the checks of the next version and of the way back', async () => {
    const all = await insights();
    const shown = all.map(({ category, kubernetesVersion, insightStatus }) => [
      category,
      kubernetesVersion,
      insightStatus?.status,
    ]);
    const statuses = ['PASSING', 'ERROR', 'WARNING', 'UNKNOWN'];
    expect(shown).toEqual([
      ...statuses.map((status) => ['ROLLBACK_READINESS', '1.35', status]),
      ...statuses.map((status) => ['UPGRADE_READINESS', '1.37', status]),
    ]);
    expect(all[1]).toMatchObject({ name: 'Are all nodes within skew?', insightStatus: { reason: 'blue-1 is too old.' } });
    expect(new Set(all.map(({ id }) => id)).size).toBe(8);
    expect((await insights({ categories: ['UPGRADE_READINESS'], statuses: ['ERROR'] })).map(({ id }) => id)).toEqual([
      all[5]?.id,
    ]);
    expect(await insights({ kubernetesVersions: ['1.40'] })).toEqual([]);
  });

  it('are told one by one with what is to be done', async () => {
    const id = (await insights({ categories: ['UPGRADE_READINESS'], statuses: ['ERROR'] }))[0]?.id ?? '';
    const { insight } = await face.client().send(new DescribeInsightCommand({ clusterName: name, id }));
    expect(insight).toMatchObject({
      id,
      recommendation: 'Mend it.',
      additionalInfo: { check: 'k8s.nodes-within-skew' },
      resources: [{ insightStatus: { status: 'ERROR' }, kubernetesResourceUri: 'node blue-1' }],
    });
    const odd = new DescribeInsightCommand({ clusterName: name, id: 'odd' });
    expect(await refusalOf(face.client().send(odd))).toMatchObject({ name: 'ResourceNotFoundException', clusterName: name });
  });

  it('are asked anew by a refresh, which keeps ids and the moment of each change', async () => {
    expect(await refusalOf(refreshNow())).toMatchObject({ name: 'ResourceNotFoundException' });
    const before = await insights({ categories: ['UPGRADE_READINESS'] });
    const mended = reports.map((report) =>
      report.check === skew.check ? { ...report, result: { kind: 'passed' } as const } : report,
    );
    face.world.reports = mended;
    face.world.nowMs += 60_000;
    expect(await insights({ categories: ['UPGRADE_READINESS'] })).toEqual(before);
    const began = await face.client().send(new StartInsightsRefreshCommand({ clusterName: name }));
    expect(began.status).toBe('IN_PROGRESS');
    const ended = await vi.waitUntil(async () => {
      const now = await refreshNow();
      return now.status === 'COMPLETED' ? now : undefined;
    });
    expect(ended.startedAt?.getTime()).toBe(face.world.nowMs);
    const after = await insights({ categories: ['UPGRADE_READINESS'] });
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after[1]?.insightStatus?.status).toBe('PASSING');
    expect(after[1]?.lastTransitionTime?.getTime()).toBe(face.world.nowMs);
    expect(after[0]?.lastTransitionTime).toEqual(before[0]?.lastTransitionTime);
    expect(after[0]?.lastRefreshTime?.getTime()).toBe(face.world.nowMs);
  });

  it('answer a refresh that runs with itself, and say when one failed', async () => {
    let end = () => {};
    face.world.lookEnds = new Promise<void>((resolve) => {
      end = resolve;
    });
    const start = () => face.client().send(new StartInsightsRefreshCommand({ clusterName: name }));
    await start();
    expect((await start()).status).toBe('IN_PROGRESS');
    face.world.unreachable = 'nobody answers.';
    end();
    await vi.waitUntil(async () => (await refreshNow()).status === 'FAILED');
    expect((await refreshNow()).message).toContain('nobody answers.');
  });

  it('show what an update was refused for', async () => {
    await insights();
    const ids = (await insights({ statuses: ['ERROR'], categories: ['UPGRADE_READINESS'] })).map(({ id }) => id);
    face.world.reports = reports.filter(({ check }) => check !== skew.check);
    expect(await refusalOf(face.client().send(new UpdateClusterVersionCommand({ name, version: '1.37' })))).toMatchObject({
      name: 'InvalidStateException',
    });
    const now = (await insights({ categories: ['UPGRADE_READINESS'] })).map(({ id }) => id);
    expect(now).toHaveLength(3);
    expect(now).not.toContain(ids[0]);
    expect(await insights({ categories: ['ROLLBACK_READINESS'] })).toHaveLength(4);
  });

  it('page through the body', async () => {
    const client = face.client();
    const first = await client.send(new ListInsightsCommand({ clusterName: name, maxResults: 5 }));
    const second = await client.send(
      new ListInsightsCommand({ clusterName: name, maxResults: 5, nextToken: first.nextToken ?? '' }),
    );
    expect([first.insights?.length, second.insights?.length, second.nextToken ?? null]).toEqual([5, 3, null]);
    const odd = new ListInsightsCommand({ clusterName: name, filter: { categories: ['ODD' as 'MISCONFIGURATION'] } });
    expect(await refusalOf(client.send(odd))).toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('DescribeClusterVersions through the official client', () => {
  const versions = async (input: DescribeClusterVersionsCommandInput = {}) =>
    (await face.client().send(new DescribeClusterVersionsCommand(input))).clusterVersions ?? [];
  const numbers = async (input: DescribeClusterVersionsCommandInput = {}) =>
    (await versions(input)).map(({ clusterVersion }) => clusterVersion);

  it('tells of what is supported, newest first, with its dates', async () => {
    const all = await versions();
    expect(all.map(({ clusterVersion }) => clusterVersion)).toEqual(['1.37', '1.36', '1.35', '1.34']);
    expect(all[1]).toEqual({
      clusterVersion: '1.36',
      clusterType: 'eks',
      defaultPlatformVersion: 'eks.3',
      defaultVersion: true,
      releaseDate: new Date('2025-01-01T00:00:00Z'),
      endOfStandardSupportDate: new Date('2027-06-01T00:00:00Z'),
      endOfExtendedSupportDate: new Date('2028-06-01T00:00:00Z'),
      status: 'standard-support',
      versionStatus: 'STANDARD_SUPPORT',
      kubernetesPatchVersion: '1.36.3',
      controlPlaneScalingTiers: undefined,
      controlPlaneComponentConfig: undefined,
    });
  });

  it('filters', async () => {
    expect(await numbers({ includeAll: true })).toEqual(['1.37', '1.36', '1.35', '1.34', '1.33']);
    expect(await numbers({ defaultOnly: true })).toEqual(['1.36']);
    expect(await numbers({ clusterVersions: ['1.35', '1.37'] })).toEqual(['1.37', '1.35']);
    expect(await numbers({ versionStatus: 'EXTENDED_SUPPORT' })).toEqual(['1.34']);
    expect(await numbers({ status: 'unsupported' })).toEqual(['1.33']);
    expect(await numbers({ clusterType: 'other' })).toEqual([]);
    const odd = { versionStatus: 'ODD' } as unknown as DescribeClusterVersionsCommandInput;
    expect(await refusalOf(versions(odd))).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  });

  it('pages', async () => {
    const client = face.client();
    const first = await client.send(new DescribeClusterVersionsCommand({ maxResults: 3 }));
    const second = await client.send(new DescribeClusterVersionsCommand({ maxResults: 3, nextToken: first.nextToken ?? '' }));
    expect(second.clusterVersions?.map(({ clusterVersion }) => clusterVersion)).toEqual(['1.34']);
    expect(second.nextToken).toBeUndefined();
  });
});

describe('CancelUpdate through the official client', () => {
  const cancel = (updateId: string) => face.client().send(new CancelUpdateCommand({ name, updateId }));

  it('asks for the end of an update, and shows what came of it', async () => {
    const { update } = await face.client().send(new UpdateClusterVersionCommand({ name, version: '1.37' }));
    const id = update?.id ?? '';
    expect((await cancel(id)).update).toMatchObject({ id, status: 'InProgress', cancellation: { status: 'InProgress' } });
    expect(face.world.upgrades[0]?.intent).toBe('cancel');
    face.world.change(id, { status: 'cancelled' });
    expect((await cancel(id)).update).toMatchObject({ status: 'Cancelled', cancellation: { status: 'Successful' } });
  });

  it('comes too late for an update that is done', async () => {
    const { update } = await face.client().send(new UpdateClusterVersionCommand({ name, version: '1.37' }));
    face.world.finish(update?.id ?? '');
    expect(await refusalOf(cancel(update?.id ?? ''))).toMatchObject({ name: 'InvalidRequestException', clusterName: name });
    expect(await refusalOf(cancel('odd'))).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
