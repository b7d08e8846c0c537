import { afterAll, beforeAll, describe, expect } from 'vitest';
import { compareDocuments, LoadClient } from '../load/index.ts';
import { chapters } from '../rig/chapters.ts';
import {
  AliyunRig,
  endProcessesOf,
  eventually,
  launchesOf,
  makeStateFolder,
  NativeRig,
  NodesRig,
  removeStateFolder,
  type ServerRig,
  type Squatter,
  squat,
  startServer,
} from '../rig/index.ts';

const from = '6.7.0';
const to = '6.8.23';
const members = ['es-1', 'es-2', 'es-3'];
const owners = {
  persistent: { 'cluster.routing.rebalance.enable': 'all' },
  transient: { 'cluster.routing.allocation.enable': 'all' },
};
const waitMs = 10 * 60_000;

let stateFolder: string;
let server: ServerRig;
let aliyun: AliyunRig;
let native: NativeRig;
let nodes: NodesRig;
let client: LoadClient;
let squatter: Squatter;
let id: string;
let upgradeId: string;
let away: string;

beforeAll(async () => {
  stateFolder = await makeStateFolder('back');
  server = await startServer({ stateFolder });
  aliyun = new AliyunRig(server);
  native = new NativeRig(server);
  id = await aliyun.create({ name: 'back', version: from, nodes: 3, tags: { 'clusterlift:heap-mb': '256' } });
  await aliyun.waitActive(id, waitMs);
  nodes = new NodesRig(await aliyun.addresses(id));
  client = new LoadClient({ nodes: nodes.urls, index: 'load', version: from });
  await client.prepare();
  await nodes.ask('PUT', '/_cluster/settings', owners);
  // A node that stays away is given up by its cluster after this time instead of a minute: the tests wait for that.
  await nodes.ask('PUT', '/_all/_settings', { 'index.unassigned.node_left.delayed_timeout': '5s' });
  client.start();
});

afterAll(async () => {
  await squatter?.leave();
  await client?.stop();
  await client?.close();
  await server?.stop();
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

const chapter = chapters();

describe('a node whose port another program has taken', () => {
  chapter('stops the upgrade with the node’s own words as the reason, the rest settled and serving', async () => {
    await aliyun.snapshot(id);
    await aliyun.dryRunUntilPassed(id, to, waitMs);
    const ports = await nodes.transportPorts();
    await aliyun.start(id, to);
    upgradeId = (await native.latestUpgrade(id)).id;
    squatter = squat(Object.values(ports));
    const port = await squatter.taken(waitMs);
    away = members.find((member) => ports[member] === port) ?? '';
    expect(away).not.toBe('');

    const stopped = await native.waitWhile(upgradeId, 'running', waitMs);
    expect(stopped).toMatchObject({ status: 'stopped', reason: { code: 'es.member-does-not-start', subject: away } });
    expect(stopped.reason?.evidence?.join('\n')).toContain('Address already in use');
    expect(stopped.reason?.evidence?.join('\n')).toContain(String(port));
    expect((await aliyun.status(id)).status).toBe('invalid');

    expect(Object.keys(await nodes.versions())).toEqual(members.filter((member) => member !== away));
    expect(await nodes.clusterSettings()).toEqual(owners);
    const health = await nodes.health();
    expect(health).toMatchObject({ number_of_nodes: 2, relocating_shards: 0, initializing_shards: 0 });
    expect(health.status).not.toBe('red');
    const since = client.now();
    await eventually('a hundred answers', waitMs, () => (client.figures(since).requests >= 100 ? true : undefined));
    expect(client.figures(since).failures).toEqual([]);
    // Tried twice, then a person is asked; nobody else was touched.
    for (const member of members)
      expect(launchesOf(stateFolder, id, member), member).toEqual(member === away ? [from, to, to] : [from]);
  });

  chapter('is lifted with the others once the port is free and its owner resumes: nothing failed, nothing lost', async () => {
    await squatter.leave();
    await aliyun.resume(id);
    await aliyun.waitActive(id, waitMs);
    expect((await native.upgrade(upgradeId)).status).toBe('done');
    expect(await nodes.versions()).toEqual(Object.fromEntries(members.map((member) => [member, to])));
    for (const member of members)
      expect(launchesOf(stateFolder, id, member), member).toEqual(member === away ? [from, to, to, to] : [from, to]);
    expect(await nodes.clusterSettings()).toEqual(owners);
    await nodes.waitGreen(3, waitMs);
    await client.stop();
    expect(client.figures().failures).toEqual([]);
    const { lost, differing, strangers } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
  });
});
