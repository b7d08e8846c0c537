import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HttpRequest, MemberProcess } from '../../../domain/index.ts';
import { observe, unknownAbout } from './index.ts';
import { catalog, changed, cluster, ioOf, look, processOf, seenIn, silence } from './testing.ts';

const first = 'https://127.66.6.11:6443';
const second = 'https://127.66.6.12:6443';
const etcd = 'https://127.66.6.21:2379';

const unwell = (...failing: readonly string[]) => ({
  status: 500,
  body: ['[+]ping ok', ...failing.map((check) => `[-]${check} failed: reason withheld`), 'readyz check failed', ''].join('\n'),
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

  it('asks more of a balancer of the owner than that it takes connections', async () => {
    const members = cluster.spec.members.filter(({ component }) => component !== 'front-door');
    const theirs = { ...cluster, spec: { ...cluster.spec, members } };
    const cut = () => Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const { observation, seen } = await look({ answers: { 'https://127.66.6.1:6443/readyz': cut } }, 'turn', theirs);
    expect(seen().frontDoorAnswers).toBe(false);
    expect(observation.unknowns).toEqual([expect.stringContaining('balancer https://127.66.6.1:6443: ')]);
    expect((await look({}, 'turn', theirs)).seen().frontDoorAnswers).toBe(true);
  });
});
