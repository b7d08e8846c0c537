import {
  CreateNodegroupCommand,
  DescribeNodegroupCommand,
  type Update,
  UpdateNodegroupVersionCommand,
} from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chapters } from '../rig/chapters.ts';
import { ControlPlaneRig, eventually, type KubernetesLoad, nothingLost, untroubled } from '../rig/index.ts';

const upTimeoutMs = 5 * 60_000;
const updateTimeoutMs = 10 * 60_000;
const nodegroupName = 'blue';
const nodes = ['blue-1', 'blue-2'];
const pods = 3;

let plane: ControlPlaneRig;
let load: KubernetesLoad | null = null;

beforeAll(async () => {
  plane = await ControlPlaneRig.start('nodes');
});

afterAll(async () => {
  await load?.stop();
  await plane?.close();
});

const chapter = chapters();

const inShop = (...words: readonly string[]) => plane.kubectl('--namespace', 'shop', ...words);

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Running besides: a kubelet without containers calls its pods ready while they are pending, and no budget keeps those. */
async function readyPods(): Promise<readonly Pod[]> {
  const { items } = JSON.parse(await inShop('get', 'pods', '--selector=app=web', '-o', 'json')) as {
    readonly items: readonly Pod[];
  };
  return items.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      status.phase === 'Running' &&
      status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
  );
}

async function allPodsReady(): Promise<readonly Pod[]> {
  return eventually(`${pods} pods are ready`, upTimeoutMs, async () => {
    const ready = await readyPods();
    return ready.length === pods ? ready : undefined;
  });
}

/** `blue-1 v1.36.1`, with `cordoned` behind it where pods are kept off. */
async function nodesSeen(): Promise<readonly string[]> {
  const { items } = JSON.parse(await plane.kubectl('get', 'nodes', '-o', 'json')) as {
    readonly items: readonly {
      readonly metadata: { readonly name: string };
      readonly spec: { readonly unschedulable?: boolean };
      readonly status: { readonly nodeInfo: { readonly kubeletVersion: string } };
    }[];
  };
  return items
    .map(({ metadata, spec, status }) =>
      [metadata.name, status.nodeInfo.kubeletVersion, ...(spec.unschedulable === true ? ['cordoned'] : [])].join(' '),
    )
    .sort();
}

async function lift(releaseVersion: string, force = false): Promise<Update> {
  const { update } = await plane.eks.client.send(
    new UpdateNodegroupVersionCommand({ clusterName: plane.name, nodegroupName, releaseVersion, force }),
  );
  return plane.eks.waitNodegroupUpdate(plane.name, nodegroupName, update?.id ?? '', updateTimeoutMs);
}

async function groupNow(): Promise<unknown> {
  const { nodegroup } = await plane.eks.client.send(new DescribeNodegroupCommand({ clusterName: plane.name, nodegroupName }));
  return { status: nodegroup?.status, releaseVersion: nodegroup?.releaseVersion };
}

async function budget(minAvailable: number): Promise<void> {
  await inShop('delete', 'poddisruptionbudget', 'web', '--ignore-not-found');
  await inShop('create', 'poddisruptionbudget', 'web', '--selector=app=web', `--min-available=${minAvailable}`);
  await eventually('the budget counts its pods', upTimeoutMs, async () =>
    (await inShop('get', 'poddisruptionbudget', 'web', '-o', 'jsonpath={.status.currentHealthy}')) === String(pods)
      ? true
      : undefined,
  );
}

describe('a real node group with workloads', () => {
  chapter('comes up with two nodes, and its pods run on them', async () => {
    await plane.create('1.37', { 'clusterlift:trial': 'off', 'clusterlift:drain-timeout-seconds': '25' }, upTimeoutMs);
    await plane.eks.client.send(
      new CreateNodegroupCommand({
        clusterName: plane.name,
        nodegroupName,
        nodeRole: 'arn:aws:iam::123456789012:role/nodes',
        subnets: ['subnet-0a'],
        scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 2 },
        releaseVersion: '1.36-eks.1',
      }),
    );
    await plane.eks.waitNodegroupActive(plane.name, nodegroupName, upTimeoutMs);
    expect(await nodesSeen()).toEqual(nodes.map((name) => `${name} v1.36.1`));
    await plane.kubectl('create', 'namespace', 'shop');
    await inShop('create', 'deployment', 'web', '--image=web:1', `--replicas=${pods}`);
    expect((await allPodsReady()).every(({ spec }) => nodes.includes(spec.nodeName ?? ''))).toBe(true);
    load = await plane.load();
  });

  chapter('an update that a budget never allows fails with the names of its pods, and leaves all as it was', async () => {
    await budget(pods);
    const before = await allPodsReady();
    const ended = await lift('1.36-eks.3');
    expect(ended.status).toBe('Failed');
    expect(ended.errors).toHaveLength(1);
    const [error] = ended.errors ?? [];
    expect(error?.errorCode).toBe('PodEvictionFailure');
    const named = before.filter(
      ({ metadata }) => error?.errorMessage?.includes(metadata.name) || error?.resourceIds?.join().includes(metadata.name),
    );
    expect(named.length, JSON.stringify(error)).toBeGreaterThan(0);
    expect(await nodesSeen()).toEqual(nodes.map((name) => `${name} v1.36.1`));
    expect((await readyPods()).map(({ metadata }) => metadata.uid).sort()).toEqual(
      before.map(({ metadata }) => metadata.uid).sort(),
    );
    expect(await groupNow()).toEqual({ status: 'ACTIVE', releaseVersion: '1.36-eks.1' });
  });

  chapter('with force it goes all the same', async () => {
    const ended = await lift('1.36-eks.3', true);
    expect(ended.errors).toEqual([]);
    expect(ended.status).toBe('Successful');
    expect(await nodesSeen()).toEqual(nodes.map((name) => `${name} v1.36.3`));
    expect(await groupNow()).toEqual({ status: 'ACTIVE', releaseVersion: '1.36-eks.3' });
    await allPodsReady();
  });

  chapter('the next one honours a budget that allows one pod at a time', async () => {
    await budget(pods - 1);
    const before = await allPodsReady();
    let fewest = pods;
    let over = false;
    const watching = (async () => {
      while (!over) {
        fewest = Math.min(fewest, (await readyPods()).length);
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
    })();
    const ended = await lift('1.37-eks.2').finally(() => {
      over = true;
    });
    await watching;
    expect(ended.errors).toEqual([]);
    expect(ended.status).toBe('Successful');
    expect(fewest).toBeGreaterThanOrEqual(pods - 1);
    expect(await nodesSeen()).toEqual(nodes.map((name) => `${name} v1.37.2`));
    const after = new Set((await allPodsReady()).map(({ metadata }) => metadata.uid));
    expect(before.filter(({ metadata }) => after.has(metadata.uid))).toEqual([]);
    expect(await groupNow()).toEqual({ status: 'ACTIVE', releaseVersion: '1.37-eks.2' });
  });

  chapter('clients of the control plane noticed nothing', async () => {
    const report = await load?.stop();
    load = null;
    expect(report === undefined ? null : untroubled(report)).toEqual(nothingLost);
  });
});
