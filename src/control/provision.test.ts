import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  type Engine,
  elasticsearchSpec,
  type Host,
  type MemberProcess,
  type NewNodegroup,
  type NodegroupRules,
  type Provisioning,
} from '../domain/index.ts';
import { openTestStore, type TestStore } from '../store/samples.ts';
import { createControl } from './create-control.ts';
import { limits } from './limits.ts';
import { caller, catalog, type Given, given, newCluster, nodeSpec, spec } from './testing.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterEach(async () => {
  for (const cluster of await test.store.listClusters(null)) await test.store.deleteCluster(cluster.id, true);
});
afterAll(() => test.close());

/** Time goes by this much quicker: what may take a day is looked at some hundred times. */
const pace = 600;

function aControl(g: Given, engineHas: Partial<Engine> = {}, hostHas: Partial<Host> = {}, closing = new AbortController()) {
  const engine = { ...g.engine.engine, ...engineHas };
  const io = {
    ...g.parts.io,
    hosts: (key: string) => (key === 'local' ? { ...g.host.host, ...hostHas } : undefined),
    pause: async (milliseconds: number) => g.clock.advance(milliseconds * pace),
  };
  const parts = { ...g.parts, io, engines: { elasticsearch: { engine, catalog } } };
  return { ...createControl(parts, closing.signal), g };
}

async function created({ control }: ReturnType<typeof aControl>): Promise<Cluster> {
  const result = await control.createCluster(caller, newCluster());
  if (result.kind !== 'creating') throw new Error(`not created: ${JSON.stringify(result)}`);
  return result.cluster;
}

const provisioningOf = async ({ id }: Pick<Cluster, 'id'>) => (await test.store.getCluster(id))?.provisioning;
const runs = (pid: number): MemberProcess => ({
  state: 'running',
  identity: { pid, startTime: '1' },
  release: null,
  startedAt: null,
});

describe('a cluster that waits for its owner while it is made', () => {
  const needs = 'The balancer does not reach the apiservers.';

  /** Its owner has done it after that time; before, node-2 does not join. */
  function waiting(afterMs: number) {
    const g = given(test.store);
    const told: (Provisioning | undefined)[] = [];
    const began = Date.parse(g.clock.now());
    const done = () => Date.parse(g.clock.now()) - began >= afterMs;
    g.engine.observe = (members) => ({
      at: g.clock.now(),
      members: members.map((member) => (member.name === 'node-2' && !done() ? { ...member, joined: null } : member)),
      cluster: { kind: 'seen', seen: {} },
      hosts: {},
      unknowns: [],
    });
    const { observe } = g.engine.engine;
    const one = aControl(g, {
      observe: async (cluster, ...rest) => {
        told.push(await provisioningOf(cluster));
        return observe(cluster, ...rest);
      },
      upkeep: () => [],
      needsOwner: () => (done() ? null : needs),
    });
    return { ...one, told };
  }

  it('says what it waits for, and is ready when that is done, although it took longer than a cluster may', async () => {
    const one = waiting(limits.provisionTimeoutMs * 10);
    const cluster = await created(one);
    await one.idle();
    expect(one.told[0]).toEqual({ state: 'creating' });
    expect(one.told.at(-1)).toEqual({ state: 'creating', says: needs });
    expect(one.told.length).toBeGreaterThan(3);
    expect(one.g.log.lines.filter(({ says }) => says === needs).length).toBe(1);
    expect(await provisioningOf(cluster)).toEqual({ state: 'ready' });
  });

  it('has failed with that reason when its owner has not done it within a day', async () => {
    const one = waiting(Number.POSITIVE_INFINITY);
    const cluster = await created(one);
    await one.idle();
    expect(await provisioningOf(cluster)).toEqual({
      state: 'failed',
      because: `node-2 did not come up within ${24 * 60} minutes. ${needs}`,
    });
  });
});

describe('a cluster whose making was cut off while it told how far it is', () => {
  it('tells nothing of that any more when it is taken up again and waits for something else', async () => {
    const first = aControl(given(test.store), { upkeep: () => [] });
    const cluster = await created(first);
    await first.idle();
    await test.store.updateCluster(cluster.id, { provisioning: { state: 'creating', says: '45 of 400 MB' } }, cluster.createdAt);
    const told: (Provisioning | undefined)[] = [];
    const g = given(test.store);
    const { observe } = g.engine.engine;
    const again = aControl(g, {
      observe: async (...asked) => {
        told.push(await provisioningOf(cluster));
        return observe(...asked);
      },
      upkeep: () => [],
    });
    await again.resume();
    await again.idle();
    expect(told).toEqual([{ state: 'creating' }]);
    expect(await provisioningOf(cluster)).toEqual({ state: 'ready' });
  });
});

describe('a cluster that could not be made', () => {
  /** Both nodes run, and the second never joins. */
  function failing(hostHas: Partial<Host>) {
    const g = given(test.store);
    g.engine.observe = (members) => ({
      at: g.clock.now(),
      members: members.map((member) => (member.name === 'node-2' ? { ...member, joined: null } : member)),
      cluster: { kind: 'seen', seen: {} },
      hosts: {},
      unknowns: [],
    });
    const layers = { 'node-1': 0, 'node-2': 1 } as const;
    return aControl(
      g,
      {
        upkeep: () => [],
        members: () => Object.entries(layers).map(([name, layer]) => ({ name, host: 'local', layer })),
      },
      hostHas,
    );
  }

  it('has ended what was begun of it, from the top, before it says that it failed; nothing is started or erased', async () => {
    const alive = new Map([
      ['node-1', 11],
      ['node-2', 12],
    ]);
    const asked: string[] = [];
    const states: (string | undefined)[] = [];
    const one = failing({
      describe: async (_, member) => {
        const pid = alive.get(member);
        return pid === undefined ? { state: 'stopped', release: null, exitCode: 0, lastLines: [] } : runs(pid);
      },
      stop: async ({ clusterId }, member, identity) => {
        asked.push(`stop ${member} ${identity.pid}`);
        states.push((await provisioningOf({ id: clusterId }))?.state);
        alive.delete(member);
        return { kind: 'done', says: 'Ended.' };
      },
    });
    const cluster = await created(one);
    await one.idle();
    expect(asked).toEqual(['stop node-2 12', 'stop node-1 11']);
    expect(states).toEqual(['creating', 'creating']);
    expect(await provisioningOf(cluster)).toEqual({ state: 'failed', because: 'node-2 did not come up within 15 minutes.' });
    await one.resume();
    await one.idle();
    expect([one.g.host.asked, asked.length]).toEqual([[], 2]);
  });

  it('says so where a member cannot be ended, one that is still being started is waited for', async () => {
    let looks = 0;
    const one = failing({
      describe: async (_, member) => {
        if (member === 'node-1') return { state: 'unknown', because: 'its record cannot be read' };
        looks += 1;
        return looks < 3 ? { state: 'launching' } : runs(12);
      },
      stop: async (_ticket, member) => ({ kind: 'done', says: `${member} ended.` }),
    });
    const cluster = await created(one);
    await one.idle();
    expect(looks).toBe(3);
    expect(await provisioningOf(cluster)).toEqual({
      state: 'failed',
      because: 'node-2 did not come up within 15 minutes.\nnode-1 may still run: its record cannot be read',
    });
  });
});

describe('what a cluster needs that its host does not have', () => {
  it('is told before anything of it is made, each sentence once', async () => {
    const g = given(test.store);
    const one = aControl(g, {}, { lacks: async ({ member }) => ['There is no Java 17.', `${member} has nothing.`] });
    expect(await one.control.createCluster(caller, newCluster())).toEqual({
      kind: 'refused',
      because: [
        ...['There is no Java 17.', 'node-1 has nothing.', 'node-2 has nothing.'],
        'A server that is started with --simulate makes clusters without any of it.',
      ],
    });
    await one.idle();
    expect([await test.store.listClusters(null), g.host.asked]).toEqual([[], []]);
  });

  it('is told before a node group is made whose nodes could never be started; what does not start any is changed', async () => {
    const g = given(test.store);
    const asked: string[] = [];
    const add: NodegroupRules['add'] = (before) => {
      const elasticsearch = elasticsearchSpec({ spec: before });
      return { kind: 'changed', spec: { ...elasticsearch, nodes: [...elasticsearch.nodes, nodeSpec('blue-1')] } };
    };
    const remove: NodegroupRules['remove'] = (before) => ({ kind: 'changed', spec: before });
    const one = aControl(
      g,
      { nodegroups: { add, remove } as unknown as NodegroupRules },
      {
        lacks: async ({ member, release }) => {
          asked.push(`${member} ${release.version}`);
          return member === 'blue-1' && release.version === '6.7.0' ? ['There is no hollow-node.'] : [];
        },
      },
    );
    const { id } = await created(one);
    await one.idle();
    asked.length = 0;
    const group = (release: string | null) =>
      ({ name: 'blue', release: release === null ? null : { version: release, build: null } }) as NewNodegroup;
    expect(await one.control.addNodegroup(caller, id, group('6.7.0'))).toEqual({
      kind: 'refused',
      because: ['There is no hollow-node.'],
    });
    const nodes = async () => (await test.store.getCluster(id))?.spec;
    expect(elasticsearchSpec({ spec: (await nodes()) ?? spec() }).nodes.length).toBe(2);
    expect((await one.control.removeNodegroup(caller, id, 'blue')).kind).toBe('changed');
    expect((await one.control.addNodegroup(caller, id, group(null))).kind).toBe('changed');
    // Those that are new and no others, at the release of the group, else at that of the cluster.
    expect(asked).toEqual(['blue-1 6.7.0', 'blue-1 5.6.16']);
    expect(elasticsearchSpec({ spec: (await nodes()) ?? spec() }).nodes.length).toBe(3);
  });

  it('is shown while it is fetched, and the fetching ends when nobody wants the cluster any more', async () => {
    const g = given(test.store);
    const shown = (id: string, says: string) =>
      expect.poll(() => provisioningOf({ id }), { timeout: 20_000 }).toEqual({ state: 'creating', says });
    const one = aControl(
      g,
      {},
      {
        prefetch: async ({ clusterId }, _release, _artefacts, signal, tell) => {
          for (const says of ['1 of 400 MB', '200 of 400 MB']) {
            tell?.(says);
            await shown(clusterId, says);
          }
          await one.control.removeCluster(caller, clusterId, 0);
          const cutOff = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          tell?.('300 of 400 MB');
          await cutOff;
          return { kind: 'failed', says: 'The fetching was cut off.', lastLines: [] };
        },
      },
    );
    const cluster = await created(one);
    await one.idle();
    expect(await test.store.getCluster(cluster.id)).toBeUndefined();
    expect(g.host.asked.sort()).toEqual(['erase node-1', 'erase node-2']);
  });
});
