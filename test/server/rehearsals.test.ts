import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServerSentEvents } from '../../src/cli/api/server-sent-events.ts';
import {
  type ClusterRow,
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const limitMs = 90_000;
let folder: string;
let server: ServerRig;
let native: NativeRig;
let cluster: ClusterRow;

beforeAll(async () => {
  folder = await makeStateFolder('rehearsals');
  server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_SIMULATE: '1' } });
  native = new NativeRig(server);
  const made = await native.ask<{ cluster: ClusterRow }>('POST', '/clusters', {
    ...{ name: 'logs', engine: 'elasticsearch', origin: 'created', clusterName: 'logs', release: { version: '6.3.2' } },
    ...{ nodes: ['n1', 'n2', 'n3'].map((name) => ({ name })), tags: { 'clusterlift:speed': '100' } },
  });
  cluster = await eventually('the cluster is there', limitMs, async () => {
    const now = await native.cluster(made.cluster.id);
    return now.status === 'active' ? now : undefined;
  });
  const index = { settings: { 'index.number_of_shards': 3, 'index.number_of_replicas': 1 } };
  const asked = await fetch(`${cluster.nodes[0]?.url}/orders`, {
    ...{ method: 'PUT', body: JSON.stringify(index), headers: { 'content-type': 'application/json' } },
  });
  expect(asked.status).toBe(200);
  await eventually('its copies are started', limitMs, async () => ((await health()) === 'green' ? true : undefined));
});
afterAll(async () => {
  await server?.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
});

async function health(): Promise<string> {
  const response = await fetch(`${cluster.nodes[0]?.url}/_cluster/health`);
  return ((await response.json()) as { status: string }).status;
}

/** The report alone, however long it takes. */
async function reported(wanted: object, below: string): Promise<Report> {
  for await (const { event, data } of rehearsal(wanted, new AbortController().signal, below))
    if (event === 'report') return JSON.parse(data) as Report;
  throw new Error('there was no report');
}

const body = { to: { version: '6.7.0' }, runs: 3, faults: false };
/** Nobody waits for the end of that one. */
const long = { ...body, runs: 100, faults: true };
const path = () => `/clusters/${cluster.id}/rehearsals`;

/** Messages of the stream as they come; `gone` ends it as a caller who goes away does. */
async function* rehearsal(wanted: object, gone: AbortSignal, below = path()) {
  const authorization = `Basic ${Buffer.from(`${server.keyId}:${server.secret}`).toString('base64')}`;
  const response = await fetch(`${server.url}/api/v1${below}`, {
    ...{ method: 'POST', body: JSON.stringify(wanted), signal: gone },
    headers: { authorization, accept: 'text/event-stream', 'content-type': 'application/json' },
  });
  if (response.body === null || !response.ok) throw new Error(`HTTP ${response.status} ${await response.text()}`);
  for await (const message of readServerSentEvents(response.body)) if (message.kind === 'message') yield message;
}

interface Exported {
  readonly spec: { readonly nodes: readonly { readonly name: string }[] };
  readonly seen: object;
}

interface Report {
  readonly done: number;
  readonly waves: readonly (readonly string[])[];
  readonly thinnest: { readonly started: number; readonly examples: readonly string[] };
  readonly violations: readonly string[];
}

describe('a rehearsal over the server', { timeout: 240_000 }, () => {
  it('refuses targets that no way leads to, as a plan does', async () => {
    await expect(native.ask('POST', path(), { to: { version: '9.9.9' } })).rejects.toThrow(/422.*not in the catalog/);
  });

  it('tells each run and then the report, and touches nothing', async () => {
    const kinds: string[] = [];
    let report: Report | null = null;
    for await (const { event, data } of rehearsal(body, new AbortController().signal)) {
      kinds.push(event);
      if (event === 'report') report = JSON.parse(data) as Report;
    }
    expect(report).toMatchObject({ runs: 3, done: 3, violations: [], thinnest: { started: 1, of: 2 } });
    expect(report?.waves.flat().sort()).toEqual(['n1', 'n2', 'n3']);
    expect(report?.thinnest.examples.every((shard) => /^orders\/[012]$/.test(shard))).toBe(true);
    expect(kinds).toEqual([...Array.from({ length: 3 }, () => 'run'), 'report']);
    const versions = cluster.nodes.map(
      async ({ url }) => ((await (await fetch(url)).json()) as { version: { number: string } }).version.number,
    );
    expect(await Promise.all(versions)).toEqual(['6.3.2', '6.3.2', '6.3.2']);
  });

  it('is made of an exported observation without names as of the cluster itself', async () => {
    const at = `/clusters/${cluster.id}/observation/export`;
    const named = await native.ask<Exported>('GET', at);
    const observation = await native.ask<Exported>('GET', `${at}?anonymous=true`);
    const namesOf = ({ spec }: Exported) => spec.nodes.map(({ name }) => name);
    expect([namesOf(named), namesOf(observation)]).toEqual([
      ['n1', 'n2', 'n3'],
      ['node-1', 'node-2', 'node-3'],
    ]);
    const report = await reported({ observation, ...body, runs: 1 }, '/rehearsals');
    expect(report).toMatchObject({ clusterId: null, runs: 1, done: 1, violations: [], thinnest: { started: 1, of: 2 } });
    expect(report.waves.flat().sort()).toEqual(namesOf(observation));
    expect(report.thinnest.examples.every((shard) => /^index-\d\/[012]$/.test(shard))).toBe(true);
    const lost = { ...named, seen: { ...named.seen, indices: [] } };
    await expect(native.ask('POST', '/rehearsals', { observation: lost, ...body })).rejects.toThrow(/422.*orders\/\d lies on/);
  });

  it('is made one at a time, ends with the caller who goes away, and makes room for the next', async () => {
    const gone = new AbortController();
    await expect(async () => {
      for await (const { event } of rehearsal(long, gone.signal)) {
        if (event !== 'run' || gone.signal.aborted) continue;
        await expect(native.ask('POST', path(), body)).rejects.toThrow(/409.*Another rehearsal runs/);
        gone.abort();
      }
    }).rejects.toThrow(/abort/i);
    const next = new AbortController();
    const first = await eventually('the next one may begin', limitMs, async () => {
      for await (const { event } of rehearsal(body, next.signal)) return event;
      return undefined;
    });
    expect(first).toBe('run');
    next.abort();
  });
});
