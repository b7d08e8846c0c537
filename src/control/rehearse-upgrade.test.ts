import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Caller, ExportedObservation, RehearsalJob, RehearsalReport } from '../domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../engines/elasticsearch/index.ts';
import { sampleExported } from '../faces/native/testing-exported.ts';
import { catalogFile } from '../simulators/elasticsearch/testing.ts';
import { limits } from './limits.ts';
import { createRehearsalCases, type RunRehearsal } from './rehearse-upgrade.ts';

afterEach(() => void vi.useRealTimers());

const caller: Caller = { keyId: 'LTAItests', account: '1', policy: null };
const to = { version: '6.3.2', build: null };
const wish = { to, runs: 3, faults: true, seed: 7 };
const report = { seed: 7 } as RehearsalReport;

/** Nothing but a catalog: whoever asks a store, a host or a cluster for something of a file fails. */
function cases(run: RunRehearsal) {
  const parsed = parseCatalog(catalogFile());
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  const parts = {
    engines: { elasticsearch: { engine: elasticsearchEngine, catalog: parsed.catalog } },
    io: { now: () => '2026-11-25T10:00:00.000Z' },
    newId: () => 'plan-1',
  };
  return createRehearsalCases(parts as never, run);
}

const quiet = { signal: new AbortController().signal, onRun: () => undefined };
const elasticsearch = (change: (seen: Extract<ExportedObservation, { engine: 'elasticsearch' }>) => object) => {
  const sample = sampleExported();
  if (sample.engine !== 'elasticsearch') throw new Error('the sample is one of Elasticsearch');
  return { ...sample, ...change(sample) } as ExportedObservation;
};

describe('a rehearsal of a file', () => {
  it('is planned from the file alone, as of the moment of its look, and handed on as it stands there', async () => {
    const jobs: RehearsalJob[] = [];
    const prepared = await cases(async (job) => {
      jobs.push(job);
      return report;
    }).prepareRehearsalOf(caller, sampleExported(), wish);
    if (prepared.kind !== 'prepared') throw new Error(JSON.stringify(prepared));
    expect(prepared.plan).toMatchObject({ from: { version: '5.6.16' }, to: { version: '6.3.2' }, madeBy: 'LTAItests' });
    expect(prepared.plan.madeAt).toBe(sampleExported().takenAt);
    expect(await prepared.run(quiet)).toEqual({ kind: 'rehearsed', report });
    const { takenAt, seen, spec } = sampleExported();
    expect(jobs).toMatchObject([
      { seen, runs: 3, faults: true, seed: 7, beganMs: Date.parse(takenAt), cluster: { spec, secrets: {} } },
    ]);
  });

  it('ends in time, is made one at a time, and makes room for the next', async () => {
    vi.useFakeTimers();
    const made = cases(
      (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(report), { once: true })),
    );
    const [first, second] = [
      await made.prepareRehearsalOf(caller, sampleExported(), wish),
      await made.prepareRehearsalOf(caller, sampleExported(), wish),
    ];
    if (first.kind !== 'prepared' || second.kind !== 'prepared') throw new Error('both may begin');
    const running = first.run(quiet);
    expect((await second.run(quiet)).kind).toBe('busy');
    expect((await made.prepareRehearsalOf(caller, sampleExported(), wish)).kind).toBe('busy');
    await vi.advanceTimersByTimeAsync(limits.rehearsalTimeoutMs - 1);
    expect((await made.prepareRehearsalOf(caller, sampleExported(), wish)).kind).toBe('busy');
    await vi.advanceTimersByTimeAsync(1);
    expect(await running).toEqual({ kind: 'rehearsed', report });
    expect((await made.prepareRehearsalOf(caller, sampleExported(), wish)).kind).toBe('prepared');
  });

  it.each<[string, ExportedObservation, string, string]>([
    [
      'a node twice',
      elasticsearch(({ seen }) => ({ seen: { ...seen, nodes: [...seen.nodes, ...seen.nodes.slice(0, 1)] } })),
      'too-large',
      'The node n1 is there twice',
    ],
    [
      'an id twice',
      elasticsearch(({ seen }) => ({ seen: { ...seen, nodes: seen.nodes.map((node) => ({ ...node, nodeId: 'same' })) } })),
      'too-large',
      'The node id same is there twice',
    ],
    [
      'a copy of no index',
      elasticsearch(({ seen }) => ({ seen: { ...seen, indices: [] } })),
      'too-large',
      'A copy of orders/0 lies on a node or belongs to an index that was not seen',
    ],
    [
      'a copy on no node',
      elasticsearch(({ seen }) => ({ seen: { ...seen, shards: seen.shards.map((copy) => ({ ...copy, nodeId: 'gone' })) } })),
      'too-large',
      'A copy of orders/0',
    ],
    [
      'a node that is not described',
      elasticsearch(({ spec }) => ({ spec: { ...spec, nodes: spec.nodes.slice(1) } })),
      'too-large',
      'n1 is in the cluster, but not in its description',
    ],
    [
      'more nodes than are rehearsed',
      elasticsearch(({ seen }) => ({ seen: { ...seen, nodes: Array.from({ length: 101 }, () => seen.nodes[0]) } })),
      'too-large',
      '101 nodes are more',
    ],
    [
      'no member that is in the cluster',
      elasticsearch(({ members }) => ({ members: members.map((one) => ({ ...one, joined: null, running: null })) })),
      'unreachable',
      'none of its members',
    ],
  ])('with %s is refused with a sentence', async (_, exported, kind, says) => {
    const ended = await cases(() => Promise.reject(new Error('nothing runs'))).prepareRehearsalOf(caller, exported, wish);
    expect([ended.kind, JSON.stringify(ended)]).toEqual([kind, expect.stringContaining(says)]);
  });

  it('to a version without a way, or of a node group that it has not, is refused as a plan is', async () => {
    const made = cases(() => Promise.reject(new Error('nothing runs')));
    const far = await made.prepareRehearsalOf(caller, sampleExported(), { ...wish, to: { version: '9.9.9', build: null } });
    expect(far).toMatchObject({ kind: 'no-route', route: { kind: 'unknown-version' } });
    expect(await made.prepareRehearsalOf(caller, sampleExported(), { ...wish, nodegroup: 'blue' })).toMatchObject({
      kind: 'not-ready',
    });
  });
});
