import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealControlPlane, startControlPlane } from '../../../../test/rig/real-control-plane.ts';
import { eventually } from '../../../../test/rig/waiting.ts';
import type { Observation, ObservationDepth, SeenKubernetes } from '../../../domain/index.ts';
import { evict, kubernetesClient, trouble, urlOf } from '../client/index.ts';
import { requestedSpec } from '../draft/index.ts';
import { addNodegroup } from '../nodegroups.ts';
import { theKubernetesCatalog } from '../testing.ts';
import { basisOf, observe, releaseOf } from './index.ts';

const release = { version: '1.36', build: 'eks.1' };
/** A turn looks twice a second; a frozen member may take it as long as this. */
const turnTimeMaxMs = 3_500;
const settleMs = 60_000;
const upTimeoutMs = 300_000;

const container = { name: 'c', image: 'registry.example/web:v1' };
const proxy = { name: 'c', image: 'registry.example/kube-proxy:v1.36.1' };
const template = (app: string, ...containers: object[]) => ({ metadata: { labels: { app } }, spec: { containers } });
const selector = (app: string) => ({ matchLabels: { app } });
const inDefault = '/namespaces/default';
const budget = (name: string, app: string, minAvailable: number): [string, object] => [
  `/apis/policy/v1${inDefault}/poddisruptionbudgets`,
  { metadata: { name }, spec: { minAvailable, selector: selector(app) } },
];

/** What is laid out in the cluster, by where it is created. */
const objects: readonly (readonly [string, object])[] = [
  [
    `/apis/apps/v1${inDefault}/deployments`,
    { metadata: { name: 'web' }, spec: { replicas: 2, selector: selector('web'), template: template('web', container) } },
  ],
  [
    '/apis/apps/v1/namespaces/kube-system/daemonsets',
    { metadata: { name: 'kube-proxy' }, spec: { selector: selector('proxy'), template: template('proxy', proxy) } },
  ],
  budget('web', 'web', 2),
  budget('two-a', 'two', 0),
  budget('two-b', 'two', 0),
  [`/api/v1${inDefault}/pods`, { ...template('two', container), metadata: { name: 'bare', labels: { app: 'two' } } }],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    {
      metadata: { name: 'closed' },
      webhooks: [
        {
          name: 'closed.example.com',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { service: { namespace: 'default', name: 'gone' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
        },
      ],
    },
  ],
  [
    '/apis/apiregistration.k8s.io/v1/apiservices',
    {
      metadata: { name: 'v1beta1.metrics.example.com' },
      spec: {
        group: 'metrics.example.com',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { namespace: 'default', name: 'gone' },
      },
    },
  ],
];

describe('a real control plane of 1.36.1 with a node', () => {
  let real: RealControlPlane;
  beforeAll(async () => {
    const group = {
      name: 'blue',
      release,
      minSize: 1,
      maxSize: 1,
      maxUnavailable: 1,
      labels: {},
      taints: [],
      tags: {},
      face: {},
    };
    real = await startControlPlane(requestedSpec({ release }), (spec) =>
      addNodegroup(spec, { ...group, desiredSize: 1 }, new Date().toISOString()),
    );
    await real.keepUntil(upTimeoutMs, allWell);
    const client = clientOfFirst();
    // A pod needs the account of its namespace, which the controller manager makes a moment after it began to lead.
    const create = (path: string, body: object) =>
      eventually(`${path} takes it`, settleMs, async () => {
        const answer = await client.create(path, body);
        if (answer.kind !== 'ok') throw new Error(trouble(answer));
        return true;
      });
    for (const [path, body] of objects) await create(path, body);
    await eventually('the pods run and their budgets are counted', settleMs, async () => {
      const { seen } = await look('plan');
      const told =
        seen.nodes[0]?.pods.length === 3 && seen.disruptionBudgets.find(({ name }) => name === 'web')?.currentHealthy === 2;
      return told && seen.unavailableApiServices.length === 1 ? true : undefined;
    });
  });
  afterAll(() => real?.close());

  function clientOfFirst() {
    const member = real.cluster.spec.members.find(({ name }) => name === 'apiserver-1');
    if (member === undefined) throw new Error('there is no apiserver-1');
    return kubernetesClient(real.cluster, real.io, urlOf(member));
  }

  const allWell = ({ members, cluster }: Observation<SeenKubernetes>) =>
    cluster.kind === 'seen' &&
    members.every(({ name, joined }) => name.endsWith('-surge') || joined !== null) &&
    [...cluster.seen.apiservers, ...cluster.seen.nodes].every(({ ready }) => ready) &&
    cluster.seen.controllers.filter(({ leader }) => leader).length === 2;

  async function look(depth: ObservationDepth) {
    const began = performance.now();
    const observation = await observe(real.cluster, theKubernetesCatalog(), real.io, depth);
    const tookMs = performance.now() - began;
    if (observation.cluster.kind !== 'seen') throw new Error(observation.cluster.because);
    const seen: SeenKubernetes = observation.cluster.seen;
    return { observation, seen, tookMs };
  }

  it('is seen whole, with nothing unknown', async () => {
    const { observation, seen } = await look('plan');
    expect(observation.unknowns).toEqual([]);
    expect(releaseOf(observation)).toEqual(release);
    expect(basisOf(observation)).toBe(
      `${seen.clusterUid} etcd-1=3.6.16 apiserver-1=1.36 (eks.1) apiserver-2=1.36 (eks.1) apiserver-surge=away ` +
        'controller-manager-1=1.36 (eks.1) controller-manager-2=1.36 (eks.1) scheduler-1=1.36 (eks.1) scheduler-2=1.36 (eks.1) ' +
        'front-door=there blue-1=1.36 (eks.1) blue-surge=away',
    );
    expect(seen.apiservers).toMatchObject(
      ['apiserver-1', 'apiserver-2'].map((name) => ({ name, version: '1.36.1', emulated: '1.36', ready: true, notReady: [] })),
    );
    expect(seen.apiservers[1]?.storageVersions['apps/v1/deployments']).toMatch(/^\S+=$/);
    expect(
      seen.controllers
        .filter(({ leader }) => leader)
        .map(({ component }) => component)
        .sort(),
    ).toEqual(['kube-controller-manager', 'kube-scheduler']);
    expect(seen.etcd).toMatchObject([{ name: 'etcd-1', version: '3.6.16', leader: true, healthy: true, alarms: [] }]);
    expect(seen.etcdClusterVersion).toBe('3.6.0');
    expect(seen.nodes).toMatchObject([
      { name: 'blue-1', kubeletVersion: '1.36.1', ready: true, nodegroup: 'blue', pressures: [] },
    ]);
    expect(seen.addons).toEqual([{ kind: 'DaemonSet', name: 'kube-proxy', version: 'v1.36.1' }]);
    expect(seen.failingClosedWebhooks).toMatchObject([
      { webhook: 'closed.example.com', target: 'default/gone', unreachable: true },
    ]);
    expect(seen.unavailableApiServices).toMatchObject([{ name: 'v1beta1.metrics.example.com' }]);
    expect(Date.parse(seen.certificateNotAfter ?? '')).toBeGreaterThan(Date.now());
    for (const { process, joined, name } of observation.members) {
      if (name.endsWith('-surge')) continue;
      if (process.state !== 'running') throw new Error(`${name} does not run`);
      expect(joined?.ephemeralId).toBe(`${process.identity.pid}@${process.identity.startTime}`);
    }
  });

  it('keeps, refuses and lets go of pods as its budgets say', async () => {
    const { seen } = await look('plan');
    const pods = seen.nodes[0]?.pods ?? [];
    const [web] = pods.filter(({ name }) => name.startsWith('web-'));
    const bare = pods.find(({ name }) => name === 'bare');
    if (web === undefined || bare === undefined) throw new Error('the pods are not there');
    expect(web.budgets).toEqual(['web']);
    expect(bare.budgets).toEqual(['two-a', 'two-b']);
    const client = clientOfFirst();
    expect(await evict(client, web)).toEqual({
      kind: 'blocked',
      says: expect.stringContaining('The disruption budget web needs 2 healthy pods and has 2 currently'),
    });
    expect(await evict(client, bare)).toMatchObject({ kind: 'misconfigured' });
    expect(await evict(client, { ...web, name: 'nobody' })).toEqual({ kind: 'gone' });
    expect(await client.delete('/apis/policy/v1/namespaces/default/poddisruptionbudgets/web')).toEqual({ kind: 'deleted' });
    // Who it is is asked after the budgets.
    expect(await evict(client, { ...web, uid: 'another' })).toEqual({ kind: 'gone' });
    expect(await evict(client, web)).toEqual({ kind: 'evicted' });
    await eventually('the pod is gone', settleMs, async () => {
      const now = await look('plan');
      return now.seen.nodes[0]?.pods.some(({ uid }) => uid === web.uid) === false ? true : undefined;
    });
  });

  it('is seen in time while an apiserver is frozen, and again when it goes on', async () => {
    const frozen = await pidOf('apiserver-2');
    process.kill(frozen, 'SIGSTOP');
    try {
      const { observation, seen, tookMs } = await look('turn');
      expect(seen.apiservers.map(({ name }) => name)).toEqual(['apiserver-1']);
      expect(observation.members.find(({ name }) => name === 'apiserver-2')).toMatchObject({
        joined: null,
        running: null,
        process: { state: 'running' },
      });
      expect(observation.unknowns.filter((says) => says.startsWith('apiserver apiserver-2: '))).toHaveLength(1);
      expect(tookMs).toBeLessThan(turnTimeMaxMs);
    } finally {
      process.kill(frozen, 'SIGCONT');
    }
    await eventually('it is there again', settleMs, async () => {
      const { seen } = await look('turn');
      return seen.apiservers.filter(({ ready }) => ready).length === 2 ? true : undefined;
    });
  });

  it('is seen in time while etcd is frozen: by name, not ready, and with nothing made up', async () => {
    const frozen = await pidOf('etcd-1');
    process.kill(frozen, 'SIGSTOP');
    try {
      const { clusterUid } = (await look('turn')).seen;
      const { observation, seen, tookMs } = await eventually('no apiserver is ready', settleMs, async () => {
        const now = await look('turn');
        return now.seen.apiservers.every(({ ready }) => !ready) ? now : undefined;
      });
      expect(tookMs).toBeLessThan(turnTimeMaxMs);
      expect(seen.apiservers.map(({ name }) => name)).toEqual(['apiserver-1', 'apiserver-2']);
      expect(seen.etcd).toEqual([]);
      expect(seen.clusterUid).toBe(clusterUid);
      expect(observation.members.find(({ name }) => name === 'etcd-1')).toMatchObject({
        joined: null,
        process: { state: 'running' },
      });
      expect(observation.unknowns.filter((says) => says.startsWith('etcd etcd-1: '))).not.toEqual([]);
    } finally {
      process.kill(frozen, 'SIGCONT');
    }
    await eventually('it is well again', settleMs, async () => {
      const { seen } = await look('turn');
      return seen.apiservers.filter(({ ready }) => ready).length === 2 && seen.etcd[0]?.healthy === true ? true : undefined;
    });
  });

  async function pidOf(name: string): Promise<number> {
    const described = await real.host.describe(real.cluster.id, name);
    if (described.state !== 'running') throw new Error(`${name} does not run`);
    return described.identity.pid;
  }
});
