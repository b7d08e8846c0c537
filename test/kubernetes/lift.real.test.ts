import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Update } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chapters } from '../rig/chapters.ts';
import {
  EksRig,
  endProcessesOf,
  eventually,
  type KubernetesLoad,
  kubectl,
  makeStateFolder,
  NativeRig,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startKubernetesLoad,
  startServer,
} from '../rig/index.ts';

const name = 'lifted';
const waitMs = 10 * 60_000;

let stateFolder: string;
let server: ServerRig;
let eks: EksRig;
let native: NativeRig;
let kubeconfig: string;
let load: KubernetesLoad | null = null;

beforeAll(async () => {
  stateFolder = await makeStateFolder('k8s');
  server = await startServer({ stateFolder });
  eks = new EksRig(server);
  native = new NativeRig(server);
});

afterAll(async () => {
  await load?.stop();
  await server?.stop();
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

const chapter = chapters();

/** What a client sees behind the one address. */
async function servedVersion(): Promise<string> {
  const { serverVersion } = JSON.parse(await kubectl('kubernetes-1.36.3', kubeconfig, ['version', '-o', 'json'])) as {
    serverVersion: { gitVersion: string };
  };
  return serverVersion.gitVersion;
}

async function idOf(): Promise<string> {
  const { clusters } = await native.ask<{ clusters: readonly { id: string; name: string }[] }>('GET', '/clusters');
  const found = clusters.find((cluster) => cluster.name === name);
  if (found === undefined) throw new Error(`there is no cluster ${name}`);
  return found.id;
}

async function updated(version: string): Promise<Update> {
  const started = await eks.startUpdate(name, version, true);
  expect(started.status).toBe('InProgress');
  expect((await eks.cluster(name)).status).toBe('UPDATING');
  const ended = await eks.waitUpdate(name, started.id ?? '', waitMs);
  expect(ended.errors).toEqual([]);
  expect(ended.status).toBe('Successful');
  return ended;
}

describe('a real control plane under load, through the official client', () => {
  chapter('is made by CreateCluster, and served to kubectl at one address', async () => {
    const made = await eks.create({
      name,
      version: '1.36',
      tags: { 'clusterlift:platform-version': 'eks.1', 'clusterlift:soak-seconds': '5' },
    });
    expect(made.status).toBe('CREATING');
    const cluster = await eks.waitActive(name, waitMs);
    expect(cluster).toMatchObject({ version: '1.36', platformVersion: 'eks.1' });
    kubeconfig = join(stateFolder, 'admin.kubeconfig');
    const answer = await native.ask<{ kubeconfig: string }>('GET', `/clusters/${await idOf()}/kubeconfig`);
    writeFileSync(kubeconfig, answer.kubeconfig, { mode: 0o600 });
    expect(await servedVersion()).toBe('v1.36.1');
    load = await startKubernetesLoad({ kubeconfig, namespace: 'load', report: join(stateFolder, 'load.json') });
  });

  chapter('rolls to another patch release as a build', async () => {
    const id = await idOf();
    const { upgrade } = {
      upgrade: await native.ask<{ id: string }>('POST', '/upgrades', {
        clusterId: id,
        to: { version: '1.36', build: 'eks.3' },
        acknowledge: [],
      }),
    };
    const ended = await native.waitWhile(upgrade.id, 'running', waitMs);
    expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done' });
    expect(await servedVersion()).toBe('v1.36.3');
    expect(await eks.cluster(name)).toMatchObject({ version: '1.36', platformVersion: 'eks.3', status: 'ACTIVE' });
  });

  chapter('goes to the next minor by UpdateClusterVersion', async () => {
    const update = await updated('1.37');
    expect(update.type).toBe('VersionUpdate');
    expect(await eks.cluster(name)).toMatchObject({ version: '1.37', status: 'ACTIVE' });
    expect(await servedVersion()).toBe('v1.37.2');
  });

  chapter('goes back to the minor before by the same call', async () => {
    const update = await updated('1.36');
    expect(update.type).toBe('VersionRollback');
    expect(await eks.cluster(name)).toMatchObject({ version: '1.36', platformVersion: 'eks.3', status: 'ACTIVE' });
    expect(await servedVersion()).toBe('v1.36.3');
  });

  chapter('failed no request and lost no object all the while', async () => {
    const report = await load?.stop();
    load = null;
    expect(report?.failures).toEqual([]);
    expect(report).toMatchObject({ failed: 0, watch: { missed: [], duplicated: [] }, objects: { lost: [], differing: [] } });
    expect(report?.requests ?? 0).toBeGreaterThan(20 * (report?.seconds ?? 1) * 0.9);
    console.log(`load: ${JSON.stringify({ ...report, failures: undefined, retries: undefined })}`);
  });

  chapter('leaves no process when it is deleted', async () => {
    await eks.remove(name);
    await eventually('its members are gone', waitMs, async () => {
      const left = await processesOf(join(stateFolder, 'state', 'members'));
      return left.length === 0 && (await native.clusterIds()).length === 0 ? true : undefined;
    });
    expect(await server.stop()).toBe(0);
  });
});
