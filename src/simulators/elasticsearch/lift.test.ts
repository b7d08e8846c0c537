import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ElasticsearchSpec } from '../../domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../../engines/elasticsearch/index.ts';
import type { Simulator } from './index.ts';
import { adoptAll, aSimulator, catalogFile, declared, ioOf, type LiftEnd, lift, planOf } from './testing.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await aSimulator();
});
afterEach(() => simulator.close());

const threeNodes = ['n1', 'n2', 'n3'].map((name) => ({ name }));
const nineNodes = ['a', 'b', 'c'].flatMap((zone) =>
  [1, 2, 3].map((number) => ({
    name: `${zone}${number}`,
    zone,
    roles: number === 1 ? (['master', 'data', 'ingest'] as const) : (['data', 'ingest'] as const),
  })),
);

/** `unknown`: nodes that their host was never told of. */
async function liftIt(spec: ElasticsearchSpec, versions: readonly string[], unknown: readonly string[] = []): Promise<LiftEnd> {
  const parsed = parseCatalog(catalogFile());
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  const cluster = declared(spec);
  const io = ioOf(simulator);
  await adoptAll(
    { ...cluster, spec: { ...spec, nodes: spec.nodes.filter(({ name }) => !unknown.includes(name)) } },
    simulator,
    io,
  );
  return lift({ engine: elasticsearchEngine, catalog: parsed.catalog, cluster, plan: planOf(cluster, versions), io });
}

function versionsOf(name: string): Readonly<Record<string, string>> {
  const members = [...simulator.cluster(name).members.values()];
  return Object.fromEntries(
    members.flatMap((pid) => {
      const node = simulator.world.processes.get(pid);
      return node === undefined ? [] : [[node.name, node.release.version]];
    }),
  );
}

describe('a lift by the engine against simulated clusters', () => {
  it('takes three nodes one by one, each started once, and leaves the cluster as its owner had it', async () => {
    const spec = await simulator.addCluster({
      name: 'three',
      version: '5.5.3',
      nodes: threeNodes,
      indices: [
        { name: 'one', shards: 3 },
        { name: 'two', shards: 2, replicas: 2 },
      ],
      persistent: { 'cluster.routing.allocation.enable': 'all' },
    });
    const end = await liftIt(spec, ['5.5.3', '5.6.16']);
    expect(end.move).toMatchObject({ do: 'done', as: 'done' });
    expect(end.waves.map((wave) => wave.length)).toEqual([1, 1, 1]);
    expect(versionsOf('three')).toEqual({ n1: '5.6.16', n2: '5.6.16', n3: '5.6.16' });
    expect(simulator.journal.launches.map((launch) => launch.member).sort()).toEqual(['n1', 'n2', 'n3']);
    expect(simulator.journal.stops.map((stop) => stop.member).sort()).toEqual(['n1', 'n2', 'n3']);
    expect(simulator.violations).toEqual([]);
    expect(simulator.cluster('three').persistent).toEqual({ 'cluster.routing.allocation.enable': 'all' });
    expect(simulator.cluster('three').transient).toEqual({});
    expect(simulator.cluster('three').copies.filter((copy) => copy.state !== 'STARTED')).toEqual([]);
  });

  it('takes a node under care that its owner started, and never starts it beside itself', async () => {
    const spec = await simulator.addCluster({ name: 'owned', version: '5.5.3', nodes: threeNodes, indices: [{ name: 'one' }] });
    const end = await liftIt(spec, ['5.5.3', '5.6.16'], ['n2']);
    expect(end.move).toMatchObject({ do: 'done', as: 'done' });
    expect(end.acts.filter((act) => act.startsWith('adopt') || act.startsWith('start'))).toEqual(['adopt-member n2']);
    expect(versionsOf('owned')).toEqual({ n1: '5.6.16', n2: '5.6.16', n3: '5.6.16' });
    expect(simulator.journal.launches.map((launch) => launch.member).sort()).toEqual(['n1', 'n2', 'n3']);
    expect(simulator.violations).toEqual([]);
  });

  it('takes nine nodes in three zones zone by zone, over two hops', async () => {
    const spec = await simulator.addCluster({
      name: 'nine',
      version: '5.6.16',
      nodes: nineNodes,
      awarenessAttribute: 'zone',
      indices: [
        { name: 'one', shards: 6, replicas: 2 },
        { name: 'two', shards: 5, replicas: 1 },
      ],
    });
    const end = await liftIt(spec, ['5.6.16', '6.3.2', '6.7.0']);
    expect(end.move).toMatchObject({ do: 'done', as: 'done' });
    const zones = end.waves.map((wave) => [...new Set(wave.map((name) => name.slice(0, 1)))].join());
    expect(end.waves.every((wave) => wave.length === 3)).toBe(true);
    expect([zones.slice(0, 3).sort(), zones.slice(3).sort()]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(Object.values(versionsOf('nine'))).toEqual(Array.from({ length: 9 }, () => '6.7.0'));
    expect(simulator.journal.launches).toHaveLength(18);
    expect(simulator.violations).toEqual([]);
    expect(simulator.cluster('nine').persistent).toEqual({});
    expect(simulator.cluster('nine').copies.filter((copy) => copy.state !== 'STARTED')).toEqual([]);
  });
});
