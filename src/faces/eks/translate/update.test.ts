import { describe, expect, it } from 'vitest';
import type { Upgrade } from '../../../domain/index.ts';
import { sampleUpgrade } from '../testing-samples.ts';
import { upgradeUpdate } from './update.ts';

function stopped(code: string, change: Partial<Upgrade> = {}): Upgrade {
  return sampleUpgrade({
    id: 'u',
    clusterId: 'c',
    planId: 'p',
    from: { version: '1.36', build: 'eks.1' },
    to: { version: '1.36', build: 'eks.3' },
    createdAt: '2026-11-25T10:00:00.000Z',
    status: 'stopped',
    reason: { code, subject: 'blue-1', says: 'blue-1 waits.', clearedBy: 'Look at it.' },
    ...change,
  });
}

function errorCodeOf(upgrade: Upgrade, nodegroup: string | null): unknown {
  return (upgradeUpdate(upgrade, nodegroup).errors as readonly { errorCode: string }[])[0]?.errorCode;
}

describe('an upgrade as an update', () => {
  it.each([
    ['k8s.pod-not-evicted', 'blue', 'PodEvictionFailure'],
    ['k8s.budget-allows', 'blue', 'PodEvictionFailure'],
    ['k8s.member-does-not-get-ready', 'blue', 'NodeCreationFailure'],
    ['k8s.member-does-not-get-ready', null, 'Unknown'],
    ['k8s.cluster-unreachable', null, 'ClusterUnreachable'],
    ['k8s.storage-not-rewritten', null, 'Unknown'],
  ])('that stopped for %s of %s has the code %s', (code, nodegroup, errorCode) => {
    expect(errorCodeOf(stopped(code), nodegroup)).toBe(errorCode);
  });

  it('has an error even where no reason was written down', () => {
    const { errors } = upgradeUpdate(stopped('', { reason: null }), null);
    expect(errors).toEqual([{ errorCode: 'Unknown', errorMessage: 'It is not known why.', resourceIds: [] }]);
  });

  it('of a node group tells the release of its nodes', () => {
    expect(upgradeUpdate(stopped(''), 'blue').params).toEqual([
      { type: 'Version', value: '1.36' },
      { type: 'ReleaseVersion', value: '1.36-eks.3' },
    ]);
    expect(upgradeUpdate(stopped(''), null).params).toEqual([
      { type: 'Version', value: '1.36' },
      { type: 'PlatformVersion', value: 'eks.3' },
    ]);
  });

  it('shows a cancel that came too late as one that failed', () => {
    for (const status of ['done', 'returned', 'stopped'] as const)
      expect(upgradeUpdate(stopped('', { status, intent: 'cancel' }), null).cancellation).toMatchObject({ status: 'Failed' });
    expect(upgradeUpdate(stopped('', { status: 'done' }), null)).not.toHaveProperty('cancellation');
  });
});
