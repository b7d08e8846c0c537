import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, elasticsearchSpec } from '../domain/index.ts';
import { openTestStore, type TestStore } from '../store/samples.ts';
import { createControl } from './create-control.ts';
import { limits } from './limits.ts';
import { caller, type Given, given, newCluster, nodeSpec, spec, stranger } from './testing.ts';
import { seenMember } from './testing-fakes.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  for (const cluster of await test.store.listClusters(null)) await test.store.deleteCluster(cluster.id, true);
});

function aControl(g: Given, closing = new AbortController()) {
  return { ...createControl(g.parts, closing.signal), closing, g };
}

async function created(one: ReturnType<typeof aControl>, change: Parameters<typeof newCluster>[0] = {}): Promise<Cluster> {
  const result = await one.control.createCluster(caller, newCluster(change));
  if (result.kind !== 'creating') throw new Error(`not created: ${JSON.stringify(result)}`);
  return result.cluster;
}

function notJoined(g: Given): void {
  g.engine.observe = (members) => ({ ...looked(g), members: members.map((member) => ({ ...member, joined: null })) });
}
const looked = (g: Given) => ({ at: g.clock.now(), cluster: { kind: 'seen', seen: {} }, hosts: {}, unknowns: [] }) as const;

describe('a cluster that is made', () => {
  it('is answered at once as creating, then started member by member, and ready when all have joined', async () => {
    const one = aControl(given(test.store));
    const cluster = await created(one);
    expect(cluster).toMatchObject({ origin: 'created', provisioning: { state: 'creating' }, account: 'owner' });
    expect(cluster.id).toMatch(/^es-cn-[a-z0-9]{16}$/);
    await one.idle();
    expect(one.g.host.asked).toEqual(['start node-1', 'start node-2']);
    expect((await test.store.getCluster(cluster.id))?.provisioning).toEqual({ state: 'ready' });
    // What the next step may lead to is tried out before anybody asks.
    expect(one.g.triedOut).toEqual([`${cluster.id} 6.7.0 ahead`]);
  });

  it('is described as its engine completes it, and its keys are kept as secrets', async () => {
    const one = aControl(given(test.store));
    const others: number[] = [];
    one.g.engine.draft = ({ clusterId, spec: wanted, others: taken, repositoryFolder }) => {
      others.push(taken.length);
      const completed = { ...elasticsearchSpec({ spec: wanted }), repositoryPath: repositoryFolder };
      return { kind: 'drafted', spec: completed, secrets: { 'ca.key': `key of ${clusterId}` } };
    };
    const made = await Promise.all([
      created(one, { name: 'a', secrets: { password: 'mine' } }),
      one.control.createCluster(stranger, newCluster({ name: 'a' })),
    ]);
    const [cluster] = made;
    expect(made[1].kind).toBe('creating');
    // One after the other, and each sees those of everybody.
    expect(others).toEqual([0, 1]);
    expect(elasticsearchSpec(cluster).repositoryPath).toBe(`/snapshots/${cluster.id}`);
    expect((await test.store.getCluster(cluster.id))?.secrets).toEqual({ password: 'mine', 'ca.key': `key of ${cluster.id}` });
    await one.idle();
  });

  it('is taken up again after a restart, and what runs already is left alone', async () => {
    const first = aControl(given(test.store));
    notJoined(first.g);
    const cluster = await created(first);
    first.closing.abort();
    await first.idle();
    expect((await test.store.getCluster(cluster.id))?.provisioning).toEqual({ state: 'creating' });

    const second = aControl(given(test.store));
    second.g.host.start = () => ({ kind: 'refused', because: 'already-running', says: 'It runs.' });
    await second.resume();
    await second.idle();
    expect((await test.store.getCluster(cluster.id))?.provisioning).toEqual({ state: 'ready' });
  });

  it('has failed, in the words of the member that ended instead of coming up', async () => {
    const one = aControl(given(test.store));
    const process = { state: 'stopped', release: null, exitCode: 1, lastLines: ['unknown setting [foo]', 'bye'] } as const;
    one.g.engine.observe = ([first]) => ({
      ...looked(one.g),
      members: [...(first ? [first] : []), seenMember('node-2', spec().release, { joined: null, process })],
    });
    const cluster = await created(one);
    await one.idle();
    const provisioning = (await test.store.getCluster(cluster.id))?.provisioning;
    expect(provisioning).toEqual({
      state: 'failed',
      because: 'node-2 ended instead of coming up.\nunknown setting [foo]\nbye',
    });
    expect((await one.control.clusterView(caller, cluster.id))?.status).toBe('failed');
  });

  it('has failed, in the words of the host, when a member cannot be started or its artefact not be had', async () => {
    const one = aControl(given(test.store));
    one.g.host.start = () => ({ kind: 'failed', says: 'No Java fits.', lastLines: ['found: 8'] });
    const cluster = await created(one);
    await one.idle();
    expect((await test.store.getCluster(cluster.id))?.provisioning).toEqual({
      state: 'failed',
      because: 'No Java fits.\nfound: 8',
    });
    expect(one.g.host.asked).toEqual(['start node-1']);

    one.g.host.prefetch = () => ({ kind: 'failed', says: 'The checksum differs.', lastLines: [] });
    const other = await created(one, { name: 'other' });
    await one.idle();
    expect((await test.store.getCluster(other.id))?.provisioning).toEqual({ state: 'failed', because: 'The checksum differs.' });
  });

  it('has failed with the reason when making it throws time and again, and not when it throws once', async () => {
    const one = aControl(given(test.store));
    let throwing = 1;
    one.g.host.prefetch = () => {
      throwing -= 1;
      if (throwing >= 0) throw new Error('The disk is full.');
      return { kind: 'done', says: 'There.' };
    };
    const cluster = await created(one);
    await one.idle();
    expect((await test.store.getCluster(cluster.id))?.provisioning).toEqual({ state: 'ready' });
    throwing = Number.POSITIVE_INFINITY;
    const other = await created(one, { name: 'other' });
    await one.idle();
    expect((await test.store.getCluster(other.id))?.provisioning).toEqual({ state: 'failed', because: 'The disk is full.' });
  });

  it('is refused with every sentence at once, and nothing is written or started', async () => {
    const { control, g } = aControl(given(test.store));
    g.engine.troubles = () => ['nodes: none has the role master.'];
    const bad = spec({ release: { version: '1.0.0', build: null } });
    expect(await control.createCluster(caller, newCluster({ spec: bad }))).toEqual({
      kind: 'refused',
      because: ['nodes: none has the role master.', 'Version 1.0.0 is not in the catalog, which has 5.6.16, 6.7.0, 6.8.23.'],
    });
    g.engine.troubles = () => [];
    g.engine.draft = () => ({ kind: 'refused', because: ['nodes: node-1 is to be made.'] });
    expect(await control.createCluster(caller, newCluster())).toEqual({
      kind: 'refused',
      because: ['nodes: node-1 is to be made.'],
    });
    expect([await test.store.listClusters(null), g.host.asked]).toEqual([[], []]);
  });

  it('does not take the name of another of its account', async () => {
    const one = aControl(given(test.store));
    await created(one);
    expect(await one.control.createCluster(caller, newCluster())).toEqual({ kind: 'name-taken' });
    await one.idle();
  });
});

describe('tags of a cluster that are changed', () => {
  it('go on saying whether it is simulated', async () => {
    const one = aControl(given(test.store));
    const cluster = await created(one, { tags: { team: 'a' } });
    await one.idle();
    const tagsAfter = async (tags: Record<string, string>) =>
      (await one.control.changeCluster(caller, cluster.id, { tags }))?.tags;
    expect(await tagsAfter({ 'clusterlift:simulated': 'true', team: 'b' })).toEqual({ team: 'b' });
    await test.store.updateCluster(cluster.id, { tags: { 'clusterlift:simulated': 'true' } }, one.g.clock.now());
    expect(await tagsAfter({ team: 'c' })).toEqual({ 'clusterlift:simulated': 'true', team: 'c' });
    expect(await tagsAfter({ 'clusterlift:simulated': 'no' })).toEqual({ 'clusterlift:simulated': 'true' });
    expect((await one.control.changeCluster(caller, cluster.id, { description: 'new' }))?.tags).toEqual({
      'clusterlift:simulated': 'true',
    });
  });
});

describe('tags that a cluster is to have', () => {
  it('are shown to its hosts, which tell what they cannot heed, where one of ours changes and nowhere else', async () => {
    const one = aControl(given(test.store));
    const cluster = await created(one, { tags: { 'clusterlift:fail': 'this', team: 'a' } });
    await one.idle();
    const asked: unknown[] = [];
    const host = Object.assign(one.g.host.host, {
      troublesWithTags: async (engine: string, tags: Readonly<Record<string, string>>) => {
        asked.push([engine, tags]);
        return ['That is not known.'];
      },
    });
    expect(one.g.parts.io.hosts('local')).toBe(host);
    expect(await one.control.tagTroubles(caller, cluster.id, { team: 'b', 'clusterlift:fail': 'this' })).toEqual([]);
    expect(asked).toEqual([]);
    expect(await one.control.tagTroubles(caller, cluster.id, { 'clusterlift:fail': 'that' })).toEqual(['That is not known.']);
    expect(asked).toEqual([['elasticsearch', { 'clusterlift:fail': 'that' }]]);
  });
});

describe('a created cluster that is removed', () => {
  it('is erased, member by member, and then forgotten', async () => {
    const one = aControl(given(test.store));
    const cluster = await created(one);
    await one.idle();
    one.g.host.asked.length = 0;
    expect(await one.control.removeCluster(caller, cluster.id, 0)).toBe('removed');
    await one.idle();
    expect(one.g.host.asked.sort()).toEqual(['erase node-1', 'erase node-2']);
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
  });

  it('leaves nothing that ran beside its members, or that its description lost before it was gone', async () => {
    const one = aControl(given(test.store));
    const cluster = await created(one);
    await one.idle();
    one.g.host.asked.length = 0;
    one.g.host.members = ['node-1', 'node-2', 'node-3', 'node-1-snapshot'];
    await one.control.removeCluster(caller, cluster.id, 0);
    await one.idle();
    expect(one.g.host.asked).toEqual(['erase node-3', 'erase node-1-snapshot', 'erase node-1', 'erase node-2']);
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
  });

  it('while it is being made is not started any further, and stays removed', async () => {
    const one = aControl(given(test.store));
    notJoined(one.g);
    let removed: Promise<unknown> = Promise.resolve();
    one.g.host.start = () => {
      removed = one.control.removeCluster(caller, cluster.id, 0);
      return { kind: 'done', says: 'Started.' };
    };
    const pause = one.g.parts.io.pause;
    Object.assign(one.g.parts.io, {
      pause: async (milliseconds: number, signal?: AbortSignal) => {
        await removed;
        return pause(milliseconds, signal);
      },
    });
    const cluster: Cluster = await created(one, { spec: spec({ nodes: [nodeSpec('node-1')] }) });
    await one.idle();
    await removed;
    await one.idle();
    expect(one.g.host.asked).toEqual(['start node-1', 'erase node-1']);
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
  });

  it('keeps running through its grace, can be kept, and goes when the grace is over', async () => {
    const one = aControl(given(test.store));
    const cluster = await created(one);
    await one.idle();
    one.g.host.asked.length = 0;
    expect(await one.control.removeCluster(caller, cluster.id, 60_000)).toBe('removed');
    one.g.clock.advance(59_999);
    await one.resume();
    await one.idle();
    expect(one.g.host.asked).toEqual([]);
    expect(await one.control.cancelRemoval(caller, cluster.id)).toBe('cancelled');
    expect(await one.control.cancelRemoval(caller, cluster.id)).toBe('not-being-removed');
    one.g.clock.advance(60_000);
    await one.resume();
    await one.idle();
    expect(await test.store.getCluster(cluster.id)).toMatchObject({ deleteAfter: null, provisioning: { state: 'ready' } });

    await one.control.removeCluster(caller, cluster.id, 60_000);
    one.g.clock.advance(60_000);
    await one.resume();
    await one.idle();
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
  });

  it('that a host cannot erase now stays there as deleting, and is tried again, after a restart, too', async () => {
    const one = aControl(given(test.store));
    const cluster = await created(one);
    await one.idle();
    one.g.host.erase = (member) =>
      member === 'node-2' ? { kind: 'failed', says: 'It lives.', lastLines: [] } : { kind: 'done', says: '' };
    one.g.host.asked.length = 0;
    await one.control.removeCluster(caller, cluster.id, 0);
    await one.idle();
    expect(one.g.host.asked.filter((what) => what === 'erase node-2')).toHaveLength(limits.eraseAttempts);
    expect(await one.control.removeCluster(caller, cluster.id, 0)).toBe('not-found');
    expect((await one.control.clusterView(caller, cluster.id))?.status).toBe('deleting');

    const again = aControl(given(test.store));
    await again.resume();
    await again.idle();
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
  });
});
