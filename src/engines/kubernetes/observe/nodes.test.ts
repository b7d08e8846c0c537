import { describe, expect, it } from 'vitest';
import { imageOf } from './addons.ts';
import { observe } from './index.ts';
import { selects } from './selectors.ts';
import { catalog, changed, cluster, ioOf } from './testing.ts';

const podsUrl = 'https://127.66.6.11:6443/api/v1/pods?limit=500';
const pod = (name: string, metadata: object, phase = 'Running') => ({
  metadata: { namespace: 'app', name, uid: `uid of ${name}`, ...metadata },
  spec: { nodeName: 'blue-1' },
  status: { phase },
});

describe('pods of a node', () => {
  it('are those that an eviction is for', async () => {
    const answer = changed(podsUrl, (body: object) => ({
      ...body,
      items: [
        pod('plain', {}),
        pod('ending', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
        pod('mirror', { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
        pod('of-every-node', { ownerReferences: [{ kind: 'DaemonSet', controller: true }] }),
        pod('succeeded', {}, 'Succeeded'),
        pod('failed', {}, 'Failed'),
        { ...pod('pending', {}, 'Pending'), spec: {} },
        { ...pod('elsewhere', {}), spec: { nodeName: 'green-1' } },
      ],
    }));
    const { cluster: looked } = await observe(cluster, catalog, ioOf({ answers: { [podsUrl]: answer } }), 'plan');
    if (looked.kind !== 'seen') throw new Error(looked.because);
    expect(looked.seen.nodes[0]?.pods.map(({ name }) => name)).toEqual(['plain', 'ending']);
  });
});

describe('budgets of a pod', () => {
  it('are those of its own namespace that select it, and none that selects nothing', async () => {
    const budgetsUrl = 'https://127.66.6.11:6443/apis/policy/v1/poddisruptionbudgets?limit=500';
    const budget = (namespace: string, name: string, selector?: object) => ({
      metadata: { namespace, name },
      spec: selector === undefined ? {} : { selector },
    });
    const items = [
      budget('app', 'its-own', { matchLabels: { app: 'web' } }),
      budget('app', 'all', {}),
      budget('app', 'none'),
      budget('app', 'other', { matchLabels: { app: 'api' } }),
      budget('elsewhere', 'elsewhere', { matchLabels: { app: 'web' } }),
    ];
    const answers = {
      [podsUrl]: changed(podsUrl, (body: object) => ({ ...body, items: [pod('web', { labels: { app: 'web' } })] })),
      [budgetsUrl]: changed(budgetsUrl, (body: object) => ({ ...body, items })),
    };
    const { cluster: looked } = await observe(cluster, catalog, ioOf({ answers }), 'plan');
    if (looked.kind !== 'seen') throw new Error(looked.because);
    expect(looked.seen.nodes[0]?.pods.map(({ budgets }) => budgets)).toEqual([['its-own', 'all']]);
  });
});

describe('a selector', () => {
  const labels = { app: 'web', tier: 'front' };
  it.each([
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In' as const, values: ['api', 'web'] }] }, true],
    [{ matchExpressions: [{ key: 'zone', operator: 'In' as const, values: ['a'] }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn' as const, values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'zone', operator: 'NotIn' as const, values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' as const }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' as const }] }, false],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'zone', operator: 'Exists' as const }] }, false],
  ])('%j selects: %s', (selector, selected) => {
    expect(selects(selector, labels)).toBe(selected);
  });
});

describe('an image', () => {
  it.each([
    ['coredns', 'coredns', 'latest'],
    ['registry.k8s.io/coredns/coredns:v1.12.1', 'coredns', 'v1.12.1'],
    ['localhost:5000/kube-proxy:v1.36.1@sha256:abc', 'kube-proxy', 'v1.36.1'],
    ['localhost:5000/kube-proxy', 'kube-proxy', 'latest'],
    ['registry.k8s.io/pause@sha256:abc', 'pause', 'sha256:abc'],
  ])('%s is %s of %s', (image, name, version) => {
    expect(imageOf(image)).toEqual({ name, version });
  });
});
