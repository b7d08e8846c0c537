import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { withTestDatabase } from '../../src/store/testing.ts';
import {
  endProcessesOf,
  makeStateFolder,
  NativeRig,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const command = join(import.meta.dirname, '../../bin/clusterlift.js');
/** A config file without a host of this machine. */
function withoutLocalHost(folder: string): string {
  const file = join(folder, 'no-local-host.yaml');
  writeFileSync(file, 'localHost: false\n');
  return file;
}

const noKey = { CLUSTERLIFT_ACCESS_KEY_ID: '', CLUSTERLIFT_SECRET_ACCESS_KEY: '' };

async function folderFor({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<string> {
  const folder = await makeStateFolder('server');
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await removeStateFolder(folder);
  });
  return folder;
}

async function statusOf(server: ServerRig, path: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${server.url}${path}`, { headers, signal: AbortSignal.timeout(30_000) });
  await response.arrayBuffer();
  return response.status;
}

describe('the server', { timeout: 240_000 }, () => {
  it('shows the key that it made once, and lets nobody in without it', async (test) => {
    const server = await startServer({ stateFolder: await folderFor(test), environment: noKey });
    const id = /CLUSTERLIFT_ACCESS_KEY_ID=(\S+)/.exec(server.log())?.[1] ?? '';
    const secret = /CLUSTERLIFT_SECRET_ACCESS_KEY=(\S+)/.exec(server.log())?.[1] ?? '';
    expect(await new NativeRig({ url: server.url, keyId: id, secret }).clusterIds()).toEqual([]);
    for (const path of ['/healthz', '/readyz', '/metrics']) expect(await statusOf(server, path), path).toBe(200);
    for (const path of ['/api/v1/clusters', '/api/v1/keys', '/api/v1/nothing'])
      expect(await statusOf(server, path), path).toBe(401);
    expect(await statusOf(server, '/openapi/instances')).toBe(400);
    expect(await statusOf(server, '/')).toBe(404);
    // What is sent to a path that there is not is not looked at.
    const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' };
    const nowhere = await fetch(`${server.url}//clusters`, { ...sent, signal: AbortSignal.timeout(30_000) });
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { error: { code: 'not-found' } }]);
    const wrong = `Basic ${Buffer.from(`${id}:wrong`).toString('base64')}`;
    expect(await statusOf(server, '/api/v1/clusters', { authorization: wrong })).toBe(401);

    expect(await server.stop()).toBe(0);
    await server.start();
    expect(await new NativeRig({ url: server.url, keyId: id, secret }).clusterIds()).toEqual([]);
    expect(server.log().match(/CLUSTERLIFT_SECRET_ACCESS_KEY=/g)).toHaveLength(1);
    expect(server.log().split(secret)).toHaveLength(2);
    await server.stop();
  });

  it('takes its database along on a clean exit, and takes over the one that a killed server left', async (test) => {
    const folder = await folderFor(test);
    const server = await startServer({ stateFolder: folder });
    const databases = async () =>
      (await processesOf(folder)).filter(({ command }) => command.includes('/bin/postgres -D')).map(({ pid }) => pid);
    const [first] = await databases();
    expect(first).toBeDefined();
    await server.kill();
    expect(await databases()).toEqual([first]);
    await server.start();
    expect(await databases()).toEqual([first]);
    expect(await server.stop()).toBe(0);
    expect(await processesOf(folder)).toEqual([]);
  });

  it('refuses a state folder that another server has, and a port that is taken, and leaves nothing behind', async (test) => {
    const folder = await folderFor(test);
    const server = await startServer({ stateFolder: folder });
    await expect(startServer({ stateFolder: folder })).rejects.toThrow(/Another Clusterlift uses the state folder/);
    expect(await statusOf(server, '/readyz')).toBe(200);
    const elsewhere = await folderFor(test);
    const args = [command, 'server', '--listen', `127.0.0.1:${server.port}`, '--state-dir', join(elsewhere, 'state')];
    const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(`127.0.0.1:${server.port} is taken`);
    expect(await processesOf(elsewhere)).toEqual([]);
    await server.stop();
  });

  it('names the key of a config file that is wrong', async (test) => {
    const file = join(await folderFor(test), 'clusterlift.yaml');
    writeFileSync(file, 'upgradesAtOnce: many\nlistem: 127.0.0.1:1\n');
    const ended = spawnSync(process.execPath, [command, 'server', '--config', file], { encoding: 'utf8', timeout: 60_000 });
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('upgradesAtOnce');
    expect(ended.stderr).toContain('listem');
  });
});

describe('two servers on one database', { timeout: 240_000 }, () => {
  let servers: readonly ServerRig[] = [];
  const folders: string[] = [];
  let database: Awaited<ReturnType<typeof withTestDatabase>>;

  beforeAll(async () => {
    database = await withTestDatabase();
    for (let i = 0; i < 2; i += 1) folders.push(await makeStateFolder('server'));
    const environment = { DATABASE_URL: database.url, CLUSTERLIFT_SECRET_KEY_FILE: join(folders[0] ?? '', 'shared.key') };
    const config = withoutLocalHost(folders[0] ?? '');
    servers = await Promise.all(folders.map((stateFolder) => startServer({ stateFolder, environment, config })));
  }, 240_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.close();
    for (const folder of folders) await removeStateFolder(folder);
  });

  it('both come up on an empty database, and a key made at one opens the other', async () => {
    const [one, other] = servers.map((server) => new NativeRig(server));
    const made = await one?.ask<{ key: { id: string; secret: string } }>('POST', '/keys', { description: 'shared' });
    const id = made?.key.id ?? '';
    const listed = await other?.ask<{ keys: readonly { id: string }[] }>('GET', '/keys');
    expect(listed?.keys.map((key) => key.id)).toContain(id);
    const theirs = new NativeRig({ url: servers[1]?.url ?? '', keyId: id, secret: made?.key.secret ?? '' });
    expect(await theirs.clusterIds()).toEqual([]);
  });

  it('keep a third out that has another key for the secrets, with what to do', async (test) => {
    const stateFolder = await folderFor(test);
    const started = startServer({
      stateFolder,
      environment: { DATABASE_URL: database.url },
      config: withoutLocalHost(stateFolder),
    });
    await expect(started).rejects.toThrow(/sealed with another key than .*secret\.key.*secretKeyFile/);
  });

  it('keep one out that would run nodes on its own machine, with what to do', async (test) => {
    const started = startServer({ stateFolder: await folderFor(test), environment: { DATABASE_URL: database.url } });
    await expect(started).rejects.toThrow(/Another server uses this database.*stop the other one.*localHost: false/);
    for (const server of servers) expect(await statusOf(server, '/readyz')).toBe(200);
  });
});

describe('a server that runs nodes on its own machine', { timeout: 240_000 }, () => {
  it('is alone on its database until it has ended, even by kill -9', async (test) => {
    const database = await withTestDatabase();
    test.onTestFinished(() => database.close());
    const folder = await folderFor(test);
    const environment = { DATABASE_URL: database.url, CLUSTERLIFT_SECRET_KEY_FILE: join(folder, 'shared.key') };
    const first = await startServer({ stateFolder: folder, environment });
    const elsewhere = await folderFor(test);
    await expect(startServer({ stateFolder: elsewhere, environment })).rejects.toThrow(/Another server uses this database/);
    const config = withoutLocalHost(elsewhere);
    await expect(startServer({ stateFolder: elsewhere, environment, config })).rejects.toThrow(
      /Another server on this database runs nodes on its own machine/,
    );
    await first.kill();
    const second = await startServer({ stateFolder: elsewhere, environment });
    expect(await statusOf(second, '/readyz')).toBe(200);
    expect(await second.stop()).toBe(0);
    await first.start();
    expect(await first.stop()).toBe(0);
  });
});
