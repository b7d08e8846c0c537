import { afterEach, describe, expect, it } from 'vitest';
import type { SeenElasticsearch } from '../../domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../../engines/elasticsearch/index.ts';
import type { Simulator } from './index.ts';
import { openRehearsal } from './rehearsal.ts';
import { adoptAll, aSimulator, catalogFile, declared, ioOf, lift, planOf } from './testing.ts';

let simulator: Simulator | null = null;
afterEach(async () => {
  await simulator?.close();
  simulator = null;
});

const none = () => Promise.reject(new Error('no certificate is made here'));
const certificates = { authority: none, issue: none, signingKeys: none };

async function rehearsedThreeNodes() {
  const parsed = parseCatalog(catalogFile());
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  const { catalog } = parsed;
  simulator = await aSimulator();
  const spec = await simulator.addCluster({
    name: 'real',
    version: '5.5.3',
    nodes: ['n1', 'n2', 'n3'].map((name) => ({ name })),
    indices: [{ name: 'one', shards: 3 }],
    persistent: { 'cluster.routing.allocation.enable': 'all' },
  });
  const cluster = declared(spec);
  const io = ioOf(simulator);
  await adoptAll(cluster, simulator, io);
  const { cluster: account } = await elasticsearchEngine.observe(cluster, catalog, io, 'plan');
  if (account.kind !== 'seen') throw new Error(account.because);
  const seen: SeenElasticsearch = account.seen;
  const rehearse = async (seed: number) => {
    const opened = openRehearsal({ cluster, seen, seed, beganMs: Date.parse('2026-01-01T00:00:00.000Z') });
    const plan = planOf(opened.cluster, ['5.5.3', '5.6.16']);
    const end = await lift({
      engine: elasticsearchEngine,
      catalog,
      cluster: opened.cluster,
      plan,
      io: { ...opened.io, certificates },
    });
    opened.close();
    return { end, opened };
  };
  return { seen, rehearse };
}

describe('a rehearsal of a cluster that was seen', () => {
  it('lifts the twin by the same engine to the end, and leaves the cluster that was seen alone', async () => {
    const { rehearse } = await rehearsedThreeNodes();
    const { end, opened } = await rehearse(1);
    expect(end.move).toMatchObject({ do: 'done', as: 'done' });
    expect(end.waves.flat().sort()).toEqual(['n1', 'n2', 'n3']);
    expect(opened.world.violations).toEqual([]);
    expect(opened.world.clusters.get('real')?.persistent).toEqual({ 'cluster.routing.allocation.enable': 'all' });
    expect(simulator?.journal.launches).toEqual([]);
  });

  it('begins with the nodes, copies and master that were seen', async () => {
    const { seen, rehearse } = await rehearsedThreeNodes();
    const { opened } = await rehearse(2);
    const made = opened.world.clusters.get('real');
    expect(made?.uuid).toBe(seen.clusterUuid);
    expect([...(made?.members.keys() ?? [])].sort()).toEqual(seen.nodes.map(({ nodeId }) => nodeId).sort());
    expect(made?.copies).toHaveLength(seen.shards.length);
  });

  it('repeats itself exactly from its seed', async () => {
    const { rehearse } = await rehearsedThreeNodes();
    const [first, again, other] = [await rehearse(7), await rehearse(7), await rehearse(8)];
    expect([again.end.acts, again.opened.nowMs()]).toEqual([first.end.acts, first.opened.nowMs()]);
    expect(other.opened.nowMs()).not.toBe(first.opened.nowMs());
  });
});
