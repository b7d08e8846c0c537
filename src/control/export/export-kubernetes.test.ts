import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cluster, KubernetesMemberSpec, KubernetesSpec, Observation, SeenKubernetes } from '../../domain/index.ts';
import { exportedFrom } from './index.ts';

const at = '2026-01-01T12:00:00.000Z';
const member = (name: string, component: KubernetesMemberSpec['component'], change: Partial<KubernetesMemberSpec> = {}) => ({
  ...{ name, component, host: 'rack-nine', address: '127.77.3.1', port: 6443, surge: false, nodegroup: null },
  ...change,
});
const release = { version: '1.36', build: 'eks.1' };
const node = member('berlin-worker-1', 'node', { nodegroup: 'blau', address: '127.77.3.9' });

function specWith(text: string, change: Partial<KubernetesSpec> = {}): KubernetesSpec {
  return {
    ...{ kind: 'kubernetes', release, firstVersion: '1.36', gateAfterFirstMember: false, soakMs: 1, serviceCidr: '10.96.0.0/16' },
    members: [member('etcd-1', 'etcd'), member('apiserver-1', 'kube-apiserver'), member('door', 'front-door')],
    nodegroups: [
      {
        ...{ name: 'blau', release, nodes: [node], minSize: 1, maxSize: 2, maxUnavailable: 1, createdAt: at, modifiedAt: at },
        ...{ labels: { 'vault-token': text }, taints: [], deleting: false, tags: { owner: text }, face: { script: text } },
      },
    ],
    endpoint: 'https://127.77.3.1:6443',
    flags: {
      'kube-apiserver': [`--oidc-client-secret=${text}`, `--audit-webhook=https://u:${text}@host/`],
      node: ['--token', text],
    },
    snapshotFolder: '/snapshots/Kundenkartei',
    authenticationUrl: `http://127.0.0.1:7171/tokens/${text}`,
    face: { roleArn: text },
    ...change,
  };
}

function exported(text: string, anonymous: boolean, secrets: Readonly<Record<string, string>> = {}) {
  const cluster: Cluster = {
    ...{ id: 'k8s-x', engine: 'kubernetes', origin: 'created', name: 'Kundenkartei', description: text, account: '1' },
    ...{ region: 'local', tags: { owner: text }, createdAt: at, updatedAt: at, deleteAfter: null },
    provisioning: { state: 'ready' },
    spec: specWith(text),
    secrets,
  };
  const seen: SeenKubernetes = {
    clusterUid: 'uid-of-it',
    apiservers: [],
    controllers: [],
    etcd: [],
    etcdClusterVersion: '3.6.0',
    frontDoorAnswers: true,
    nodes: [
      {
        ...{
          name: 'berlin-worker-1',
          uid: 'u-1',
          kubeletVersion: '1.36.1',
          ready: true,
          unschedulable: false,
          cordonedByUs: false,
        },
        ...{ nodegroup: 'blau', pressures: [] },
        pods: [{ namespace: 'payroll', name: 'payroll-7f', uid: 'u-2', owned: true, budgets: ['keep-payroll'] }],
      },
    ],
    disruptionBudgets: [
      {
        ...{ namespace: 'payroll', name: 'keep-payroll', disruptionsAllowed: 1 },
        ...{ expectedPods: 2, currentHealthy: 2, desiredHealthy: 1 },
      },
    ],
    failingClosedWebhooks: [
      {
        configuration: 'c',
        webhook: 'w',
        target: `https://u:${text}@hooks/?token=${text}`,
        unreachable: false,
        resources: ['pods'],
      },
    ],
    unavailableApiServices: [{ name: 'v1.metrics', says: `dial failed: Bearer ${text}` }],
    customResources: [],
    addons: [{ name: 'coredns', kind: 'Deployment', version: 'v1.12.1' }],
    newerObjects: [],
    certificateNotAfter: at,
  };
  const observation: Observation<SeenKubernetes> = {
    ...{ at, hosts: {}, unknowns: [`webhooks: password=${text}`], cluster: { kind: 'seen', seen } },
    members: [
      {
        ...{ name: 'apiserver-1', running: null, joined: null },
        process: { state: 'stopped', release: null, exitCode: 1, lastLines: [text] },
      },
    ],
  };
  return exportedFrom(cluster, observation, anonymous);
}

it('an exported control plane tells nothing of flags, labels, addresses and sentences that looks like a secret', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^Zq[A-Za-z0-9_.~-]{8,30}Xw$/), fc.boolean(), (secret, anonymous) => {
      expect(JSON.stringify(exported(secret, anonymous))).not.toContain(secret);
    }),
    { numRuns: 200 },
  );
});

it('an exported control plane tells no key of its own, wherever it stands', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n';
  const text = JSON.stringify(exported('a word', false, { 'ca.key': key, 'webhook-token': 'abcdef-of-the-webhook' }));
  expect([text.includes('MIGHAgEAMBMGByqGSM49'), text.includes('abcdef-of-the-webhook')]).toEqual([false, false]);
  expect(
    JSON.stringify(exported(`said ${key} and abcdef-of-the-webhook`, false, { 'ca.key': key, t: 'abcdef-of-the-webhook' })),
  ).not.toMatch(/MIGHAgEAMBMGByqGSM49|abcdef-of-the-webhook/);
});

it('an exported control plane without names has the same other name for the same thing, and none of its own', () => {
  const made = exported('a word', true);
  const text = JSON.stringify(made);
  const own = ['Kundenkartei', 'berlin', 'blau', 'payroll', 'rack-nine', 'u-1', 'u-2', '127.77'];
  expect(own.filter((name) => text.includes(name))).toEqual([]);
  expect(made).toMatchObject({
    name: 'cluster-1',
    spec: { nodegroups: [{ name: 'group-1', nodes: [{ name: 'node-1', nodegroup: 'group-1' }] }] },
    seen: {
      nodes: [
        { name: 'node-1', nodegroup: 'group-1', pods: [{ namespace: 'namespace-1', name: 'pod-1', budgets: ['budget-1'] }] },
      ],
      disruptionBudgets: [{ namespace: 'namespace-1', name: 'budget-1' }],
      addons: [{ name: 'coredns' }],
    },
  });
  const named = exported('a word', false);
  expect(named).toMatchObject({ name: 'Kundenkartei', seen: { nodes: [{ name: 'berlin-worker-1' }] } });
});
