import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { bulkLoad, compareDocuments, createIndex, LoadClient, recreateIndex } from '../load/index.ts';
import { chapters } from '../rig/chapters.ts';
import {
  CliRig,
  endProcessesOf,
  eventually,
  launchesOf,
  makeStateFolder,
  NativeRig,
  NodesRig,
  type PlanRow,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const route = ['6.7.0', '6.8.23', '7.17.29', '8.19.21'];
const [from = '', , seven = '', eight = ''] = route;
const members = ['n1', 'n2', 'n3'];
const indices = ['books', 'load', 'shut'];
const shape = { shards: 3, replicas: 1 };
const waitMs = 30 * 60_000;

let stateFolder: string;
let server: ServerRig;
let cli: CliRig;
let native: NativeRig;
let nodes: NodesRig;
let client: LoadClient;
let id: string;

beforeAll(async () => {
  stateFolder = await makeStateFolder('route');
  server = await startServer({ stateFolder });
  cli = new CliRig(server);
  native = new NativeRig(server);
  const file = join(stateFolder, 'logs.yaml');
  const description = {
    name: 'logs',
    engine: 'elasticsearch',
    origin: 'created',
    clusterName: 'logs',
    release: { version: from },
    nodes: members.map((name) => ({ name, heapMb: 256 })),
  };
  writeFileSync(file, stringify(description));
  id = (await cli.json<{ cluster: { id: string } }>('cluster', 'add', file)).cluster.id;
  const made = await eventually('three nodes are together', waitMs, async () => {
    const cluster = await native.cluster(id);
    return cluster.status === 'creating' ? undefined : cluster;
  });
  expect(made.status).toBe('active');
  nodes = new NodesRig(made.nodes.map((node) => node.url));
  client = new LoadClient({ nodes: nodes.urls, index: 'load', version: from });
  await client.prepare();
  for (const index of ['books', 'shut']) {
    await createIndex(client.transport, index, shape);
    await bulkLoad(client.transport, client.documents, { index, count: 2_000, version: from });
  }
  await nodes.ask('POST', '/shut/_close');
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

describe('a route of three hops through two major versions, by the command line', () => {
  let plan: PlanRow;

  chapter('is planned with each index that is too old, its hop and the remedy', async () => {
    const planned = await cli.run('plan', 'logs', eight, '--output', 'json');
    plan = JSON.parse(planned.out) as PlanRow;
    expect(plan.hops.map(({ hop }) => `${hop.from.version} ${hop.to.version}`)).toEqual([
      '6.7.0 6.8.23',
      '6.8.23 7.17.29',
      '7.17.29 8.19.21',
    ]);
    const tooOld = plan.findings.filter((finding) => finding.check === 'es.index-versions');
    expect(tooOld.map((finding) => [finding.hop, finding.subject]).sort()).toEqual(indices.map((index) => [2, `index ${index}`]));
    for (const finding of tooOld) {
      expect(finding.says).toContain('was created in 6.7.0; 8.19.21 opens indices from 7.0 on.');
      expect(finding.remedy).toContain('Before the hop 7.17.29 to 8.19.21, while the cluster runs 7.x, copy it into a new index');
    }
    const shown = await cli.run('plan', 'logs', eight);
    for (const index of ['books', 'load', 'shut (closed; open it to copy it)'])
      expect(shown.out).toContain(`${index} was created in 6.7.0`);
  });

  chapter('stops before the hop that cannot open them, the cluster whole and clean at 7.17.29', async () => {
    const accepted = ['es.snapshot-is-recent', 'es.no-closed-indices', 'es.distribution-fits'].flatMap((check) => [
      '--acknowledge',
      check,
    ]);
    const ended = await cli.run('upgrade', 'start', '--plan', plan.id, ...accepted, '--watch');
    expect(ended.code, ended.out + ended.err).toBe(4);
    const stopped = await native.latestUpgrade(id);
    expect(stopped).toMatchObject({ status: 'stopped', reason: { code: 'es.index-too-old' } });
    for (const index of indices) expect(stopped.reason?.says).toContain(index);
    expect(await nodes.versions()).toEqual(Object.fromEntries(members.map((member) => [member, seven])));
    expect(await nodes.clusterSettings()).toEqual({ persistent: {}, transient: {} });
    await nodes.waitGreen(3, waitMs);
  });

  chapter('goes on to 8.19.21 once its owner has made them anew: nothing failed, nothing lost', async () => {
    // Their owner's maintenance: writes rest while an index is copied.
    await client.stop();
    client.speak(seven);
    await nodes.ask('POST', '/shut/_open');
    await nodes.waitGreen(3, waitMs);
    for (const index of indices)
      await recreateIndex(client.transport, index, seven, index === 'load' ? { ...shape, shards: 1 } : shape);
    await nodes.waitGreen(3, waitMs);
    client.start();

    expect((await cli.run('upgrade', 'resume', 'logs')).code).toBe(0);
    const ended = await cli.run('upgrade', 'watch', 'logs');
    expect(ended.code, ended.out + ended.err).toBe(0);
    expect(await nodes.versions()).toEqual(Object.fromEntries(members.map((member) => [member, eight])));
    for (const member of members) expect(launchesOf(stateFolder, id, member), member).toEqual(route);
    expect(await nodes.clusterSettings()).toEqual({ persistent: {}, transient: {} });

    await client.stop();
    const { seconds, requests, retried, failed, p99Ms, longestGapMs } = client.figures();
    console.log(JSON.stringify({ seconds, requests, retried, failed, p99Ms, longestGapMs }));
    expect(client.figures().failures).toEqual([]);
    const { lost, differing, strangers, written } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
    expect(written).toBeGreaterThan(4_000);
  });
});
