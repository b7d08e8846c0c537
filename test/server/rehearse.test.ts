import { beforeAll, describe, expect, it } from 'vitest';
import { rehearseOnce } from '../../src/control/rehearse.ts';
import { rehearse } from '../../src/control/rehearse-report.ts';
import type { ElasticsearchCatalog, ElasticsearchCluster, RehearsalFault, RehearsedRun } from '../../src/domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../../src/engines/elasticsearch/index.ts';
import { elasticsearchRehearsals } from '../../src/simulators/elasticsearch/rehearsal.ts';
import { adoptAll, aSimulator, catalogFile, declared, ioOf, planOf } from '../../src/simulators/elasticsearch/testing.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const certificates = { authority: none, issue: none, signingKeys: none };
function none(): Promise<never> {
  return Promise.reject(new Error('no certificate is made here'));
}

let catalog: ElasticsearchCatalog;
let cluster: ElasticsearchCluster;
let seen: unknown;

beforeAll(async () => {
  const parsed = parseCatalog(catalogFile());
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  catalog = parsed.catalog;
  const simulator = await aSimulator();
  const nodes = ['n1', 'n2', 'n3'].map((name) => ({ name }));
  cluster = declared(
    await simulator.addCluster({ name: 'real', version: '5.5.3', nodes, indices: [{ name: 'one', shards: 3 }] }),
  );
  const io = ioOf(simulator);
  await adoptAll(cluster, simulator, io);
  const observed = await elasticsearchEngine.observe(cluster, catalog, io, 'plan');
  await simulator.close();
  if (observed.cluster.kind !== 'seen') throw new Error(observed.cluster.because);
  seen = observed.cluster.seen;
});

const beganMs = Date.parse('2026-01-01T00:00:00.000Z');

function partsOf() {
  const engines = { elasticsearch: { engine: elasticsearchEngine, catalog } };
  const io = { ...ioOf({ url: 'http://127.0.0.1:1' } as never), certificates };
  return { engines, log, io, rehearsals: elasticsearchRehearsals } as never;
}

async function run(fault: RehearsalFault | null, seed = 1): Promise<RehearsedRun> {
  return rehearseOnce(partsOf(), planOf(cluster, ['5.5.3', '5.6.16']), { cluster, seen, seed, beganMs, fault });
}

describe('a rehearsal by the loop itself', () => {
  it('ends done without a fault, and the real cluster is not there to be asked', async () => {
    const end = await run(null);
    expect(end).toMatchObject({ status: 'done', reason: null, violations: [] });
    expect(end.waves.flat().sort()).toEqual(['n1', 'n2', 'n3']);
  });

  it('repeats itself exactly from its seed', async () => {
    const [first, again, other] = [await run(null, 7), await run(null, 7), await run(null, 8)];
    expect(again).toEqual(first);
    expect(other.tookMs).not.toBe(first.tookMs);
  });

  it('stops for a member that does not come back, with its name and what to do', async () => {
    const end = await run({ fault: 'member-does-not-return', member: 'n2' });
    expect(end.status).toBe('stopped');
    expect(end.reason?.subject).toContain('n2');
    expect(end.reason?.clearedBy).not.toBe('');
    expect(end.violations).toEqual([]);
  });

  it('takes longer with a member that returns slowly', async () => {
    const [plain, slow] = [await run(null), await run({ fault: 'member-returns-slowly', member: 'n2' })];
    expect(slow.status).toBe('done');
    expect(slow.tookMs).toBeGreaterThan(plain.tookMs);
  });

  it('ends done although the answer to a change of settings was lost', async () => {
    expect(await run({ fault: 'settings-answer-lost' })).toMatchObject({ status: 'done', violations: [] });
  });

  it('takes longer, but ends done, with recoveries that are slow and while nobody answers for a minute', async () => {
    const plain = await run(null);
    for (const fault of ['recoveries-slow', 'nobody-answers'] as const) {
      const end = await run({ fault });
      expect([fault, end.status, end.violations]).toEqual([fault, 'done', []]);
      expect(end.tookMs).toBeGreaterThan(plain.tookMs + 50_000);
    }
  });

  it('has all copies of a shard but one away in a wave, and tells when, for how long and whose', async () => {
    const { thinnest, waves } = await run(null);
    expect(thinnest).toMatchObject({ started: 1, of: 2 });
    expect(thinnest?.away).toHaveLength(1);
    expect(waves.flat()).toEqual(expect.arrayContaining([...(thinnest?.away ?? ['nobody'])]));
    expect(thinnest?.examples.every((shard) => /^one\/[012]$/.test(shard))).toBe(true);
    expect(thinnest?.forMs).toBeGreaterThan(1_000);
  });

  it('reports every fault, and ends early when it is told to', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const onRun = (done: number, of: number) => told.push(`${done}/${of}`);
    const job = { cluster, seen, seed: 3, beganMs, runs: 2, faults: true, plan: planOf(cluster, ['5.5.3', '5.6.16']) };
    const report = await rehearse(partsOf(), job, { signal: stop.signal, onRun });
    expect(report).toMatchObject({ runs: 2, done: 2, violations: [], waveCount: { min: 3, max: 3 } });
    const ends = (fault: RehearsalFault['fault']) =>
      report.faults.filter((one) => one.fault.fault === fault).map(({ status }) => status);
    expect(ends('member-does-not-return')).toEqual(['stopped', 'stopped', 'stopped']);
    expect(ends('member-returns-slowly')).toEqual(['done', 'done']);
    expect(ends('another-member-lost')).toEqual(['done', 'done']);
    for (const fault of ['settings-answer-lost', 'nobody-answers', 'recoveries-slow', 'index-made'] as const)
      expect([fault, ends(fault)]).toEqual([fault, ['done']]);
    const refused = report.faults.find(({ fault }) => fault.fault === 'settings-refused');
    expect(refused).toMatchObject({ status: 'stopped', reason: { code: 'es.settings-not-taken' } });
    expect(told.at(-1)).toBe(`${2 + report.faults.length}/${2 + report.faults.length}`);
    stop.abort();
    expect(await rehearse(partsOf(), job, { signal: stop.signal, onRun })).toMatchObject({ made: 0, runs: 0, faults: [] });
  });
});
