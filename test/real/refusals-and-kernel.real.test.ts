import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { bulkLoad, compareDocuments, createIndex, LoadClient } from '../load/index.ts';
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
  startServer,
} from '../rig/index.ts';
import { startOwnersCluster } from './owners-nodes.ts';

const version = '6.8.23';
const members = ['es-1', 'es-2', 'es-3'];
const waitMs = 10 * 60_000;

let stateFolder: string;
let server: ServerRig;
let aliyun: AliyunRig;
let native: NativeRig;
let nodes: NodesRig;
let id: string;

beforeAll(async () => {
  stateFolder = await makeStateFolder('kern');
  server = await startServer({ stateFolder });
  aliyun = new AliyunRig(server);
  native = new NativeRig(server);
  const tags = { 'clusterlift:heap-mb': '256', 'clusterlift:kernel': 'ali1.0.2' };
  id = await aliyun.create({ name: 'kernel', version, nodes: 3, tags });
  await aliyun.waitActive(id, waitMs);
  nodes = new NodesRig(await aliyun.addresses(id));
});

afterAll(async () => {
  await server?.stop();
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

/** Asks for a real start and wants a no: code and sentence. */
async function refusal(to: string): Promise<{ readonly code: string; readonly says: string }> {
  const error = await aliyun.start(id, to).then(
    () => null,
    (thrown: { code?: string; message?: string }) => thrown,
  );
  if (error === null) throw new Error(`a start to ${to} was accepted`);
  return { code: error.code ?? '', says: error.message ?? '' };
}

/** No upgrade was recorded and no member started again. */
async function expectNothingStarted(): Promise<void> {
  const { upgrades } = await native.ask<{ upgrades: readonly unknown[] }>('GET', `/upgrades?clusterId=${id}`);
  expect(upgrades).toEqual([]);
  expect((await aliyun.status(id)).status).toBe('active');
  for (const member of members) expect(launchesOf(stateFolder, id, member), member).toEqual([version]);
}

/** An index that 5.6.16 made, brought into the cluster as owners do: by a snapshot of another cluster. */
async function restoreFromFive(): Promise<void> {
  const location = join(stateFolder, 'state', 'snapshots', id, 'from-five');
  const [old] = await startOwnersCluster({
    folder: join(stateFolder, 'five'),
    clusterName: 'five',
    version: '5.6.16',
    size: 1,
    settings: [`path.repo: ["${join(stateFolder, 'state', 'snapshots', id)}"]`],
  });
  if (old === undefined) throw new Error('one node was started');
  const five = new NodesRig([old.url]);
  const repository = { type: 'fs', settings: { location } };
  const shape = { settings: { number_of_shards: 1, number_of_replicas: 1 } };
  for (const index of ['ancient', 'shut']) await five.ask('PUT', `/${index}`, shape);
  await five.ask('PUT', '/_snapshot/five', repository);
  await five.ask('PUT', '/_snapshot/five/all?wait_for_completion=true', { indices: 'ancient,shut' });
  process.kill(old.pid, 'SIGTERM');
  await nodes.ask('PUT', '/_snapshot/five', { ...repository, settings: { location, readonly: true } });
  await nodes.ask('POST', '/_snapshot/five/all/_restore?wait_for_completion=true', { indices: 'ancient,shut' });
  await nodes.waitGreen(3, waitMs);
  await nodes.ask('POST', '/shut/_close');
}

const chapter = chapters();

describe('a real cluster at 6.8.23, through the official SDK', () => {
  chapter('is not lifted while a primary is away, and the dry run names its index', async () => {
    await nodes.ask('PUT', '/nowhere?wait_for_active_shards=0', {
      settings: { number_of_replicas: 1, 'index.routing.allocation.require._name': 'nobody' },
    });
    await eventually('red', waitMs, async () => ((await nodes.health()).status === 'red' ? true : undefined));
    const [health] = await aliyun.dryRun(id, '7.17.29');
    expect(health).toMatchObject({ validateType: 'checkClusterHealth', status: 'failed' });
    expect(health?.errors.map((error) => error.errorType)).toContain('clusterStatus');
    expect(await refusal('7.17.29')).toMatchObject({ code: 'ClusterStatusNotHealth', says: expect.stringContaining('red') });
    await expectNothingStarted();
    await nodes.ask('DELETE', '/nowhere');
  });

  chapter('is not lifted while an index has one copy only', async () => {
    await nodes.ask('PUT', '/single', { settings: { number_of_shards: 1, number_of_replicas: 0 } });
    await nodes.waitGreen(3, waitMs);
    expect(await refusal('7.17.29')).toMatchObject({
      code: 'ClusterStatusNotHealth',
      says: expect.stringContaining('single has no replica'),
    });
    await expectNothingStarted();
    await nodes.ask('DELETE', '/single');
  });

  chapter('is not lifted to a version that does not open an index of it, a closed one neither', async () => {
    await restoreFromFive();
    const config = (await aliyun.dryRun(id, '7.17.29'))[1];
    expect(config).toMatchObject({ validateType: 'checkConfigCompatible', status: 'failed' });
    const { code, says } = await refusal('7.17.29');
    expect(code).toBe('ClusterYamlNotCompatible');
    for (const index of ['ancient', 'shut (closed; open it to copy it)']) {
      const sentence = `${index} was created in 5.6.16; 7.17.29 opens indices from 6.0 on.`;
      expect(config?.errors.map((error) => error.errorMsg).join('\n')).toContain(sentence);
      expect(says).toContain(sentence);
    }
    await expectNothingStarted();
    await nodes.ask('DELETE', '/ancient,shut');
  });

  chapter('rolls to another kernel under load, and its nodes show the option and the setting of it', async () => {
    const client = new LoadClient({ nodes: nodes.urls, index: 'load', version });
    await client.prepare();
    await createIndex(client.transport, 'books', { shards: 3, replicas: 1 });
    await bulkLoad(client.transport, client.documents, { index: 'books', count: 1_000, version });
    expect(await kernels()).toEqual(Array(3).fill({ option: 'ali1.0.2', buffer: '10%' }));
    client.start();
    await aliyun.snapshot(id);
    await aliyun.dryRunUntilPassed(id, 'ali1.2.0', waitMs, () => undefined, 'aliVersion');
    await aliyun.start(id, 'ali1.2.0', 'aliVersion');
    await aliyun.waitActive(id, waitMs);
    await client.stop();
    expect(client.figures().failures).toEqual([]);
    const { lost, differing, strangers } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
    await client.close();
    expect(await kernels()).toEqual(Array(3).fill({ option: 'ali1.2.0', buffer: '15%' }));
    for (const member of members) expect(launchesOf(stateFolder, id, member), member).toEqual([version, version]);
  });
});

/** Of each node: the kernel that a JVM option names, and the setting that differs between the two. */
async function kernels() {
  const answer = await nodes.get<{
    nodes: Record<
      string,
      { jvm: { input_arguments: string[] }; settings: { indices?: { memory?: { index_buffer_size?: string } } } }
    >;
  }>('/_nodes/jvm,settings');
  const prefix = '-Dclusterlift.kernel=';
  return Object.values(answer.nodes).map(({ jvm, settings }) => ({
    option: jvm.input_arguments.find((argument) => argument.startsWith(prefix))?.slice(prefix.length),
    buffer: settings.indices?.memory?.index_buffer_size,
  }));
}
