import { afterAll, describe, expect, it } from 'vitest';
import { observe } from '../../src/engines/elasticsearch/index.ts';
import { bulkLoad, compareDocuments, createIndex, LoadClient } from '../load/index.ts';
import { lift, planTo, type RealCluster, runTrials, startRealCluster, theCatalog } from '../rig/real-cluster.ts';

let real: RealCluster | undefined;
afterAll(async () => real?.close());

describe('a real three-node cluster', () => {
  it('goes from 5.5.3 to 6.7.0 by three hops under load: nothing failed, nothing lost, each node started once a hop', async () => {
    real = await startRealCluster('5.5.3');
    const client = new LoadClient({ nodes: real.urls, index: 'load', version: '5.5.3' });
    await client.prepare({ shards: 3, replicas: 1 });
    await createIndex(client.transport, 'books', { shards: 3, replicas: 1 });
    await bulkLoad(client.transport, client.documents, { index: 'books', count: 3_000, version: '5.5.3' });
    const owners = {
      persistent: { 'cluster.routing.rebalance.enable': 'replicas' },
      transient: { 'cluster.routing.allocation.enable': 'all' },
    };
    await client.transport.ask('PUT', '/_cluster/settings', owners);

    client.start();
    const plan = await planTo(real, { version: '6.7.0', build: null });
    const trials = await runTrials(real, plan);
    expect(trials.map((trial) => trial.outcome.kind)).toEqual(Array(9).fill('passed'));
    const end = await lift(real, plan, trials, { onAct: (act) => console.log(act) });
    await client.stop();

    const figures = client.figures();
    console.log(JSON.stringify({ ...figures, failures: figures.failures.slice(0, 3) }));
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(figures.failures).toEqual([]);
    expect(figures.requests / figures.seconds).toBeGreaterThan(20);
    const comparison = await compareDocuments(client.transport, client.documents);
    expect({ lost: comparison.lost, differing: comparison.differing, strangers: comparison.strangers }).toEqual({
      lost: [],
      differing: [],
      strangers: [],
    });
    expect(comparison.written).toBeGreaterThan(3_000);
    await client.close();

    const after = await observe(real.cluster, theCatalog, real.io);
    expect(after.members.map((member) => member.running?.version)).toEqual(['6.7.0', '6.7.0', '6.7.0']);
    for (const node of ['n1', 'n2', 'n3']) {
      const launches = await real.host.launches(real.cluster.id, node);
      expect(
        launches.map((launch) => launch.release.version),
        node,
      ).toEqual(['5.5.3', '5.6.16', '6.3.2', '6.7.0']);
    }
    if (after.cluster.kind !== 'seen') throw new Error('the cluster answers');
    expect(after.cluster.seen.persistentSettings).toEqual(owners.persistent);
    expect(after.cluster.seen.transientSettings).toEqual(owners.transient);
    expect(after.cluster.seen.health.status).toBe('green');
  });
});
