import { afterAll, beforeAll, describe, expect } from 'vitest';
import { compareDocuments, LoadClient } from '../load/index.ts';
import { chapters } from '../rig/chapters.ts';
import {
  AliyunRig,
  endProcessesOf,
  launchesOf,
  makeStateFolder,
  NativeRig,
  NodesRig,
  PopRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const from = '8.19.9';
const to = '8.19.21';
const members = ['es-1', 'es-2', 'es-3'];
const waitMs = 15 * 60_000;

let stateFolder: string;
let server: ServerRig;
let aliyun: AliyunRig;
let native: NativeRig;
let nodes: NodesRig;
let client: LoadClient;
let id: string;

beforeAll(async () => {
  stateFolder = await makeStateFolder('gate');
  server = await startServer({ stateFolder });
  aliyun = new AliyunRig(server);
  native = new NativeRig(server);
  const tags = { 'clusterlift:heap-mb': '256', 'clusterlift:gate': 'first-member' };
  id = await aliyun.create({ name: 'gate', version: from, nodes: 3, tags });
  await aliyun.waitActive(id, waitMs);
  nodes = new NodesRig(await aliyun.addresses(id));
  client = new LoadClient({ nodes: nodes.urls, index: 'load', version: from });
  await client.prepare();
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

describe('an upgrade of 8.x with a gate', () => {
  chapter('lifts one node and waits, settled, until somebody says go on', async () => {
    await aliyun.snapshot(id);
    await aliyun.dryRunUntilPassed(id, to, waitMs);
    await aliyun.start(id, to);
    const { id: upgradeId } = await native.latestUpgrade(id);
    expect(await native.waitWhile(upgradeId, 'running', waitMs)).toMatchObject({ status: 'gated' });
    const [record] = await new PopRig(server).actionRecords(id);
    expect(record).toMatchObject({
      requestId: upgradeId,
      stateType: 'ACTIVATING',
      detail: { grayType: 'grayDone', hasDoneNodeCount: 1, totalNodeCount: 3 },
    });
    expect(Object.values(await nodes.versions()).sort()).toEqual([to, from, from]);
    expect(await nodes.clusterSettings()).toEqual({ persistent: {}, transient: {} });
    expect((await aliyun.status(id)).status).toBe('activating');
  });

  chapter('goes on past the gate and takes the others: nothing failed, nothing lost', async () => {
    const pop = new PopRig(server);
    const [record] = await pop.actionRecords(id);
    expect(await pop.continuePastGate(id, record?.requestId ?? '')).toBe(true);
    await aliyun.waitActive(id, waitMs);
    expect(await nodes.versions()).toEqual(Object.fromEntries(members.map((member) => [member, to])));
    for (const member of members) expect(launchesOf(stateFolder, id, member), member).toEqual([from, to]);
    await client.stop();
    expect(client.figures().failures).toEqual([]);
    const { lost, differing, strangers } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
  });
});
