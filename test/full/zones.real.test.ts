import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { bulkLoad, compareDocuments, createIndex, LoadClient } from '../load/index.ts';
import { chapters } from '../rig/chapters.ts';
import {
  CliRig,
  endProcessesOf,
  eventually,
  launchesOf,
  makeStateFolder,
  NativeRig,
  NodesRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const from = '7.17.29';
const to = '8.19.21';
const zones = ['a', 'b', 'c'];
/** One master-eligible node a zone: two of three masters stay whichever zone is taken. */
const members = zones.flatMap((zone) => [1, 2, 3].map((number) => ({ name: `${zone}${number}`, zone, master: number === 1 })));
const waitMs = 30 * 60_000;

let stateFolder: string;
let server: ServerRig;
let cli: CliRig;
let native: NativeRig;
let nodes: NodesRig;
let client: LoadClient;
let id: string;

beforeAll(async () => {
  stateFolder = await makeStateFolder('nine');
  server = await startServer({ stateFolder });
  cli = new CliRig(server);
  native = new NativeRig(server);
  const description = {
    name: 'nine',
    engine: 'elasticsearch',
    origin: 'created',
    clusterName: 'nine',
    release: { version: from },
    awarenessAttribute: 'zone',
    nodes: members.map(({ name, zone, master }) => ({
      name,
      zone,
      heapMb: 256,
      roles: master ? ['master', 'data', 'ingest'] : ['data', 'ingest'],
    })),
  };
  const file = join(stateFolder, 'nine.yaml');
  writeFileSync(file, stringify(description));
  id = (await cli.json<{ cluster: { id: string } }>('cluster', 'add', file)).cluster.id;
  const made = await eventually('nine nodes are together', waitMs, async () => {
    const cluster = await native.cluster(id);
    return cluster.status === 'creating' ? undefined : cluster;
  });
  expect(made.status).toBe('active');
  nodes = new NodesRig(made.nodes.map((node) => node.url));
  client = new LoadClient({ nodes: nodes.urls, index: 'load', version: from });
  await client.prepare();
  for (const index of ['books', 'films']) {
    await createIndex(client.transport, index, { shards: 9, replicas: 1 });
    await bulkLoad(client.transport, client.documents, { index, count: 3_000, version: from });
  }
  client.start();
});

afterAll(async () => {
  await client?.stop();
  await client?.close();
  await server?.stop();
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

const chapter = chapters();

describe('nine nodes in three zones', () => {
  chapter('go from 7.17.29 to 8.19.21 a zone at a time under load: nothing failed, nothing lost', async () => {
    const plan = await native.plan(id, to);
    const zoneOf = (names: readonly string[]) => [...new Set(names.map((name) => name[0]))].join('+');
    expect(plan.hops.map((hop) => hop.waves.map((wave) => [zoneOf(wave), wave.length]).sort())).toEqual([
      zones.map((zone) => [zone, 3]),
    ]);

    const ended = await cli.run('upgrade', 'start', '--plan', plan.id, '--acknowledge', 'es.snapshot-is-recent', '--watch');
    expect(ended.code, ended.out + ended.err).toBe(0);
    const { id: upgradeId } = await native.latestUpgrade(id);
    const taken = (await native.events(upgradeId, 0)).filter((event) => event.kind === 'acting' && event.move === 'lift-member');
    expect(taken.map((event) => [zoneOf(event.members), event.members.length]).sort()).toEqual(zones.map((zone) => [zone, 3]));
    const { seconds, requests, retried, failed, p99Ms, longestGapMs } = client.figures();
    console.log(JSON.stringify({ seconds, requests, retried, failed, p99Ms, longestGapMs }));

    expect(await nodes.versions()).toEqual(Object.fromEntries(members.map(({ name }) => [name, to])));
    for (const { name } of members) expect(launchesOf(stateFolder, id, name), name).toEqual([from, to]);
    expect(await nodes.clusterSettings()).toEqual({ persistent: {}, transient: {} });
    await client.stop();
    expect(client.figures().failures).toEqual([]);
    const { lost, differing, strangers } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
  });
});
