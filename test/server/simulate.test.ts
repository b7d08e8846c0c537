import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeClusterVersionsCommand } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AliyunRig,
  EksRig,
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const limitMs = 90_000;
let folder: string;
let server: ServerRig;
let aliyun: AliyunRig;
let native: NativeRig;

beforeAll(async () => {
  folder = await makeStateFolder('simulate');
  server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_SIMULATE: '1' } });
  aliyun = new AliyunRig(server);
  native = new NativeRig(server);
});
afterAll(async () => {
  await server?.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
});

async function make(name: string, tags: Readonly<Record<string, string>>): Promise<string> {
  const id = await aliyun.create({ name, version: '6.3.2', tags: { 'clusterlift:speed': '100', ...tags } });
  await aliyun.waitActive(id, limitMs);
  return id;
}

async function lifted(id: string): Promise<void> {
  await aliyun.snapshot(id);
  await aliyun.dryRunUntilPassed(id, '6.7', limitMs);
  await aliyun.start(id, '6.7');
}

/** Of each node, as it says itself; `away` where none listens. */
async function versionsOf(id: string): Promise<readonly string[]> {
  const asked = (await aliyun.addresses(id)).map(async (address) => {
    const answer = await fetch(address).catch(() => null);
    return answer === null ? 'away' : ((await answer.json()) as { version: { number: string } }).version.number;
  });
  return (await Promise.all(asked)).sort();
}

describe('a server that simulates', { timeout: 240_000 }, () => {
  it('makes and lifts an instance in seconds, starts nothing real, and says that it is simulated', async () => {
    const began = performance.now();
    const id = await make('quick', {});
    console.info(`createInstance to active: ${Math.round(performance.now() - began)} ms`);
    expect(await versionsOf(id)).toEqual(['6.3.2', '6.3.2', '6.3.2']);
    const { tags } = await native.ask<{ tags: Record<string, string> }>('GET', `/clusters/${id}`);
    expect(tags).toMatchObject({ 'clusterlift:simulated': 'true', 'clusterlift:speed': '100' });
    await lifted(id);
    await aliyun.waitActive(id, limitMs);
    console.info(`createInstance to the end of its upgrade: ${Math.round(performance.now() - began)} ms`);
    expect(await aliyun.status(id)).toEqual({ status: 'active', version: '6.7.0_with_X-Pack' });
    expect(await versionsOf(id)).toEqual(['6.7.0', '6.7.0', '6.7.0']);
    expect((await processesOf(folder)).filter(({ command }) => /java|elasticsearch/.test(command))).toEqual([]);
  });

  it('stops an upgrade for a person when its tag lets a node not rejoin, and goes on once the tag is gone', async () => {
    const id = await make('broken', { 'clusterlift:fail': 'node-does-not-rejoin' });
    await lifted(id);
    await expect(aliyun.waitActive(id, limitMs)).rejects.toThrow('is invalid');
    expect(await versionsOf(id)).toEqual(['6.3.2', '6.3.2', 'away']);
    await aliyun.tag(id, { 'clusterlift:fail': '' });
    await aliyun.resume(id);
    await aliyun.waitActive(id, limitMs);
    expect(await versionsOf(id)).toEqual(['6.7.0', '6.7.0', '6.7.0']);
  });

  it('makes a control plane, and forgets it whole when it is deleted', async () => {
    const eks = new EksRig(server);
    const wanted = { name: 'gone', version: '1.36', tags: { 'clusterlift:speed': '60' } };
    await eks.create(wanted);
    expect((await eks.waitActive('gone', limitMs)).tags).toMatchObject({ 'clusterlift:simulated': 'true' });
    await eks.remove('gone');
    await eventually('the cluster is gone', limitMs, async () =>
      eks.cluster('gone').then(
        () => undefined,
        (error: Error) => (error.name === 'ResourceNotFoundException' ? true : undefined),
      ),
    );
    // Its name is free again.
    await eks.create(wanted);
    await eks.waitActive('gone', limitMs);
  });

  it('refuses failures and speeds that it does not know, and says which it knows', async () => {
    const wanted = { name: 'refused', version: '6.7.0' };
    await expect(aliyun.create({ ...wanted, tags: { 'clusterlift:fail': 'node-explodes' } })).rejects.toThrow(
      /node-explodes.*node-does-not-rejoin, node-rejoins-slowly, trial-refused/,
    );
    await expect(aliyun.create({ ...wanted, tags: { 'clusterlift:speed': 'quick' } })).rejects.toThrow(/0\.1 to 1000: "quick"/);
  });

  it('keeps its clusters while the server is away, and starts their members again when the simulator was killed', async () => {
    const id = await make('kept', {});
    const record = () => JSON.parse(readFileSync(join(folder, 'state/simulator/process.json'), 'utf8')) as { pid: number };
    const { pid } = record();
    await server.kill();
    expect(await fetch(`http://127.0.0.1:${server.port}`).catch(() => 'away')).toBe('away');
    await server.start();
    expect(record().pid).toBe(pid);
    expect(await versionsOf(id)).toEqual(['6.3.2', '6.3.2', '6.3.2']);
    process.kill(pid, 'SIGKILL');
    await eventually('the nodes answer again', limitMs, async () => {
      const again = record().pid !== pid && (await versionsOf(id));
      return again !== false && again.every((version) => version === '6.3.2') ? again : undefined;
    });
    expect(record().pid).not.toBe(pid);
  });

  it('tells every version of Kubernetes that EKS has published since 1.11, with its dates', async () => {
    const { client } = new EksRig(server);
    const { clusterVersions = [] } = await client.send(new DescribeClusterVersionsCommand({ includeAll: true, maxResults: 100 }));
    expect(clusterVersions.map(({ clusterVersion }) => clusterVersion)).toEqual(
      Array.from({ length: 27 }, (_, index) => `1.${37 - index}`),
    );
    const oldest = clusterVersions.at(-1);
    expect(oldest?.endOfStandardSupportDate?.toISOString()).toBe('2019-11-04T00:00:00.000Z');
    expect(oldest?.versionStatus).toBe('UNSUPPORTED');
  });
});
