import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestStore, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import { createControl } from './create-control.ts';
import { registerCluster } from './register-cluster.ts';
import { caller, catalog, type Given, given, newCluster, newRelease, nodeSpec, oldRelease, spec } from './testing.ts';
import { foreign, seenMember } from './testing-fakes.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  for (const cluster of await test.store.listClusters(null)) await test.store.deleteCluster(cluster.id, true);
});

const absent = { process: { state: 'absent' } } as const;

/** Members run, and their host does not know their processes yet. */
function unadopted(): Given {
  const g = given(test.store);
  const { observe } = g.engine;
  g.engine.observe = (members) => observe(members.map((member) => ({ ...member, ...absent })));
  g.engine.adoption = (cluster) => ({ spec: cluster.spec, processIds: { 'node-1': 11, 'node-2': 12 }, missing: [] });
  return g;
}

describe('registering a cluster', () => {
  it('looks at it, takes its processes under our care, remembers what it runs and tries out what comes next', async () => {
    const g = unadopted();
    g.engine.release = newRelease;
    const adopted = spec({ nodes: [nodeSpec('node-1', { heapMb: 512 }), nodeSpec('node-2')] });
    g.engine.adoption = () => ({ spec: adopted, processIds: { 'node-1': 11, 'node-2': 12 }, missing: [] });
    const { observe } = g.engine;
    g.engine.observe = (members) => ({ ...observe(members), unknowns: ['plugins of node-2: HTTP 500'] });
    const result = await registerCluster(g.parts, caller, newCluster());
    if (result.kind !== 'registered') throw new Error(JSON.stringify(result));
    const { cluster } = result;
    expect(result.remarks).toEqual(['plugins of node-2: HTTP 500']);
    expect(cluster).toMatchObject({ origin: 'registered', provisioning: { state: 'ready' }, account: caller.account });
    expect(cluster.spec).toEqual({ ...adopted, release: newRelease });
    expect(await test.store.getCluster(cluster.id)).toEqual(cluster);
    // Nothing else is asked of a host than to adopt.
    expect(g.host.asked.sort()).toEqual(['adopt node-1 11', 'adopt node-2 12']);
    expect(g.engine.asked).toEqual(['observe plan']);
    expect(g.triedOut).toEqual([`${cluster.id} 6.8.23 ahead`, `${cluster.id} 6.7.0 ahead`]);
  });

  it('tells what a host remarks about a process that it took', async () => {
    const g = unadopted();
    const host = g.parts.io.hosts('local');
    if (host === undefined) throw new Error('the host is there');
    const adopt: typeof host.adopt = async () => ({ kind: 'done', says: 'Taken.', remark: 'It belongs to a unit.' });
    const parts = { ...g.parts, io: { ...g.parts.io, hosts: () => ({ ...host, adopt }) } };
    const result = await registerCluster(parts, caller, newCluster());
    expect(result.kind === 'registered' && result.remarks).toEqual(['It belongs to a unit.', 'It belongs to a unit.']);
  });

  it('adopts no process that its host knows already', async () => {
    const g = given(test.store);
    expect(await registerCluster(g.parts, caller, newCluster())).toMatchObject({ kind: 'registered' });
    expect(g.host.asked).toEqual([]);
  });

  it('adopts no process that its owner alone can start', async () => {
    const g = unadopted();
    g.engine.adoption = (cluster) => ({ spec: cluster.spec, processIds: { 'node-2': 12 }, missing: [] });
    const { members } = g.engine.engine;
    const engine = { ...g.engine.engine, members: foreign(members, 'node-1') };
    const parts = { ...g.parts, engines: { elasticsearch: { engine, catalog } } };
    expect(await registerCluster(parts, caller, newCluster())).toMatchObject({ kind: 'registered' });
    expect(g.host.asked).toEqual(['adopt node-2 12']);
  });

  const refusals: readonly [string, (g: Given) => void, readonly string[]][] = [
    [
      'nobody answers',
      (g) => {
        g.engine.observe = (members) => ({
          at: '',
          members,
          cluster: { kind: 'unreachable', because: 'ECONNREFUSED' },
          hosts: {},
          unknowns: [],
        });
      },
      ['The cluster cannot be reached: ECONNREFUSED'],
    ],
    [
      'a node is not in the cluster that answers',
      (g) => {
        const { observe } = g.engine;
        g.engine.observe = ([first]) => observe([...(first ? [first] : []), seenMember('node-2', oldRelease, { joined: null })]);
      },
      ['Node node-2 is not in the cluster that answers; check its name (node.name) and its url.'],
    ],
    [
      'neither the owner nor the members say what a restart needs',
      (g) => {
        g.engine.adoption = (cluster) => ({ spec: cluster.spec, processIds: {}, missing: ['nodes: node-1 has no data folder.'] });
      },
      ['nodes: node-1 has no data folder.'],
    ],
    [
      'it runs a version outside the catalog',
      (g) => {
        g.engine.release = { version: '2.4.6', build: null };
      },
      ['Version 2.4.6 is not in the catalog, which has 5.6.16, 6.7.0, 6.8.23.'],
    ],
    [
      'it runs a build that its version does not have',
      (g) => {
        g.engine.release = { version: '6.7.0', build: 'ali9' };
      },
      ['Version 6.7.0 has no build ali9.'],
    ],
    [
      'a node does not tell its process id',
      (g) => {
        g.engine.adoption = (cluster) => ({ spec: cluster.spec, processIds: { 'node-1': 11, 'node-2': null }, missing: [] });
      },
      ['Node node-2 does not tell its process id, so host local cannot take it under its care.'],
    ],
    [
      'a process is not there',
      (g) => {
        g.host.adopt = (member) =>
          member === 'node-1' ? { kind: 'failed', says: 'No process 11 is here.', lastLines: [] } : { kind: 'done', says: '' };
      },
      ['Node node-1: No process 11 is here.'],
    ],
  ];
  it.each(refusals)('is refused when %s, in a sentence, and nothing is remembered', async (_when, make, because) => {
    const g = unadopted();
    make(g);
    expect(await registerCluster(g.parts, caller, newCluster())).toEqual({ kind: 'refused', because });
    expect(await test.store.listClusters(null)).toEqual([]);
  });

  it('is refused before anything is asked of it when its description is wrong', async () => {
    const g = given(test.store);
    g.engine.troubles = () => ['nodes: none has the role data.'];
    const refused = { kind: 'refused', because: ['nodes: none has the role data.'] };
    expect(await registerCluster(g.parts, caller, newCluster())).toEqual(refused);
    expect([g.engine.asked, g.host.asked]).toEqual([[], []]);
  });

  it('does not take the name of another cluster of the account, however close they come', async () => {
    const g = given(test.store);
    const ends = await Promise.all(Array.from({ length: 5 }, () => registerCluster(g.parts, caller, newCluster())));
    expect(ends.map((end) => end.kind).sort()).toEqual(['name-taken', 'name-taken', 'name-taken', 'name-taken', 'registered']);
    expect(await registerCluster(g.parts, caller, newCluster())).toEqual({ kind: 'name-taken' });
    // Nobody sees it beside the other one.
    expect(await registerCluster(g.parts, caller, newCluster({ region: 'there' }))).toMatchObject({ kind: 'registered' });
  });
});

describe('a registered cluster that is removed', () => {
  async function registered() {
    const g = given(test.store);
    const running = createControl(g.parts, new AbortController().signal);
    const result = await running.control.registerCluster(caller, newCluster());
    if (result.kind !== 'registered') throw new Error(result.kind);
    const remove = async (graceMs: number) => {
      const end = await running.control.removeCluster(caller, result.cluster.id, graceMs);
      await running.resume();
      await running.idle();
      return end;
    };
    return { g, cluster: result.cluster, remove };
  }

  it.each([0, 60_000])('is only forgotten (grace %s ms): nothing of it is stopped or erased', async (graceMs) => {
    const { g, cluster, remove } = await registered();
    expect(await remove(graceMs)).toBe('removed');
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
    expect(g.host.asked).toEqual([]);
    expect(await remove(graceMs)).toBe('not-found');
  });

  it.each(['running', 'paused', 'stopped', 'gated'] as const)('with an upgrade that is %s', async (status) => {
    const { g, cluster, remove } = await registered();
    const plan = samplePlan(cluster.id);
    await test.store.insertPlan(plan);
    await test.store.insertUpgrade(sampleUpgrade(plan, { status }), [], null);
    const kept = status === 'running';
    expect(await remove(0)).toBe(kept ? 'upgrade-unfinished' : 'removed');
    expect(await test.store.getCluster(cluster.id)).toEqual(kept ? cluster : undefined);
    expect(g.host.asked).toEqual([]);
  });
});
