import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ElasticsearchCatalog, EngineIo, HttpRequest, Observation, SeenElasticsearch } from '../../../domain/index.ts';
import { compareVersions, majorOf } from '../../../domain/index.ts';
import { aWorld, nodeSpec, worldCluster } from '../decide/testing.ts';
import { observe } from './index.ts';

interface Recorded {
  readonly status: number;
  readonly body: unknown;
}
type Answers = Record<string, Recorded>;

const state = '/_cluster/state/master_node,nodes,routing_table,metadata,version,blocks';

/**
 * Answers of one real node of each version that held: `a` (open, a document), `b` (open, a replica that has no node),
 * `c` (closed), from 7 on `h` (hidden), a template `t`, a snapshot `s1` in repository `r`, a transient allocation filter.
 */
const folder = new URL('./recorded/', import.meta.url);
const versions = readdirSync(folder)
  .map((file) => file.replace('.json', ''))
  .sort(compareVersions);
const recorded = (version: string): Answers => {
  const answers = JSON.parse(readFileSync(new URL(`${version}.json`, folder), 'utf8')) as Answers;
  return { ...answers, '/_cluster/state/master_node': answers[state] as Recorded };
};

const health = '/_cluster/health?wait_for_events=languid&timeout=1s';
const nodes = '/_nodes/settings,process,jvm,plugins?timeout=1s';
const catalog: ElasticsearchCatalog = { engine: 'elasticsearch', releases: [], edges: [] };
const cluster = worldCluster(aWorld([nodeSpec('n1')]));

function ioWith(answers: Answers, asked: HttpRequest[] = []): EngineIo {
  return {
    http: async (request) => {
      asked.push(request);
      const path = request.url.slice(cluster.spec.nodes[0]?.url.length);
      const answer = answers[path] ?? answers[`${request.method} ${path}`];
      if (answer === undefined) throw new Error(`nobody answers ${request.method} ${path}`);
      return { status: answer.status, body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) };
    },
    hosts: () => undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    pause: () => Promise.resolve(),
  };
}

function seenIn(observation: Observation<SeenElasticsearch>): SeenElasticsearch {
  if (observation.cluster.kind !== 'seen') throw new Error(observation.cluster.because);
  return observation.cluster.seen;
}

const turnState = `${state}?filter_path=-metadata.indices.*.mappings`;

/** The same answers under the addresses that a turn asks at. */
function ofTurn(version: string): Answers {
  const answers = recorded(version);
  return { ...answers, [turnState]: answers[state] as Recorded, [nodes.replace('?timeout=1s', '')]: answers[nodes] as Recorded };
}

async function look(version: string, change: Answers = {}, depth: 'plan' | 'turn' = 'plan') {
  const observation = await observe(cluster, catalog, ioWith({ ...recorded(version), ...change }), depth);
  return { observation, seen: seenIn(observation) };
}

describe.each(versions)('an observation of %s', (version) => {
  const major = majorOf(version);

  it('tells the node with its process, Java, heap and disk', async () => {
    const { observation, seen } = await look(version);
    expect(seen.nodes).toMatchObject([
      { name: 'n1', version, roles: expect.arrayContaining(['master', 'data', 'ingest']), nodeId: seen.masterNodeId },
    ]);
    const [node] = seen.nodes;
    expect(node?.ephemeralId).toMatch(/^[\w-]{22}$/);
    expect(node?.pid).toBeGreaterThan(0);
    expect(node?.javaVersion).toMatch(/^(17|2\d)\./);
    expect(node?.jvmInputArguments).toContain('-XX:+UseSerialGC');
    expect(node?.heapUsedPercent).toBeGreaterThan(0);
    expect(node?.diskUsedPercent).toBeGreaterThan(0);
    expect(node?.diskFreeBytes).toBeGreaterThan(1e9);
    expect(observation.members).toMatchObject([{ name: 'n1', running: { version, build: null } }]);
  });

  it('tells every index, closed and hidden ones too, with the major it was created in', async () => {
    const { seen } = await look(version);
    expect(seen.indices.map((index) => `${index.name} ${index.state} ${index.replicas}`)).toEqual([
      'a open 0',
      'b open 1',
      'c close 0',
      ...(major >= 7 ? ['h open 0'] : []),
    ]);
    expect(new Set(seen.indices.map((index) => index.createdMajor))).toEqual(new Set([major]));
    expect(seen.indices[0]?.createdVersion).toBe(compareVersions(version, '8.11.0') < 0 ? version : `${major}.x`);
    expect(seen.indices[0]?.mappingTypes).toEqual([major >= 8 ? '_doc' : 'doc']);
    expect(seen.indices[2]?.blocks).toEqual(['4']);
    expect(seen.templates.map((template) => template.name)).toEqual(['t', ...(major >= 7 ? ['component co', 'ct'] : [])]);
    expect(new Set(seen.templates.map((template) => template.settings['index.refresh_interval']))).toEqual(
      new Set(major >= 7 ? ['5s', '7s'] : ['5s']),
    );
  });

  it('tells each copy, in sync or not, and why one has no node', async () => {
    const { seen } = await look(version);
    const copies = (name: string) => seen.shards.filter((copy) => copy.index === name);
    expect(copies('a')).toMatchObject([{ primary: true, state: 'STARTED', inSync: true, nodeId: seen.masterNodeId }]);
    const [lacking] = copies('b').filter((copy) => !copy.primary);
    expect(lacking).toMatchObject({ state: 'UNASSIGNED', nodeId: null, unassignedReason: 'INDEX_CREATED', delayed: false });
    expect(lacking?.blockedBy).toEqual(['same_shard']);
    expect(copies('c')).toHaveLength(compareVersions(version, '7.2.0') < 0 ? 0 : 1);
    expect(seen.health).toMatchObject({ status: 'yellow', timedOut: false, unassigned: 1, relocating: 0 });
    // Before 8 the question itself stands in the queue that it asks about.
    expect(seen.health.pendingTasks).toBeLessThanOrEqual(1);
  });

  it('tells settings, watermarks, voters and snapshots', async () => {
    const { seen } = await look(version);
    expect(seen.persistentSettings).toEqual({});
    expect(seen.transientSettings).toEqual({ 'cluster.routing.allocation.exclude._name': 'nobody' });
    expect(seen.votingNodeIds).toEqual([seen.masterNodeId]);
    expect(seen.minimumMasterNodes).toBe(major < 7 ? 1 : null);
    expect(seen.votingExclusions).toMatchObject(
      major < 7 ? { known: false, absent: true } : { known: true, value: version === '7.17.29' || major >= 8 ? ['zz'] : [] },
    );
    expect(seen.watermarks).toEqual({
      enabled: true,
      low: '85%',
      high: '90%',
      flood: major < 6 ? null : '95%',
      headroom: major < 8 ? { low: null, high: null } : { low: '200gb', high: '150gb' },
    });
    expect(seen.repositories).toEqual({ known: true, value: ['r'] });
    expect(seen.snapshotRunning).toEqual({ known: true, value: false });
    expect(seen.snapshots).toMatchObject({
      known: true,
      value: [{ name: 's1', state: 'SUCCESS', endedAtMs: expect.any(Number) }],
    });
  });

  it('tells what the distribution lacks as absent, and has nothing unknown', async () => {
    const { observation, seen } = await look(version);
    const { deprecations, mlEnabled, mlOpenJobs, ilmMode, shutdownRecords } = seen;
    for (const fact of [deprecations, mlEnabled, mlOpenJobs, ilmMode, shutdownRecords])
      expect(fact).toMatchObject({ known: false, absent: true });
    // The 7.17 archive has it, those of 8 and 9 have not.
    expect(seen.systemFeatures).toMatchObject(
      version === '7.17.29' ? { known: true, value: 'no-migration-needed' } : { known: false, absent: true },
    );
    expect(observation.unknowns).toEqual([]);
  });
});

describe('an observation', () => {
  it('of a turn leaves out what no turn needs', async () => {
    const asked: HttpRequest[] = [];
    const seen = seenIn(await observe(cluster, catalog, ioWith(ofTurn('6.7.0'), asked), 'turn'));
    expect(asked.map((request) => new URL(request.url).pathname.split('/').slice(2).join('/')).sort()).toEqual([
      '_cluster/health',
      '_cluster/settings',
      '_cluster/state/master_node,nodes,routing_table,metadata,version,blocks',
      '_nodes/settings,process,jvm,plugins',
    ]);
    expect(seen.snapshots).toMatchObject({ known: false, absent: false });
  });

  it('of a turn sees a cluster without indices, which then leaves them out', async () => {
    const answers = ofTurn('6.7.0');
    const body = answers[turnState]?.body as { metadata: object };
    const { indices: _indices, ...metadata } = body.metadata as Record<string, unknown>;
    const empty = { status: 200, body: { ...body, metadata, routing_table: { indices: {} } } };
    const seen = seenIn(await observe(cluster, catalog, ioWith({ ...answers, [turnState]: empty }), 'turn'));
    expect([seen.indices, seen.shards]).toEqual([[], []]);
    const torn = { status: 200, body: { ...body, metadata } };
    const observation = await observe(cluster, catalog, ioWith({ ...answers, [turnState]: torn }), 'turn');
    expect(observation.cluster).toMatchObject({ kind: 'unreachable', because: expect.stringContaining('nothing else of it') });
  });

  it('asks side questions with a short time-out, all at once', async () => {
    const asked: HttpRequest[] = [];
    await observe(cluster, catalog, ioWith(recorded('8.19.21'), asked), 'plan');
    const side = asked.filter((request) => /_snapshot|_migration|_ml|_ilm|shutdown|stats/.test(request.url));
    expect(side).toHaveLength(10);
    for (const request of side) expect(request.timeoutMs).toBeLessThan(2_000);
  });

  it('takes a health that waited in vain for an answer', async () => {
    const body = { ...(recorded('6.7.0')[health]?.body as object), timed_out: true, number_of_pending_tasks: 7 };
    const { seen } = await look('6.7.0', { [health]: { status: 408, body } });
    expect(seen.health).toMatchObject({ timedOut: true, pendingTasks: 7 });
  });

  it('is of no cluster where an answer is not as expected, and says which part', async () => {
    const body = { ...(recorded('6.7.0')[state]?.body as object), state_uuid: 7 };
    const answers = { ...recorded('6.7.0'), [state]: { status: 200, body } };
    const observation = await observe(cluster, catalog, ioWith(answers), 'plan');
    expect(observation.cluster).toEqual({
      kind: 'unreachable',
      because: 'the state of the cluster is not as expected: state_uuid must be string',
    });
    expect(observation.members.map((member) => member.joined)).toEqual([null]);
  });

  it('has what failed as unknown, with why, and not as absent', async () => {
    const failure = { status: 503, body: { error: 'busy' } };
    const { observation, seen } = await look('7.17.29', {
      '/_migration/deprecations': failure,
      '/_ilm/status': { status: 403, body: { error: 'not yours' } },
      '/_nodes/stats/fs,jvm?timeout=1s': failure,
      '/_snapshot/r/_all?sort=start_time&order=desc&size=50': failure,
    });
    expect(seen.deprecations).toMatchObject({ known: false, absent: false, because: expect.stringContaining('503') });
    expect(seen.ilmMode).toMatchObject({ known: false, absent: false, because: expect.stringContaining('not yours') });
    expect(seen.snapshots).toMatchObject({ known: false, absent: false, because: expect.stringContaining('repository r') });
    expect(seen.nodes[0]?.diskFreeBytes).toBeNull();
    expect(observation.unknowns).toHaveLength(4);
  });

  it('does not believe that a member is there when another node answers at its url', async () => {
    const local = { cluster_name: 'other', nodes: { elsewhere: { name: 'n1' } } };
    const { observation, seen } = await look('6.7.0', { '/_nodes/_local/process': { status: 200, body: local } });
    const [{ url } = { url: '' }] = cluster.spec.nodes;
    expect(observation.unknowns).toEqual([`node n1: its url ${url} is answered by node n1 of the cluster other`]);
    expect(observation.members).toMatchObject([{ name: 'n1', joined: null, running: null }]);
    expect(seen.answeredAt).toBe(url);
  });

  it('knows a node that the cluster has and that did not answer in time', async () => {
    const { observation } = await look('6.7.0', { [nodes]: { status: 200, body: { nodes: {} } } });
    expect(observation.unknowns).toEqual(['node n1: it is in the cluster, and did not answer its neighbours in time']);
    expect(observation.members).toMatchObject([{ name: 'n1', joined: null, running: null }]);
  });
});

describe('features of a full distribution', () => {
  const deprecation = (level: string, more: object = {}) => ({ level, message: `${level} one`, url: '', details: '', ...more });
  const answers: Answers = {
    '/_migration/deprecations': {
      status: 200,
      body: {
        cluster_settings: [deprecation('critical')],
        node_settings: [deprecation('critical', { resolve_during_rolling_upgrade: true })],
        ml_settings: [],
        index_settings: { logs: [deprecation('warning'), deprecation('info')] },
        templates: { t: [deprecation('critical')] },
      },
    },
    '/_ml/info': { status: 200, body: { defaults: {}, limits: {}, native_code: {}, upgrade_mode: true } },
    '/_ml/anomaly_detectors/_stats': {
      status: 200,
      body: {
        count: 2,
        jobs: [
          { job_id: 'one', state: 'opened' },
          { job_id: 'two', state: 'closed' },
        ],
      },
    },
    '/_ilm/status': { status: 200, body: { operation_mode: 'STOPPING' } },
    '/_migration/system_features': { status: 200, body: { features: [], migration_status: 'MIGRATION_NEEDED' } },
    '/_nodes/shutdown': { status: 200, body: { nodes: [{ node_id: 'id-1', type: 'RESTART', reason: 'x', status: 'COMPLETE' }] } },
  };

  it('are told as they are', async () => {
    const { seen } = await look('7.17.29', answers);
    expect(seen.deprecations).toEqual({
      known: true,
      value: [
        { subject: 'cluster', level: 'critical', message: 'critical one' },
        { subject: 'nodes', level: 'warning', message: 'critical one' },
        { subject: 'index logs', level: 'warning', message: 'warning one' },
        { subject: 'index logs', level: 'none', message: 'info one' },
        { subject: 'template t', level: 'critical', message: 'critical one' },
      ],
    });
    expect(seen.mlEnabled).toEqual({ known: true, value: true });
    expect(seen.mlUpgradeMode).toEqual({ known: true, value: true });
    expect(seen.mlOpenJobs).toEqual({ known: true, value: ['one'] });
    expect(seen.ilmMode).toEqual({ known: true, value: 'STOPPING' });
    expect(seen.systemFeatures).toEqual({ known: true, value: 'migration-needed' });
    expect(seen.shutdownRecords).toEqual({ known: true, value: ['id-1 (RESTART)'] });
  });

  it('are asked for below _xpack before 7', async () => {
    const { seen } = await look('6.7.0', {
      '/_xpack/migration/deprecations': answers['/_migration/deprecations'] as Recorded,
      '/_xpack/ml/info': { status: 200, body: { defaults: {}, limits: {}, upgrade_mode: false } },
    });
    expect(seen.deprecations.known).toBe(true);
    expect(seen.mlUpgradeMode).toEqual({ known: true, value: false });
  });

  it('are not made up from a 200 that says something else', async () => {
    const { seen } = await look('7.17.29', { '/_ilm/status': { status: 200, body: { acknowledged: true } } });
    expect(seen.ilmMode).toMatchObject({ known: false, absent: true });
  });
});
