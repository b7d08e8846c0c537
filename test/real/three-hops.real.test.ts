import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { bulkLoad, compareDocuments, createIndex, LoadClient } from '../load/index.ts';
import { chapters } from '../rig/chapters.ts';
import {
  AliyunRig,
  endProcessesOf,
  eventually,
  killAt,
  launchesOf,
  makeStateFolder,
  NativeRig,
  NodesRig,
  processesOf,
  randomFrom,
  randomMoment,
  removeStateFolder,
  type ServerRig,
  seedOfRun,
  startServer,
} from '../rig/index.ts';

const hops = ['5.6.16', '6.3.2', '6.7.0'];
const members = ['es-1', 'es-2', 'es-3'];
const owners = {
  persistent: { 'cluster.routing.rebalance.enable': 'all', 'cluster.routing.allocation.node_concurrent_recoveries': '3' },
  transient: { 'cluster.routing.allocation.enable': 'all' },
};
const waitMs = 10 * 60_000;

const seed = seedOfRun('three hops');
const random = randomFrom(seed);
/** The hop that nobody disturbs; the server is killed in the other two. */
const calmHop = Math.floor(random() * hops.length);
const moments = hops.map((_, hop) => (hop === calmHop ? null : randomMoment(random)));

let stateFolder: string;
let server: ServerRig;
let aliyun: AliyunRig;
let native: NativeRig;
let nodes: NodesRig;
let client: LoadClient;
let id: string;

beforeAll(async () => {
  stateFolder = await makeStateFolder('hops');
  server = await startServer({ stateFolder });
  aliyun = new AliyunRig(server);
  native = new NativeRig(server);
  id = await aliyun.create({ name: 'three-hops', version: '5.5.3', nodes: 3, tags: { 'clusterlift:heap-mb': '256' } });
  await aliyun.waitActive(id, waitMs);
  nodes = new NodesRig(await aliyun.addresses(id));
  client = new LoadClient({ nodes: nodes.urls, index: 'load', version: '5.5.3' });
  // A copy on every node, so that each stop meets the client.
  await client.prepare(2);
  await createIndex(client.transport, 'books', { shards: 3, replicas: 1 });
  await bulkLoad(client.transport, client.documents, { index: 'books', count: 3_000, version: '5.5.3' });
  await nodes.ask('PUT', '/_cluster/settings', owners);
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

describe('a real cluster of three nodes, through the official SDK', () => {
  chapter('is not fit for an upgrade until a snapshot was taken', async () => {
    client.start();
    const before = await aliyun.dryRun(id, '5.6.16');
    expect(before.map((item) => item.validateType)).toEqual([
      'checkClusterHealth',
      'checkConfigCompatible',
      'checkClusterResource',
      'checkClusterSnapshot',
    ]);
    expect(before.at(-1)).toMatchObject({
      status: 'failed',
      errors: [{ errorType: 'clusterSnapshot', errorCode: 'ClusterSnapshotNotAvaild' }],
    });
    await aliyun.snapshot(id);
    const passed = await aliyun.dryRunUntilPassed(id, '5.6.16', waitMs);
    expect(passed.map((item) => item.status)).toEqual(['success', 'success', 'success', 'success']);
  });

  chapter('goes from 5.5.3 to 6.7.0 hop by hop under load, its server killed twice: nothing failed, nothing lost', async () => {
    for (const [index, version] of hops.entries()) {
      await aliyun.dryRunUntilPassed(id, version, waitMs);
      const pids = await nodes.pids();
      const since = client.now();
      await aliyun.start(id, version);
      const upgrade = await native.latestUpgrade(id);
      const moment = moments[index] ?? null;
      if (moment !== null) console.log(`killed ${await killAt(server, native, upgrade.id, moment)}`);
      await aliyun.waitActive(id, waitMs);
      const { seconds, requests, retried, failed, p99Ms, longestGapMs } = client.figures(since);
      console.log(`to ${version}: ${JSON.stringify({ seconds, requests, retried, failed, p99Ms, longestGapMs })}`);

      const end = await native.upgrade(upgrade.id);
      expect(end.status).toBe('done');
      // A server that was killed in the middle took the upgrade up again: the generation tells.
      expect(end.generation > upgrade.generation, `generation ${end.generation}`).toBe(moment !== null);
      expect(await aliyun.status(id)).toEqual({ status: 'active', version: `${version}_with_X-Pack` });
      expect(await nodes.versions()).toEqual(Object.fromEntries(members.map((member) => [member, version])));
      const now = await nodes.pids();
      for (const member of members) expect(now[member], member).not.toBe(pids[member]);
    }

    for (const member of members) expect(launchesOf(stateFolder, id, member), member).toEqual(['5.5.3', ...hops]);
    // No process was left behind by the servers that were killed: not of a node, and not of a trial start.
    expect(await processesOf(join(stateFolder, 'state', 'members'))).toHaveLength(3);
    await eventually('trial starts have ended', waitMs, async () =>
      (await processesOf(join(stateFolder, 'state', 'trials'))).length === 0 ? true : undefined,
    );
    expect(await nodes.clusterSettings()).toEqual(owners);
    await nodes.waitGreen(3, waitMs);

    await client.stop();
    const figures = client.figures();
    expect(figures.failures).toEqual([]);
    expect(figures.perSecond).toBeGreaterThanOrEqual(20);
    expect(figures.writes).toBeGreaterThan(figures.requests * 0.45);
    const { lost, differing, strangers, written } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
    expect(written).toBeGreaterThan(3_000 + figures.writes * 0.9);
  });

  chapter('is told by the dry run of a route which indices a later hop does not open, closed ones too', async () => {
    await nodes.ask('POST', '/books/_close');
    // The SDK gives up after three seconds, which a busy machine may need: then it is asked again.
    const oneStep = await eventually('a whole route is refused in one step', waitMs, () =>
      aliyun.dryRun(id, '7.17.29').then(
        () => 'accepted' as const,
        (error: { code?: string; message?: string }) => (error.code === 'UpgradeVersionNotSupported' ? error : undefined),
      ),
    );
    expect(oneStep).toMatchObject({ message: expect.stringContaining('leads to 6.8.23') });
    await aliyun.tag(id, { 'clusterlift:routes': 'whole' });
    const said = await eventually('the dry run names indices', waitMs, async () => {
      const config = (await aliyun.dryRun(id, '7.17.29'))[1];
      expect(config).toMatchObject({ validateType: 'checkConfigCompatible', status: 'failed' });
      const messages = config?.errors.map((error) => error.errorMsg) ?? [];
      return messages.some((message) => message.includes('was created in 5.5.3')) ? messages : undefined;
    });
    for (const index of ['load', 'books (closed; open it to copy it)']) {
      const about = said.find((message) => message.includes(`${index} was created in 5.5.3; 7.17.29 opens indices from 6.0 on.`));
      expect(about).toContain('Before the hop 6.8.23 to 7.17.29, while the cluster runs 6.x, copy it into a new index');
    }
  });

  chapter('leaves no process when it is deleted', async () => {
    await aliyun.remove(id);
    await eventually('its nodes are gone', waitMs, async () => {
      const left = await processesOf(join(stateFolder, 'state', 'members'));
      return left.length === 0 && !(await native.clusterIds()).includes(id) ? true : undefined;
    });
    expect(await server.stop()).toBe(0);
  });
});
