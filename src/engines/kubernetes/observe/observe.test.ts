import { describe, expect, it } from 'vitest';
import type { HttpRequest, MemberProcess } from '../../../domain/index.ts';
import { unknownAbout } from './index.ts';
import { changed, cluster, look, processOf } from './testing.ts';

const first = 'https://127.66.6.11:6443';

describe('an observation of a real control plane', () => {
  it('has nothing unknown', async () => {
    const { observation } = await look();
    expect(observation.unknowns).toEqual([]);
    expect(observation.hosts).toEqual({
      local: { kind: 'seen', javas: [], freeMemoryBytes: 5, prefetched: ['1.36+eks.1'], generation: 3 },
    });
  });

  it('tells each member with what it runs and the process that it is', async () => {
    const { observation } = await look();
    const told = observation.members.map(({ name, running, joined }) => [
      name,
      running === null ? null : `${running.version} ${running.build}`,
      joined?.nodeId ?? null,
    ]);
    expect(told).toEqual([
      ['etcd-1', '3.6.16 null', 'f40fa925c6ddc877'],
      ['apiserver-1', '1.36 eks.1', 'apiserver-1'],
      ['apiserver-2', '1.36 eks.1', 'apiserver-2'],
      ['apiserver-surge', null, null],
      ['controller-manager-1', '1.36 eks.1', 'controller-manager-1'],
      ['controller-manager-2', '1.36 eks.1', 'controller-manager-2'],
      ['scheduler-1', '1.36 eks.1', 'scheduler-1'],
      ['scheduler-2', '1.36 eks.1', 'scheduler-2'],
      ['front-door', null, 'front-door'],
      ['blue-1', '1.36 eks.1', 'bc8c409e-eb8e-47c7-93fc-9ef6f77eb323'],
      ['blue-surge', null, null],
    ]);
    for (const { joined, process } of observation.members) {
      if (process.state === 'running') expect(joined?.ephemeralId).toBe(`${process.identity.pid}@${process.identity.startTime}`);
    }
  });

  it('tells each apiserver with the minor that it behaves as', async () => {
    const { seen } = await look();
    expect(
      seen().apiservers.map(({ name, version, emulated, ready, notReady }) => [name, version, emulated, ready, notReady]),
    ).toEqual([
      ['apiserver-1', '1.36.1', '1.36', true, []],
      ['apiserver-2', '1.36.1', '1.35', true, []],
    ]);
    expect(seen().apiservers[0]?.deprecated).toEqual([
      { group: '', version: 'v1', resource: 'endpoints', subresource: '', removedRelease: '' },
    ]);
    expect(seen().apiservers[0]?.storageVersions).toMatchObject({
      'v1/pods': 'xPOwRZ+Yhw8=',
      'apps/v1/deployments': expect.stringMatching(/=$/),
      'example.com/v1/things': expect.stringMatching(/=$/),
    });
    expect(Object.keys(seen().apiservers[0]?.storageVersions ?? {})).not.toContain('v1/pods/log');
  });

  it('tells who leads among controllers, and etcd', async () => {
    const { seen } = await look();
    const leaders = seen()
      .controllers.filter(({ leader }) => leader)
      .map(({ component }) => component);
    expect(leaders.sort()).toEqual(['kube-controller-manager', 'kube-scheduler']);
    expect(seen().controllers.map(({ version, healthy }) => `${version} ${healthy}`)).toEqual(Array(4).fill('1.36.1 true'));
    expect(seen().etcd).toEqual([
      {
        name: 'etcd-1',
        memberId: 'f40fa925c6ddc877',
        version: '3.6.16',
        leader: true,
        healthy: true,
        dbSizeBytes: expect.any(Number),
        quotaBytes: 2_147_483_648,
        raftIndex: expect.any(Number),
        alarms: [],
      },
    ]);
    expect(seen().etcdClusterVersion).toBe('3.6.0');
    expect(seen().frontDoorAnswers).toBe(true);
  });

  it('tells the pods that an eviction is for with the budgets that hold each', async () => {
    const { seen } = await look();
    const [node] = seen().nodes;
    expect(node).toMatchObject({
      name: 'blue-1',
      kubeletVersion: '1.36.1',
      ready: true,
      unschedulable: false,
      cordonedByUs: false,
      nodegroup: 'blue',
      pressures: [],
    });
    const pods = node?.pods.map(({ namespace, name, owned, budgets }) => [
      `${namespace}/${name}`.replace(/-\w+-\w+$/, ''),
      owned,
      budgets,
    ]);
    expect(pods).toEqual([
      ['app/bare', false, ['two-a', 'two-b']],
      ['app/free', false, []],
      ['app/web', true, ['web']],
      ['app/web', true, ['web']],
      ['kube-system/coredns', true, []],
    ]);
    expect(seen().disruptionBudgets.find(({ name }) => name === 'web')).toEqual({
      namespace: 'app',
      name: 'web',
      disruptionsAllowed: 0,
      expectedPods: 2,
      currentHealthy: 2,
      desiredHealthy: 2,
    });
  });

  it('tells what checks ask about', async () => {
    const { seen } = await look();
    expect(seen().failingClosedWebhooks).toEqual([
      { configuration: 'closed', webhook: 'closed.example.com', target: 'app/gone', unreachable: true, resources: ['secrets'] },
      {
        configuration: 'there',
        webhook: 'there.example.com',
        target: 'app/web',
        unreachable: false,
        resources: ['statefulsets', 'statefulsets/scale'],
      },
    ]);
    expect(seen().unavailableApiServices).toEqual([
      { name: 'v1beta1.metrics.example.com', says: 'ServiceNotFound: service/gone in "app" is not present' },
    ]);
    expect(seen().customResources).toEqual([
      { name: 'things.example.com', storedVersions: ['v1alpha1', 'v1'], servedVersions: ['v1'] },
    ]);
    expect(seen().addons).toEqual([
      { kind: 'Deployment', name: 'coredns', version: 'v1.12.1' },
      { kind: 'DaemonSet', name: 'kube-proxy', version: 'v1.36.1' },
    ]);
    expect(seen().newerObjects).toEqual([]);
  });
});

describe('a webhook that fails closed', () => {
  const url = `${first}/apis/discovery.k8s.io/v1/namespaces/app/endpointslices?limit=500&labelSelector=kubernetes.io%2Fservice-name%3Dweb`;
  it.each([
    ['one of several is ready', [{ conditions: { ready: false } }, { conditions: { ready: true } }], false],
    ['none says that it is not', [{}], false],
    ['none is ready', [{ conditions: { ready: false } }], true],
    ['there are none', null, true],
  ])('where %s of its endpoints: unreachable %s', async (_, endpoints, unreachable) => {
    const answer = changed(url, (body: { items: object[] }) => ({ ...body, items: [{ ...body.items[0], endpoints }] }));
    const { seen } = await look({ answers: { [url]: answer } });
    expect(seen().failingClosedWebhooks.find(({ webhook }) => webhook === 'there.example.com')).toMatchObject({ unreachable });
  });

  it('outside the cluster is named without what its address may hold, and not judged', async () => {
    const list = `${first}/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations?limit=500`;
    const answer = changed(list, (body: { items: { webhooks: object[] }[] }) => ({
      ...body,
      items: body.items.map((one) => ({
        ...one,
        webhooks: one.webhooks.map((webhook) => ({
          ...webhook,
          clientConfig: { url: 'https://me:pass@hooks.example.com/x?token=abc' },
        })),
      })),
    }));
    const { seen } = await look({ answers: { [list]: answer } });
    expect(seen().failingClosedWebhooks.find(({ webhook }) => webhook === 'there.example.com')).toMatchObject({
      target: 'https://hooks.example.com/x',
      unreachable: false,
    });
  });
});

describe('an observation of a turn', () => {
  it('asks for no more than a turn needs', async () => {
    const asked: HttpRequest[] = [];
    const { observation, seen } = await look({ asked }, 'turn');
    const paths = asked.filter(({ url }) => url.startsWith(first)).map(({ url }) => url.slice(first.length));
    expect(paths.sort()).toEqual([
      '/api/v1/namespaces/kube-system?resourceVersion=0',
      '/api/v1/nodes?limit=100',
      '/readyz?verbose',
      '/version',
    ]);
    expect(observation.unknowns).toEqual([]);
    expect(seen().nodes[0]?.pods).toEqual([]);
  });

  const cordoned = changed(`${first}/api/v1/nodes?limit=100`, (body: { items: { metadata: object; spec: object }[] }) => ({
    ...body,
    items: body.items.map((node) => ({
      ...node,
      metadata: { ...node.metadata, annotations: { 'clusterlift.io/cordoned-by': 'upgrade' } },
      spec: { unschedulable: true },
    })),
  }));
  const surgeRuns = (name: string): MemberProcess =>
    name === 'blue-surge' ? ({ ...processOf('blue-1'), identity: { pid: 5, startTime: '8' } } as MemberProcess) : processOf(name);
  const group = cluster.spec.nodegroups[0];
  const deleting = {
    ...cluster,
    spec: { ...cluster.spec, nodegroups: group === undefined ? [] : [{ ...group, deleting: true }] },
  };

  it.each([
    ['a node is cordoned', { answers: { [`${first}/api/v1/nodes?limit=100`]: cordoned } }, cluster],
    ['a surge node runs', { processes: surgeRuns }, cluster],
    ['a group is being deleted', {}, deleting],
  ])('looks at pods and budgets while %s', async (_, scene, of) => {
    const { seen } = await look(scene, 'turn', of);
    expect(seen().nodes[0]?.pods).toHaveLength(5);
    expect(seen().disruptionBudgets).toHaveLength(3);
  });

  it('tells whose cordon it is', async () => {
    const { seen } = await look({ answers: { [`${first}/api/v1/nodes?limit=100`]: cordoned } }, 'turn');
    expect(seen().nodes[0]).toMatchObject({ unschedulable: true, cordonedByUs: true });
  });

  it('has no node whose pods nobody tells: it would look drained', async () => {
    const answers = { [`${first}/api/v1/nodes?limit=100`]: cordoned, [`${first}/api/v1/pods?limit=500`]: null };
    const { observation, seen, member } = await look({ answers }, 'turn');
    expect(seen().nodes).toEqual([]);
    expect(member('blue-1')).toMatchObject({ joined: null, running: null, process: { state: 'running' } });
    expect(unknownAbout(observation, 'pods')).toContain('ECONNREFUSED');
    expect(unknownAbout(observation, 'nodes')).toBe('nodes: nobody tells which pods are on blue-1');
  });

  it('does not know the budgets of a pod when nobody tells them', async () => {
    const answers = {
      [`${first}/api/v1/nodes?limit=100`]: cordoned,
      [`${first}/apis/policy/v1/poddisruptionbudgets?limit=500`]: null,
    };
    const { observation, seen } = await look({ answers }, 'turn');
    expect(seen().nodes[0]?.pods.map(({ budgets }) => budgets)).toEqual(Array(5).fill(undefined));
    expect(unknownAbout(observation, 'budgets')).toContain('ECONNREFUSED');
  });
});
