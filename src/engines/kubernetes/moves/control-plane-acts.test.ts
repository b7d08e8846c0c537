import { describe, expect, it } from 'vitest';
import { asItIs, asked, cluster, cutAnywhere, etcdRelease, everybodyRuns, old, perform, young } from './testing-acting.ts';
import { identityOf, type Outside } from './testing-outside.ts';

const lift = { ...young, emulate: '1.36' };
const replace = (name: string) => (outside: Outside) => asked('replace-member', [asItIs(outside, name)], lift);
const startsOf = (outside: Outside) => outside.launches.map(({ member }) => member);
const stopped = (name: string) => () => {
  const outside = everybodyRuns();
  outside.processes.set(name, { state: 'stopped', lastLines: [] });
  return outside;
};

describe('replacing a member', () => {
  it('stops and starts that member alone, behaving as told', async () => {
    const outside = everybodyRuns();
    const result = await perform(outside, replace('apiserver-2')(outside));
    expect(result).toMatchObject({ kind: 'done', says: expect.stringContaining('behaving as 1.36.') });
    expect(outside.touched).toEqual(['prefetch 1.37+eks.2', 'stop apiserver-2', 'start apiserver-2']);
    expect(outside.processes.get('apiserver-2')).toMatchObject({ release: young, command: '--emulated-version=1.36' });
  });

  it('leaves the one that it has started when it is asked again', async () => {
    const outside = everybodyRuns();
    const act = replace('apiserver-2')(outside);
    await perform(outside, act);
    const { length } = outside.touched;
    expect(await perform(outside, act)).toMatchObject({ kind: 'refused', because: 'identity-changed' });
    expect(outside.touched.length).toBe(length);
  });

  it('ends the same wherever it was cut off', () => cutAnywhere(everybodyRuns, replace('apiserver-1')));

  it('starts it where it is gone already', async () => {
    const outside = everybodyRuns();
    const act = replace('scheduler-1')(outside);
    outside.processes.set('scheduler-1', { state: 'stopped', lastLines: [] });
    expect(await perform(outside, act)).toMatchObject({ kind: 'done' });
    expect(outside.touched).toEqual(['prefetch 1.37+eks.2', 'start scheduler-1']);
  });

  it('tells the last lines of one that ends at once', async () => {
    const outside = everybodyRuns();
    outside.failing.set('apiserver-1', ['Error: unknown flag: --old']);
    expect(await perform(outside, replace('apiserver-1')(outside))).toMatchObject({
      kind: 'failed',
      says: 'apiserver-1 stopped. apiserver-1 ended at once.',
      lastLines: ['Error: unknown flag: --old'],
    });
  });

  it('stops nobody for programs that cannot be had', async () => {
    const outside = everybodyRuns();
    outside.unobtainable = true;
    expect(await perform(outside, replace('apiserver-1')(outside))).toMatchObject({ kind: 'failed' });
    expect(outside.touched).toEqual([]);
  });

  it('touches nobody where another process runs in its place, or its process is not known', async () => {
    const outside = everybodyRuns();
    const other = { ...asItIs(outside, 'etcd-2'), process: identityOf(7) };
    expect(await perform(outside, asked('replace-member', [other], { ...etcdRelease, emulate: null }))).toMatchObject({
      kind: 'refused',
      because: 'identity-changed',
    });
    const unknown = { ...other, process: null };
    expect(await perform(outside, asked('replace-member', [unknown], { ...etcdRelease, emulate: null }))).toMatchObject({
      kind: 'failed',
    });
    expect(outside.touched.filter((call) => !call.startsWith('prefetch'))).toEqual([]);
  });
});

describe('starting members', () => {
  const start =
    (name: string, parameters: { version: string | null; build: string | null } = old) =>
    (outside: Outside) =>
      asked('start-member', [asItIs(outside, name)], { ...parameters, emulate: null });

  it('starts the one that is gone and leaves it when it is asked again', async () => {
    const outside = stopped('controller-manager-2')();
    const act = start('controller-manager-2')(outside);
    expect(await perform(outside, act)).toMatchObject({ kind: 'done' });
    expect(await perform(outside, act)).toMatchObject({ kind: 'done', says: 'controller-manager-2 runs already.' });
    expect(startsOf(outside)).toEqual(['controller-manager-2']);
  });

  it('starts a front door, which has no release, with whatever the machine has', async () => {
    const outside = stopped('front-door')();
    const result = await perform(outside, start('front-door', { version: null, build: null })(outside));
    expect(result).toMatchObject({ kind: 'done', says: 'front-door started.' });
    expect(outside.touched).toEqual(['start front-door']);
  });

  it('ends the same wherever it was cut off', () => cutAnywhere(stopped('scheduler-2'), start('scheduler-2')));

  it('gives viewers their rights before the first controller manager of a new cluster, wherever it was cut off', async () => {
    const change = { cluster: { ...cluster, provisioning: { state: 'creating' } as const } };
    const arrange = stopped('controller-manager-1');
    const outside = arrange();
    await perform(outside, start('controller-manager-1')(outside), change);
    expect([...outside.api.made]).toEqual([
      'ClusterRole clusterlift:viewers',
      'ClusterRoleBinding clusterlift:viewers:view',
      'ClusterRoleBinding clusterlift:viewers',
    ]);
    expect(outside.touched.at(-1)).toBe('start controller-manager-1');
    await cutAnywhere(arrange, start('controller-manager-1'), change);
  });
});

describe('the place for one apiserver more', () => {
  const begin = (outside: Outside) => asked('start-surge', [asItIs(outside, 'apiserver-surge')], lift);
  const surging = () => {
    const outside = everybodyRuns();
    outside.run('apiserver-surge', young);
    return outside;
  };
  const end = (outside: Outside) => asked('stop-surge', [asItIs(outside, 'apiserver-surge')], { wait: null });

  it('is started once', async () => {
    const outside = everybodyRuns();
    expect(await perform(outside, begin(outside))).toMatchObject({ kind: 'done' });
    expect(await perform(outside, begin(outside))).toMatchObject({ kind: 'done', says: 'apiserver-surge runs already.' });
    expect(startsOf(outside)).toEqual(['apiserver-surge']);
    await cutAnywhere(everybodyRuns, begin);
  });

  it('is not waited for where it is enough that it was told to end', async () => {
    const outside = surging();
    const io = outside.io();
    const told: string[] = [];
    const stop = (_ticket: unknown, member: string) => {
      told.push(member);
      return new Promise<never>(() => undefined);
    };
    Object.assign(outside, { io: () => ({ ...io, hosts: (key: string) => ({ ...io.hosts(key), stop }) }) });
    const act = asked('stop-surge', [asItIs(outside, 'apiserver-surge')], { wait: 'no' });
    expect(await perform(outside, act)).toEqual({ kind: 'done', says: 'apiserver-surge is told to end.' });
    expect(told).toEqual(['apiserver-surge']);
  });

  it('is stopped and left stopped', async () => {
    const outside = surging();
    const act = end(outside);
    await perform(outside, act);
    expect(await perform(outside, act)).toMatchObject({ kind: 'done', says: 'apiserver-surge does not run.' });
    expect(outside.touched).toEqual(['stop apiserver-surge']);
    await cutAnywhere(surging, end);
  });
});

describe('getting programs ready', () => {
  const fetch = () => asked('prefetch', [], { ...young, host: 'local', component: 'kubernetes' });

  it('asks the host once, touches nobody, and ends the same wherever it was cut off', async () => {
    const outside = everybodyRuns();
    await perform(outside, fetch());
    await perform(outside, fetch());
    expect(outside.touched).toEqual(['prefetch 1.37+eks.2']);
    await cutAnywhere(everybodyRuns, fetch);
  });

  it('says which host is not configured', async () => {
    const away = asked('prefetch', [], { ...young, host: 'elsewhere', component: 'kubernetes' });
    expect(await perform(everybodyRuns(), away)).toMatchObject({ kind: 'failed', says: expect.stringContaining('elsewhere') });
  });
});

describe('a snapshot of etcd', () => {
  const snapshot = (outside: Outside) => asked('snapshot-etcd', [asItIs(outside, 'etcd-3')], {});

  it('is taken beside the member asked, told, and its task with its key erased', async () => {
    const outside = everybodyRuns();
    expect(await perform(outside, snapshot(outside))).toEqual({
      kind: 'done',
      says: 'Snapshot of etcd taken: /snapshots/etcd-1.db (hash, 1, 2, 3).',
    });
    expect(outside.touched.slice(-2)).toEqual(['start etcd-3-snapshot', 'erase etcd-3-snapshot']);
    expect(outside.launches[0]?.command.join(' ')).toContain('--endpoints=https://127.77.3.23:2379');
    expect(outside.processes.get('etcd-3')).toMatchObject({ state: 'running' });
  });

  it('ends the same wherever it was cut off', () => cutAnywhere(everybodyRuns, snapshot));

  it('tells the last lines of one that failed, and takes none of them for the next one’s', async () => {
    const outside = everybodyRuns();
    outside.snapshotSays = ['Error: no space left on device'];
    const failure = { kind: 'failed', lastLines: ['Error: no space left on device'] };
    expect(await perform(outside, snapshot(outside))).toMatchObject(failure);
    outside.snapshotSays = ['snapshot taken: /snapshots/etcd-2.db (hash)'];
    expect(await perform(outside, snapshot(outside))).toMatchObject({ kind: 'done' });
  });

  it('says that waiting for it was cut off', async () => {
    const outside = everybodyRuns();
    const signal = AbortSignal.abort();
    expect(await perform(outside, snapshot(outside), { signal })).toMatchObject({
      kind: 'failed',
      says: 'Waiting for the snapshot of etcd was cut off.',
    });
  });
});

describe('moving the lead of etcd', () => {
  const move = (outside: Outside) => asked('move-etcd-leader', [asItIs(outside, 'etcd-1')], { to: 'etcd-2' });

  it('gives it to the one named, once', async () => {
    const outside = everybodyRuns();
    expect(await perform(outside, move(outside))).toEqual({ kind: 'done', says: 'etcd-2 leads etcd.' });
    expect(await perform(outside, move(outside))).toEqual({ kind: 'done', says: 'etcd-2 leads etcd.' });
    expect(outside.api.leader).toBe(2);
    expect(outside.touched).toEqual(['POST /v3/maintenance/transfer-leadership']);
    await cutAnywhere(everybodyRuns, move);
  });

  it('takes it from nobody but the one that it was decided for', async () => {
    const outside = everybodyRuns();
    outside.api.leader = 3;
    expect(await perform(outside, move(outside))).toMatchObject({ kind: 'refused', because: 'identity-changed' });
    expect(outside.touched).toEqual([]);
  });
});

describe('writing stored objects back', () => {
  const rewrite = () => asked('rewrite-storage', [], { version: '1.36' });
  const storing = () => {
    const outside = everybodyRuns();
    outside.api.stored.secrets?.push({ name: 'a', written: 0 }, { name: 'b', written: 0 }, { name: 'c', written: 0 });
    outside.api.stored.deployments?.push({ name: 'web', written: 0 });
    outside.api.stored.events?.push({ name: 'seen', written: 0 });
    return outside;
  };

  it('writes each of every page once, and none that goes by itself', async () => {
    const outside = storing();
    expect(await perform(outside, rewrite())).toMatchObject({
      kind: 'done',
      says: '4 objects of 2 resources written back as 1.36 stores them.',
    });
    const inShop = '/namespaces/shop/';
    expect(outside.touched).toEqual([
      ...['a', 'b', 'c'].map((name) => `PUT /api/v1${inShop}secrets/${name}`),
      `PUT /apis/apps/v1${inShop}deployments/web`,
    ]);
    await cutAnywhere(storing, rewrite);
  });

  it('passes over what somebody else has written or taken away, and names what could not be written', async () => {
    const outside = storing();
    const says = 'the object has been modified';
    outside.api.stored.deployments?.push({ name: 'busy', written: 0, refused: { status: 409, says } });
    expect(await perform(outside, rewrite())).toMatchObject({
      kind: 'done',
      says: expect.stringContaining('1 were written by others'),
    });
    outside.api.stored.secrets?.push({ name: 'held', written: 0, refused: { status: 422, says: 'a webhook denied it' } });
    expect(await perform(outside, rewrite())).toMatchObject({
      kind: 'failed',
      lastLines: ['secrets shop/held: HTTP 422: a webhook denied it'],
    });
  });
});
