import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HttpRequest, MemberProcess, Observation, ObservationDepth, SeenKubernetes } from '../../../domain/index.ts';
import { observe, unknownAbout } from './index.ts';
import { catalog, changed, cluster, ioOf, processOf, type Scene, silence } from './testing.ts';

const first = 'https://127.66.6.11:6443';
const second = 'https://127.66.6.12:6443';
const etcd = 'https://127.66.6.21:2379';

async function look(scene: Scene = {}, depth: ObservationDepth = 'plan', of = cluster) {
  const observation = await observe(of, catalog, ioOf(scene), depth);
  const seen = () => seenIn(observation);
  const member = (name: string) => observation.members.find((candidate) => candidate.name === name);
  return { observation, seen, member };
}

function seenIn({ cluster: looked }: Observation<SeenKubernetes>): SeenKubernetes {
  if (looked.kind !== 'seen') throw new Error(looked.because);
  return looked.seen;
}

const unwell = (...failing: readonly string[]) => ({
  status: 500,
  body: ['[+]ping ok', ...failing.map((check) => `[-]${check} failed: reason withheld`), 'readyz check failed', ''].join('\n'),
});

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

describe('an observation of a control plane in trouble', () => {
  afterEach(() => vi.useRealTimers());

  it('names the checks of an apiserver that is not ready, and asks another one for the rest', async () => {
    const asked: HttpRequest[] = [];
    const answers = {
      [`${second}/readyz?verbose`]: { status: 200, body: 'readyz check passed' },
      [`${first}/readyz?verbose`]: unwell('etcd', 'shutdown'),
    };
    const moved = Object.fromEntries(
      ['/api/v1/namespaces/kube-system?resourceVersion=0', '/api/v1/nodes?limit=100'].map((path) => [
        `${second}${path}`,
        changed(`${first}${path}`, (body) => body),
      ]),
    );
    const { observation, seen, member } = await look({ asked, answers: { ...answers, ...moved } }, 'turn');
    expect(seen().apiservers[0]).toMatchObject({ name: 'apiserver-1', ready: false, notReady: ['etcd', 'shutdown'] });
    expect(member('apiserver-1')?.joined).not.toBeNull();
    expect(seen().nodes.map(({ name }) => name)).toEqual(['blue-1']);
    expect(asked.map(({ url }) => url)).not.toContain(`${first}/api/v1/nodes?limit=100`);
    expect(observation.unknowns).toEqual([]);
  });

  it('sees a cluster whose apiservers are all not ready, without what they cannot tell', async () => {
    const answers = {
      [`${first}/readyz?verbose`]: unwell('etcd'),
      [`${second}/readyz?verbose`]: unwell('etcd'),
      [`${first}/api/v1/nodes?limit=100`]: { status: 500, body: { kind: 'Status', message: 'etcdserver: request timed out' } },
    };
    const { observation, seen } = await look({ answers }, 'turn');
    expect(seen().apiservers.map(({ ready }) => ready)).toEqual([false, false]);
    expect(seen().clusterUid).toBe('06304f9f-d72c-462e-a6a4-3f709e5ac603');
    expect(observation.unknowns).toEqual(['nodes: HTTP 500: etcdserver: request timed out']);
  });

  it('is of no cluster where no apiserver answers, and tells the members all the same', async () => {
    const answers = { ...silence('127.66.6.11'), ...silence('127.66.6.12') };
    const { observation, member } = await look({ answers });
    expect(observation.cluster).toEqual({
      kind: 'unreachable',
      because:
        'apiserver apiserver-1: https://127.66.6.11:6443/version: connect ECONNREFUSED 127.66.6.11:6443; ' +
        'apiserver apiserver-2: https://127.66.6.12:6443/version: connect ECONNREFUSED 127.66.6.12:6443',
    });
    expect(member('etcd-1')?.joined?.nodeId).toBe('f40fa925c6ddc877');
    expect(member('controller-manager-1')?.running).toEqual({ version: '1.36', build: 'eks.1' });
    expect(member('apiserver-1')).toMatchObject({ joined: null, running: null, process: { state: 'running' } });
  });

  it.each(['turn', 'plan'] as const)('ends a %s in its time although everybody hangs', async (depth) => {
    vi.useFakeTimers({ now: 0 });
    const hang = ({ url, timeoutMs }: HttpRequest) =>
      new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error(`${url} did not answer within ${timeoutMs} ms`)), timeoutMs),
      );
    const io = { ...ioOf({ now: () => new Date().toISOString() }), http: hang };
    const looking = observe(cluster, catalog, io, depth).then((observation) => ({ observation, endedMs: Date.now() }));
    await vi.runAllTimersAsync();
    const { observation, endedMs } = await looking;
    expect(observation.cluster.kind).toBe('unreachable');
    expect(endedMs).toBeLessThanOrEqual(3_000);
  });

  it('ends a turn in its time although those hang that are asked last', async () => {
    vi.useFakeTimers({ now: 0 });
    const plain = ioOf({ now: () => new Date().toISOString(), answers: { [`${first}/readyz?verbose`]: unwell('etcd') } });
    const io: typeof plain = {
      ...plain,
      http: (request) =>
        /version$|readyz\?verbose$/.test(request.url) && request.url.startsWith(first)
          ? plain.http(request)
          : new Promise((_, reject) => setTimeout(() => reject(new Error('it hangs')), request.timeoutMs)),
    };
    const looking = observe(cluster, catalog, io, 'turn').then((observation) => ({ observation, endedMs: Date.now() }));
    await vi.runAllTimersAsync();
    const { observation, endedMs } = await looking;
    expect(seenIn(observation).apiservers.map(({ name }) => name)).toEqual(['apiserver-1']);
    expect(endedMs).toBeLessThanOrEqual(3_000);
    expect(unknownAbout(observation, 'nodes')).toContain('it hangs');
  });

  it('does not take the answer of a process that was replaced meanwhile for one of its follower', async () => {
    const described = new Map<string, number>();
    const processes = (name: string): MemberProcess => {
      const times = (described.get(name) ?? 0) + 1;
      described.set(name, times);
      const process = processOf(name);
      if (name !== 'apiserver-2' || times === 1 || process.state !== 'running') return process;
      return { ...process, identity: { pid: 4, startTime: '9' } };
    };
    const { seen, member } = await look({ processes }, 'turn');
    expect(seen().apiservers.map(({ name }) => name)).toEqual(['apiserver-1']);
    expect(member('apiserver-2')).toMatchObject({ joined: null, running: null, process: { identity: { pid: 4 } } });
  });

  it('takes a member that no host tells of as it answers', async () => {
    const { observation, member } = await look({ noHost: true }, 'turn');
    expect(member('apiserver-1')).toEqual({
      name: 'apiserver-1',
      process: { state: 'unknown', because: 'host local is not configured' },
      running: { version: '1.36', build: 'eks.1' },
      joined: { nodeId: 'apiserver-1', ephemeralId: 'unknown' },
    });
    expect(observation.hosts).toEqual({ local: { kind: 'unreachable', because: 'it is not configured' } });
  });

  it('does not take the object that a node leaves behind for the node', async () => {
    const processes = (name: string): MemberProcess =>
      name === 'blue-1' ? { state: 'stopped', release: null, exitCode: 1, lastLines: [] } : processOf(name);
    const { seen, member } = await look({ processes }, 'turn');
    expect(seen().nodes.map(({ name }) => name)).toEqual(['blue-1']);
    expect(member('blue-1')?.joined).toBeNull();
  });

  it('says nothing of members that their host knows to be away', async () => {
    const processes = (name: string): MemberProcess =>
      name === 'scheduler-1' ? { state: 'stopped', release: null, exitCode: 0, lastLines: [] } : processOf(name);
    const { observation, seen } = await look({ processes, answers: silence('127.66.6.41') }, 'turn');
    expect(observation.unknowns).toEqual([]);
    expect(seen().controllers.map(({ name }) => name)).toEqual(['controller-manager-1', 'controller-manager-2', 'scheduler-2']);
  });

  it('tells an alarm of etcd from not being able to agree', async () => {
    const full = { status: 503, body: { health: 'false', reason: 'ALARM NOSPACE' } };
    const alarmed = await look({ answers: { [`${etcd}/health`]: full } }, 'turn');
    expect(alarmed.seen().etcd).toMatchObject([{ healthy: true, alarms: ['NOSPACE'] }]);
    const lone = { status: 503, body: { health: 'false', reason: 'RAFT NO LEADER' } };
    const away = await look(
      { answers: { [`${etcd}/health`]: lone, [`${etcd}/health?exclude=NOSPACE&exclude=CORRUPT`]: lone } },
      'turn',
    );
    expect(away.seen().etcd).toMatchObject([{ healthy: false, alarms: [] }]);
  });

  it('knows a balancer that takes connections with nobody behind it', async () => {
    const cut = () => Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const { observation, seen } = await look({ answers: { 'https://127.66.6.1:6443/readyz': cut } }, 'turn');
    expect(seen().frontDoorAnswers).toBe(true);
    expect(observation.unknowns).toEqual([]);
    const { seen: closed, member } = await look({ answers: silence('127.66.6.1') }, 'turn');
    expect(closed().frontDoorAnswers).toBe(false);
    expect(member('front-door')?.joined).toBeNull();
  });
});
