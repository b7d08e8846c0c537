import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { bulkLoad, compareDocuments, createIndex, LoadClient } from '../load/index.ts';
import { chapters } from '../rig/chapters.ts';
import {
  AliyunRig,
  CliRig,
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  NodesRig,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';
import { type OwnersNode, startOwnersCluster } from './owners-nodes.ts';

const from = '6.7.0';
const to = '6.8.23';
const names = ['n1', 'n2', 'n3'];
const waitMs = 10 * 60_000;

let stateFolder: string;
let server: ServerRig;
let cli: CliRig;
let native: NativeRig;
let owned: readonly OwnersNode[];
let nodes: NodesRig;
let client: LoadClient;

beforeAll(async () => {
  stateFolder = await makeStateFolder('own');
  owned = await startOwnersCluster({ folder: join(stateFolder, 'owner'), clusterName: 'ours', version: from, size: 3 });
  nodes = new NodesRig(owned.map((node) => node.url));
  client = new LoadClient({ nodes: nodes.urls, index: 'load', version: from });
  await client.prepare();
  await createIndex(client.transport, 'books', { shards: 3, replicas: 1 });
  await bulkLoad(client.transport, client.documents, { index: 'books', count: 1_000, version: from });
  // A node that stays away is given up by its cluster after this time instead of a minute: the tests wait for that.
  await nodes.ask('PUT', '/_all/_settings', { 'index.unassigned.node_left.delayed_timeout': '5s' });
  client.start();
  server = await startServer({ stateFolder });
  cli = new CliRig(server);
  native = new NativeRig(server);
});

afterAll(async () => {
  await client?.stop();
  await client?.close();
  await server?.stop();
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

/** n1's settings file is its owner's; those of the others are written by Clusterlift from now on. */
function describeIn(file: string, change: Readonly<Record<string, unknown>> = {}): string {
  const path = join(stateFolder, file);
  const description = {
    name: 'ours',
    engine: 'elasticsearch',
    origin: 'registered',
    clusterName: 'ours',
    nodes: owned.map((node) => ({
      name: node.name,
      url: node.url,
      httpPort: node.httpPort,
      transportPort: node.transportPort,
      heapMb: 256,
      settingsFileOwner: node.name === 'n1' ? 'owner' : 'clusterlift',
      folders: { conf: node.conf, data: node.data, logs: node.logs },
    })),
    ...change,
  };
  writeFileSync(path, stringify(description));
  return path;
}

function settingsFile(name: string): string {
  return join(owned.find((node) => node.name === name)?.conf ?? '', 'elasticsearch.yml');
}

/** n1's owner puts a setting into its file that no version knows. */
function spoilSettings(): () => void {
  const good = readFileSync(settingsFile('n1'), 'utf8');
  writeFileSync(settingsFile('n1'), `${good}foo.baz: 1\n`);
  return () => writeFileSync(settingsFile('n1'), good);
}

const chapter = chapters();

describe('a cluster that its owner started, registered with Clusterlift', () => {
  chapter('shows in the dry run what the new release refuses, in the words of the node, and is not touched', async () => {
    const mend = spoilSettings();
    const pids = await nodes.pids();
    const files = names.map((name) => readFileSync(settingsFile(name), 'utf8'));
    const { cluster } = await cli.json<{ cluster: { id: string } }>(
      'cluster',
      'add',
      describeIn('bad.yaml', { settings: { 'foo.bar': 1 } }),
    );
    const shown = await eventually('the trial starts have ended', waitMs, async () => {
      const { code, out } = await cli.run('plan', 'ours', to);
      return code === 3 && !out.includes('What passes by itself') ? out : undefined;
    });
    for (const setting of ['foo.bar', 'foo.baz']) expect(shown).toContain(`unknown setting [${setting}]`);
    const config = (await new AliyunRig(server).dryRun(cluster.id, to))[1];
    expect(config).toMatchObject({ validateType: 'checkConfigCompatible', status: 'failed' });
    expect(config?.errors.map((error) => error.errorMsg).join('\n')).toContain('unknown setting [foo.bar]');
    const started = await cli.run('upgrade', 'start', 'ours', to, '--acknowledge', 'es.snapshot-is-recent');
    expect(started.code).toBe(3);
    expect((await cli.run('cluster', 'remove', 'ours', '--yes')).code).toBe(0);
    expect(await nodes.pids()).toEqual(pids);
    expect(names.map((name) => readFileSync(settingsFile(name), 'utf8'))).toEqual(files);
    await eventually('trial starts have ended', waitMs, async () =>
      (await processesOf(join(stateFolder, 'state', 'trials'))).length === 0 ? true : undefined,
    );
    mend();
  });

  chapter('stops at the node whose own file the new release refuses, where trial starts are switched off', async () => {
    const pids = await nodes.pids();
    const mend = spoilSettings();
    await cli.json('cluster', 'add', describeIn('good.yaml', { tags: { 'clusterlift:trial': 'off' } }));
    const ended = await cli.run('upgrade', 'start', 'ours', to, '--acknowledge', 'es.snapshot-is-recent', '--watch');
    expect(ended.code).toBe(4);
    expect(ended.out).toContain('n1 does not start at 6.8.23');
    expect(ended.out).toContain('unknown setting [foo.baz]');
    const now = await nodes.pids();
    expect(Object.keys(now)).toEqual(['n2', 'n3']);
    expect(await nodes.clusterSettings()).toEqual({ persistent: {}, transient: {} });
    const versions = await nodes.versions();
    for (const name of ['n2', 'n3']) expect(now[name] === pids[name], name).toBe(versions[name] === from);
    mend();
  });

  chapter('goes on where it stopped once its owner has mended the file, on the owner’s own folders', async () => {
    const before = readFileSync(settingsFile('n1'), 'utf8');
    const [upgrade] = await cli.json<{ upgrades: { id: string }[] }>('upgrade', 'list').then((list) => list.upgrades);
    expect((await cli.run('upgrade', 'resume', 'ours')).code).toBe(0);
    expect((await native.waitWhile(upgrade?.id ?? '', 'running', waitMs)).status).toBe('done');
    expect(await nodes.versions()).toEqual({ n1: to, n2: to, n3: to });
    expect(readFileSync(settingsFile('n1'), 'utf8')).toBe(before);
    expect(await dataFolders()).toEqual(Object.fromEntries(owned.map((node) => [node.name, node.data])));
    expect(await nodes.clusterSettings()).toEqual({ persistent: {}, transient: {} });
    await nodes.waitGreen(3, waitMs);
    await client.stop();
    expect(client.figures().failures).toEqual([]);
    const { lost, differing, strangers } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
  });

  chapter('is only forgotten when it is removed: nothing of it is stopped or erased', async () => {
    const pids = await nodes.pids();
    expect((await cli.run('cluster', 'remove', 'ours', '--yes')).code).toBe(0);
    expect(await cli.json('cluster', 'list')).toEqual({ clusters: [] });
    expect(await server.stop()).toBe(0);
    expect(await nodes.pids()).toEqual(pids);
    await nodes.waitGreen(3, waitMs);
    const { lost, differing, strangers } = await compareDocuments(client.transport, client.documents);
    expect({ lost, differing, strangers }).toEqual({ lost: [], differing: [], strangers: [] });
  });
});

async function dataFolders(): Promise<Readonly<Record<string, string>>> {
  const answer = await nodes.get<{ nodes: Record<string, { name: string; settings: { path: { data: string | string[] } } }> }>(
    '/_nodes/settings',
  );
  return Object.fromEntries(
    Object.values(answer.nodes).map(({ name, settings }) => [name, [settings.path.data].flat().join(',')]),
  );
}
