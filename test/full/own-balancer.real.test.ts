import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { programPath } from '../../scripts/system-tools.js';
import { chapters } from '../rig/chapters.ts';
import {
  EksRig,
  endProcessesOf,
  eventually,
  freePorts,
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

const name = 'behind-their-own';
const broken = 'never-comes-up';
const waitMs = 10 * 60_000;
/** Of nobody's block, and in no certificate unless it is named. */
const balancerAddress = '127.0.0.77';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly endpoint: string | null;
  readonly behindBalancer: readonly { readonly name: string; readonly at: string }[];
  readonly nodes: readonly { readonly name: string }[];
}

let stateFolder: string;
let server: ServerRig;
let eks: EksRig;
let native: NativeRig;
let endpoint: string;
let balancer: ChildProcess | null = null;
let load: KubernetesLoad | null = null;

beforeAll(async () => {
  stateFolder = await makeStateFolder('balancer');
  server = await startServer({ stateFolder });
  eks = new EksRig(server);
  native = new NativeRig(server);
  const [port] = await freePorts(1);
  endpoint = `https://${balancerAddress}:${port}`;
});

afterAll(async () => {
  await load?.stop();
  await server?.stop();
  balancer?.kill('SIGKILL');
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

async function shown(of: string): Promise<Shown> {
  const { clusters } = await native.ask<{ clusters: readonly Shown[] }>('GET', '/clusters');
  const found = clusters.find((cluster) => cluster.name === of);
  if (found === undefined) throw new Error(`there is no cluster ${of}`);
  return found;
}

const commandsOf = async (id: string) =>
  (await processesOf(stateFolder)).flatMap(({ command }) => (command.includes(`/${id}/`) ? [command] : []));

/** As docs/own-balancer.md has it. */
function configuration({ host }: URL, places: Shown['behindBalancer']): string {
  return [
    ...['defaults', '  mode tcp', '  timeout connect 2s', '  timeout client 1h', '  timeout server 1h'],
    ...['  retries 3', '  option redispatch', 'frontend one', `  bind ${host}`, '  default_backend one'],
    ...['backend one', '  balance roundrobin', '  option httpchk GET /readyz'],
    '  default-server check-ssl verify none inter 500ms fall 2 rise 1',
    ...places.map((place) => `  server ${place.name} ${place.at} check`),
    '',
  ].join('\n');
}

const chapter = chapters();

describe('a real control plane behind a balancer of its owner', () => {
  chapter('is CREATING until the balancer leads to its apiservers, and says so with their addresses', async () => {
    const tags = { 'clusterlift:endpoint': endpoint, 'clusterlift:platform-version': 'eks.1', 'clusterlift:soak-seconds': '5' };
    expect(await eks.create({ name, version: '1.36', tags })).toMatchObject({ status: 'CREATING', endpoint });
    const places = (await shown(name)).behindBalancer;
    expect(places.map((place) => place.name)).toEqual(['apiserver-1', 'apiserver-2', 'apiserver-surge']);
    const { health } = await eventually('the cluster says what it waits for', waitMs, async () => {
      const cluster = await eks.cluster(name);
      return cluster.status !== 'CREATING' || (cluster.health?.issues ?? []).length > 0 ? cluster : undefined;
    });
    expect(health?.issues?.[0]?.message).toContain(`The balancer at ${endpoint} does not reach the apiservers`);
    for (const { at } of places) expect(health?.issues?.[0]?.message).toContain(at);
    expect((await commandsOf((await shown(name)).id)).filter((command) => /kube-(controller|scheduler)/.test(command))).toEqual(
      [],
    );
  });

  chapter('is ACTIVE once that does, without a front door, and serves kubectl through it', async () => {
    const cluster = await shown(name);
    const file = join(stateFolder, 'haproxy.cfg');
    writeFileSync(file, configuration(new URL(endpoint), cluster.behindBalancer));
    balancer = spawn(programPath('haproxy') ?? 'haproxy', ['-db', '-f', file], { stdio: 'ignore' });
    await once(balancer, 'spawn');
    expect(await eks.waitActive(name, waitMs)).toMatchObject({ endpoint, health: { issues: [] } });
    expect(cluster.nodes.map((node) => node.name)).not.toContain('front-door');
    const kubeconfig = join(stateFolder, 'admin.kubeconfig');
    const answer = await native.ask<{ kubeconfig: string }>('GET', `/clusters/${cluster.id}/kubeconfig`);
    expect(answer.kubeconfig).toContain(`server: ${endpoint}`);
    writeFileSync(kubeconfig, answer.kubeconfig, { mode: 0o600 });
    expect(await kubectl('kubernetes-1.36.3', kubeconfig, ['get', '--raw', '/version'])).toContain('v1.36.1');
    load = await startKubernetesLoad({ kubeconfig, namespace: 'load', report: join(stateFolder, 'load.json') });
  });

  chapter('goes to the next minor, and no request of a client fails', async () => {
    const started = await eks.startUpdate(name, '1.37', true);
    const ended = await eks.waitUpdate(name, started.id ?? '', waitMs);
    expect(ended).toMatchObject({ status: 'Successful', errors: [] });
    const report = await load?.stop();
    load = null;
    expect(report?.failures).toEqual([]);
    expect(report).toMatchObject({ failed: 0, watch: { missed: [], duplicated: [] }, objects: { lost: [], differing: [] } });
    console.log(
      `load: ${report?.requests} requests in ${report?.seconds} s, p99 ${report?.p99Ms} ms, ${report?.retried} retried`,
    );
  });

  chapter('leaves no process when it is deleted, and the balancer alone', async () => {
    const { id } = await shown(name);
    await eks.remove(name);
    await eventually('its members are gone', waitMs, async () => ((await commandsOf(id)).length === 0 ? true : undefined));
    expect(balancer?.exitCode).toBeNull();
  });
});

describe('a real control plane that cannot come up', () => {
  chapter('is FAILED in the words of the component, and nothing of it runs any more', async () => {
    const release = { version: '1.36', build: 'eks.1' };
    const flags = { 'kube-apiserver': ['--no-such-flag=1'] };
    await native.ask('POST', '/clusters', {
      name: broken,
      engine: 'kubernetes',
      origin: 'created',
      release,
      flags,
      region: eks.region,
    });
    const { id } = await shown(broken);
    const failed = await eventually('it has failed', waitMs, async () => {
      const cluster = await eks.cluster(broken);
      return cluster.status === 'CREATING' ? undefined : cluster;
    });
    expect(failed.status).toBe('FAILED');
    expect(failed.health?.issues?.[0]?.message).toMatch(/^apiserver-\d .*unknown flag: --no-such-flag/s);
    expect((await shown(broken)).statusReason).toBe(failed.health?.issues?.[0]?.message);
    // They were ended before it said that it failed.
    expect(await commandsOf(id)).toEqual([]);
  });

  chapter('is gone when it is deleted', async () => {
    await eks.remove(broken);
    await eventually('it is forgotten', waitMs, async () => {
      const { clusters } = await native.ask<{ clusters: readonly Shown[] }>('GET', '/clusters');
      return clusters.some((cluster) => cluster.name === broken) ? undefined : true;
    });
  });
});
