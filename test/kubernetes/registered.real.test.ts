import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeregisterClusterCommand, ListInsightsCommand, RegisterClusterCommand } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { chapters } from '../rig/chapters.ts';
import {
  CliRig,
  EksRig,
  endProcessesOf,
  eventually,
  kubectl,
  makeStateFolder,
  NativeRig,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const waitMs = 10 * 60_000;
const kubectlOf = 'kubernetes-1.37.2';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly release: { readonly version: string; readonly build: string | null };
  readonly nodes: readonly { readonly name: string; readonly url: string; readonly roles: readonly string[] }[];
}

let folder: string;
let server: ServerRig;
let cli: CliRig;
let native: NativeRig;
let eks: EksRig;
let made: Shown;
let kubeconfig: string;

beforeAll(async () => {
  folder = await makeStateFolder('k8s-registered');
  server = await startServer({ stateFolder: folder });
  [cli, native, eks] = [new CliRig(server), new NativeRig(server), new EksRig(server)];
});
afterAll(async () => {
  await server?.stop();
  if (folder === undefined) return;
  await endProcessesOf(folder);
  await removeStateFolder(folder);
});

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const shown = (id: string) => native.ask<Shown>('GET', `/clusters/${id}`);

/** Of the members; trial starts come and go beside them. */
async function memberIds(): Promise<readonly number[]> {
  const found = await processesOf(`${folder}/state/members`);
  return found.map(({ pid }) => pid).sort();
}

const chapter = chapters();

describe('a control plane that somebody else runs', { timeout: waitMs }, () => {
  chapter('is made here to stand for it, by the command line', async () => {
    const description = {
      name: 'owner',
      engine: 'kubernetes',
      origin: 'created',
      region: eks.region,
      release: { version: '1.36' },
    };
    const counts = { apiservers: 2, etcdMembers: 1, controllers: 1, flags: { 'kube-apiserver': ['--v=1'] } };
    const path = written('owner.yaml', stringify({ ...description, ...counts }));
    const { cluster } = await cli.json<{ cluster: Shown }>('cluster', 'add', path);
    made = await eventually('the cluster is active', waitMs, async () => {
      const now = await shown(cluster.id);
      if (now.status === 'failed') throw new Error(JSON.stringify(now));
      return now.status === 'active' ? now : undefined;
    });
    const ended = await cli.run('cluster', 'kubeconfig', 'owner');
    kubeconfig = written('owner.kubeconfig', ended.out);
    expect(await kubectl(kubectlOf, kubeconfig, ['get', 'namespace', 'kube-system', '-o', 'name'])).toContain('kube-system');
  });

  chapter('is registered with RegisterCluster, and comes under care with its code', async () => {
    const connectorConfig = { roleArn: 'arn:aws:iam::123456789012:role/connector', provider: 'OTHER' } as const;
    const { cluster } = await eks.client.send(new RegisterClusterCommand({ name: 'barn', connectorConfig }));
    const code = cluster?.connectorConfig?.activationCode ?? '';
    const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'front-door'];
    const members = made.nodes
      .filter(({ roles: [component = ''] }) => components.includes(component))
      .map(({ name, url, roles: [component] }) => ({
        name,
        component,
        address: new URL(url).hostname,
        port: Number(new URL(url).port),
      }));
    expect(members).toHaveLength(5);
    const path = written('barn.yaml', stringify({ name: 'barn', engine: 'kubernetes', members }));
    const wrong = await cli.run('cluster', 'add', path, '--kubeconfig', kubeconfig, '--activation', `${code}x`);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('No cluster is awaited with this activation code')]);
    const added = await cli.run('cluster', 'add', path, '--kubeconfig', kubeconfig, '--activation', code);
    expect([added.code, added.err]).toEqual([0, '']);
    expect(await eks.cluster('barn')).toMatchObject({
      status: 'ACTIVE',
      version: '1.36',
      connectorConfig: { provider: 'OTHER' },
    });
    const barn = await eks.cluster('barn');
    expect(barn.endpoint).toBe((await eks.cluster('owner')).endpoint);
    expect(barn.certificateAuthority).toEqual((await eks.cluster('owner')).certificateAuthority);
  });

  chapter('is checked and planned for, and not touched', async () => {
    const before = await memberIds();
    const { id } = await cli.json<Shown>('cluster', 'show', 'barn');
    const plan = await native.plan(id, '1.37');
    expect(plan.findings.map(({ check, kind }) => `${kind} ${check}`)).toEqual(['hazard k8s.members-can-be-started']);
    const refused = await cli.run('upgrade', 'start', 'barn', '1.37');
    expect(refused.code).not.toBe(0);
    expect(refused.out + refused.err).toContain('none can be started from here');
    const { insights = [] } = await eks.client.send(new ListInsightsCommand({ clusterName: 'barn' }));
    expect(insights.filter(({ insightStatus }) => insightStatus?.status === 'ERROR').map(({ name }) => name)).toHaveLength(1);
    const kubeconfigRefused = await cli.run('cluster', 'kubeconfig', 'barn');
    expect(kubeconfigRefused.err).toContain('its owner has the kubeconfig');
    expect(await memberIds()).toEqual(before);
  });

  chapter('is only forgotten when it is deregistered', async () => {
    await eks.client.send(new DeregisterClusterCommand({ name: 'barn' }));
    expect((await native.clusterIds()).length).toBe(1);
    expect(await kubectl(kubectlOf, kubeconfig, ['get', 'namespace', 'kube-system', '-o', 'name'])).toContain('kube-system');
    expect((await shown(made.id)).status).toBe('active');
  });
});
