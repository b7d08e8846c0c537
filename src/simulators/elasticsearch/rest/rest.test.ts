import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ElasticsearchCluster, ElasticsearchSpec, EngineIo } from '../../../domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../../../engines/elasticsearch/index.ts';
import type { Simulator } from '../index.ts';
import { adoptAll, aSimulator, catalogFile, declared, http, ioOf } from '../testing.ts';

let simulator: Simulator;
let spec: ElasticsearchSpec;
let cluster: ElasticsearchCluster;
let io: EngineIo;

beforeEach(async () => {
  simulator = await aSimulator();
  spec = await simulator.addCluster({
    name: 'rest',
    version: '5.5.3',
    nodes: ['n1', 'n2', 'n3'].map((name) => ({ name, zone: `z${name.slice(1)}` })),
    indices: [{ name: 'one', shards: 2, replicas: 1 }],
    persistent: { 'indices.recovery.max_bytes_per_sec': '20mb' },
    transient: { 'cluster.routing.rebalance.enable': 'none' },
  });
  cluster = declared(spec);
  io = ioOf(simulator);
  await adoptAll(cluster, simulator, io);
});
afterEach(() => simulator.close());

async function ask(method: string, path: string, body?: unknown, node = 0): Promise<{ status: number; body: unknown }> {
  const url = `${spec.nodes[node]?.url}${path}`;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await http({ method, url, timeoutMs: 10_000, ...sent });
  return { status: answer.status, body: answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body };
}

async function look() {
  const parsed = parseCatalog(catalogFile());
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  const observation = await elasticsearchEngine.observe(cluster, parsed.catalog, io, 'plan');
  if (observation.cluster.kind !== 'seen') throw new Error(observation.cluster.because);
  return { observation, seen: observation.cluster.seen };
}

describe('a simulated cluster as the engine sees it', () => {
  it('tells its nodes, copies, indices, settings and members', async () => {
    const { observation, seen } = await look();
    expect(seen.clusterName).toBe('rest');
    expect(seen.clusterUuid).toMatch(/^[\w-]{22}$/);
    expect(seen.health).toMatchObject({ status: 'green', numberOfNodes: 3, unassigned: 0, relocating: 0, timedOut: false });
    expect(seen.nodes.map((node) => [node.name, node.version, node.zone, node.pid])).toEqual(
      ['n1', 'n2', 'n3'].map((name) => [name, '5.5.3', `z${name.slice(1)}`, simulator.node(name).pid]),
    );
    expect(seen.nodes.every((node) => node.pid !== null && node.pid > 4_194_304)).toBe(true);
    expect(seen.nodes.map((node) => node.nodeId)).toContain(seen.masterNodeId);
    expect(seen.shards.map((copy) => [copy.index, copy.shard, copy.state, copy.inSync])).toEqual([
      ['one', 0, 'STARTED', true],
      ['one', 0, 'STARTED', true],
      ['one', 1, 'STARTED', true],
      ['one', 1, 'STARTED', true],
    ]);
    expect(seen.indices).toMatchObject([{ name: 'one', state: 'open', createdVersion: '5.5.3', createdMajor: 5, replicas: 1 }]);
    expect(seen.persistentSettings).toEqual({ 'indices.recovery.max_bytes_per_sec': '20mb' });
    expect(seen.transientSettings).toEqual({ 'cluster.routing.rebalance.enable': 'none' });
    expect(seen.minimumMasterNodes).toBe(2);
    expect(observation.members.map((member) => [member.name, member.process.state, member.running?.version])).toEqual(
      ['n1', 'n2', 'n3'].map((name) => [name, 'running', '5.5.3']),
    );
    expect(observation.hosts.simulated).toMatchObject({ kind: 'seen', prefetched: [], generation: 0 });
  });

  it('explains why a copy is unassigned', async () => {
    expect((await ask('PUT', '/wide', { settings: { number_of_shards: 1, number_of_replicas: 3 } })).status).toBe(200);
    await simulator.until(() => simulator.cluster('rest').copies.filter((copy) => copy.state === 'STARTED').length === 7, 10_000);
    const { seen } = await look();
    const left = seen.shards.filter((copy) => copy.state === 'UNASSIGNED');
    expect(left.map((copy) => [copy.index, copy.unassignedReason, copy.blockedBy])).toEqual([
      ['wide', 'INDEX_CREATED', ['same_shard']],
    ]);
  });

  it('takes a snapshot that the next look finds', async () => {
    const made = await elasticsearchEngine.call(cluster, { do: 'create-snapshot', repository: null }, io);
    expect(made).toMatchObject({ kind: 'done', value: { repository: 'clusterlift', state: 'SUCCESS' } });
    const { seen } = await look();
    expect(seen.repositories).toEqual({ known: true, value: ['clusterlift'] });
    expect(seen.snapshots).toMatchObject({
      known: true,
      value: [{ repository: 'clusterlift', state: 'SUCCESS', includesGlobalState: null }],
    });
    expect(seen.snapshotRunning).toEqual({ known: true, value: false });
  });

  it('shows recoveries while they run', async () => {
    Object.assign(simulator.world.durations, { wholeRecoveryMs: 3_600_000 });
    simulator.crash('n3');
    await simulator.until(() => simulator.cluster('rest').copies.some((copy) => copy.recovery !== null), 10_000);
    const listed = await elasticsearchEngine.call(cluster, { do: 'list-recoveries', activeOnly: true }, io);
    const value = listed.kind === 'done' ? (listed.value as readonly unknown[]) : [];
    expect(value.length).toBeGreaterThan(0);
    for (const recovery of value)
      expect(recovery).toMatchObject({ index: 'one', type: 'PEER', stage: 'INDEX', primary: false, bytes: { total: 4096 } });
  });
});

describe('a simulated node', () => {
  it('refuses connections while it is down, and is missed by the others', async () => {
    simulator.crash('n1');
    await expect(ask('GET', '/')).rejects.toThrow();
    await simulator.until(() => simulator.cluster('rest').masterNodeId !== null, 10_000);
    expect((await ask('GET', '/_cluster/health', undefined, 1)).body).toMatchObject({ number_of_nodes: 2 });
  });

  it('answers 503 while there is no master', async () => {
    simulator.crash('n1');
    simulator.crash('n2');
    expect(await ask('GET', '/_cluster/health?timeout=50ms', undefined, 2)).toMatchObject({
      status: 503,
      body: { error: { type: 'master_not_discovered_exception' } },
    });
    expect((await ask('PUT', '/_cluster/settings', { persistent: { 'cluster.info.update.interval': '1m' } }, 2)).status).toBe(
      503,
    );
  });

  it('takes known settings, removes them with null, and refuses others in the words of the real thing', async () => {
    const name = 'cluster.routing.allocation.enable';
    expect(await ask('PUT', '/_cluster/settings', { persistent: { [name]: 'primaries' } })).toMatchObject({ status: 200 });
    expect(simulator.cluster('rest').persistent[name]).toBe('primaries');
    expect(await ask('PUT', '/_cluster/settings', { persistent: { [name]: null } })).toMatchObject({ status: 200 });
    expect(simulator.cluster('rest').persistent[name]).toBeUndefined();
    expect(await ask('PUT', '/_cluster/settings', { persistent: { [name]: 'some' } })).toMatchObject({
      status: 400,
      body: { error: { reason: 'Illegal allocation.enable value [SOME]' } },
    });
    expect(await ask('PUT', '/_cluster/settings', { transient: { 'no.such': '1' } })).toMatchObject({
      status: 400,
      body: { error: { reason: 'transient setting [no.such], not dynamically updateable' } },
    });
    expect(simulator.journal.settingsWrites.map((write) => write.persistent)).toEqual([
      { [name]: 'primaries' },
      { [name]: null },
    ]);
  });

  it('answers what it does not know as each version does, and filters answers', async () => {
    expect((await ask('GET', '/_license')).status).toBe(400);
    expect((await ask('GET', '/_nodes?filter_path=nodes.*.name')).body).toEqual({
      nodes: Object.fromEntries(['n1', 'n2', 'n3'].map((name) => [simulator.node(name).nodeId, { name }])),
    });
    expect((await ask('GET', '/_cluster/state/master_node/none')).status).toBe(404);
    expect(await ask('GET', '/_cluster/health?wait_for_nodes=4&timeout=50ms')).toMatchObject({
      status: 408,
      body: { timed_out: true },
    });
  });
});

describe('a request that changes something', () => {
  it('is held before, inside and after, and dropped where a test says so', async () => {
    const held: string[] = [];
    const name = 'cluster.routing.allocation.enable';
    const put = () => ask('PUT', '/_cluster/settings', { persistent: { [name]: 'none' } });
    const value = () => simulator.cluster('rest').persistent[name] ?? 'unset';
    simulator.hold((act, point) => {
      held.push(`${act.what} ${point} ${value()}`);
      return 'go-on';
    });
    expect((await put()).status).toBe(200);
    await simulator.until(() => held.length === 3, 5_000);
    expect(held).toEqual(['rest.settings before unset', 'rest.settings inside none', 'rest.settings after none']);

    delete simulator.cluster('rest').persistent[name];
    simulator.hold((_act, point) => (point === 'before' ? 'drop' : 'go-on'));
    await expect(put()).rejects.toThrow();
    expect(value()).toBe('unset');

    simulator.hold((_act, point) => (point === 'inside' ? 'drop' : 'go-on'));
    await expect(put()).rejects.toThrow();
    expect(value()).toBe('none');
  });
});
