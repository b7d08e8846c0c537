import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateNodegroupCommand } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { componentPath } from '../../scripts/components.js';
import {
  EksRig,
  endProcessesOf,
  kubectl,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const component = 'kubernetes-1.36.3';
const limitMs = 90_000;
const built = existsSync(join(componentPath(component), 'bin/kubectl'));
let folder: string;
let server: ServerRig;
let kubeconfig: string;

if (!built) console.info(`kubectl on simulated control planes: left out, as ${component} is not built (npm run components).`);

const call = (...words: readonly string[]) => kubectl(component, kubeconfig, words);
/** A container that asks for much. */
const busy = { name: 'solo', image: 'solo', resources: { requests: { cpu: '1', memory: '512Mi' } } };

/** A kubeconfig that shows a token and nothing else. */
function withToken(token: string): string {
  const file = join(folder, 'kubeconfig-token');
  const text = readFileSync(kubeconfig, 'utf8')
    .replace(/client-certificate-data:.*/, `token: ${token}`)
    .replace(/^.*client-key-data:.*\n?/m, '');
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

describe.runIf(built)('kubectl on a simulated control plane', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    folder = await makeStateFolder('simulate-kubectl');
    server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_SIMULATE: '1' } });
    const eks = new EksRig(server);
    await eks.create({ name: 'plane', version: '1.36', tags: { 'clusterlift:speed': '60' } });
    await eks.waitActive('plane', limitMs);
    const group = { clusterName: 'plane', nodegroupName: 'blue', nodeRole: 'arn:aws:iam::123456789012:role/any' };
    const scalingConfig = { minSize: 1, maxSize: 3, desiredSize: 2 };
    await eks.client.send(new CreateNodegroupCommand({ ...group, subnets: ['subnet-0a'], scalingConfig }));
    await eks.waitNodegroupActive('plane', 'blue', limitMs);
    const native = new NativeRig(server);
    const [id = ''] = await native.clusterIds();
    kubeconfig = join(folder, 'kubeconfig');
    const answer = await native.ask<{ kubeconfig: string }>('GET', `/clusters/${id}/kubeconfig`);
    writeFileSync(kubeconfig, answer.kubeconfig, { mode: 0o600 });
  });
  afterAll(async () => {
    await server?.stop();
    await endProcessesOf(folder);
    await removeStateFolder(folder);
  });

  it('creates, scales, rolls out and back, and shows where pods are', async () => {
    expect(await call('create', 'deployment', 'web', '--image=web:1', '--replicas=3')).toContain('created');
    expect(await call('rollout', 'status', 'deployment/web', '--timeout=50s')).toContain('successfully rolled out');
    await call('scale', 'deployment', 'web', '--replicas=4');
    await call('set', 'image', 'deployment/web', 'web=web:2');
    await call('rollout', 'status', 'deployment/web', '--timeout=50s');
    await call('rollout', 'undo', 'deployment/web');
    await call('rollout', 'status', 'deployment/web', '--timeout=50s');
    expect(await call('get', 'deployment', 'web', '-o', 'wide')).toMatch(/web\s+4\/4\s+4\s+4 .*web:1/);
    expect(await call('get', 'pods', '-o', 'wide', '-l', 'app=web')).toMatch(/1\/1\s+Running.*10\.244\.\d+\.\d+\s+blue-[12]/);
  });

  it('drains a node through the eviction API under a budget, and lets it take pods again', async () => {
    await call('create', 'poddisruptionbudget', 'web', '--selector=app=web', '--min-available=2');
    expect(await call('drain', 'blue-1', '--timeout=50s')).toContain('node/blue-1 drained');
    expect(await call('get', 'nodes')).toMatch(/blue-1\s+Ready,SchedulingDisabled/);
    expect(await call('get', 'pods', '-o', 'jsonpath={.items[*].spec.nodeName}')).not.toContain('blue-1');
    expect(await call('uncordon', 'blue-1')).toContain('uncordoned');
    await call('delete', 'deployment/web', 'poddisruptionbudget/web', '--timeout=50s');
  });

  it('explains the fields of kinds, with what the owner of a definition says of his own', async () => {
    const containers = await call('explain', 'deployment.spec.template.spec.containers');
    expect(containers).toMatch(/GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n/);
    expect(containers).toMatch(/image\t<string>/);
    expect(containers).toMatch(/resources\t<ResourceRequirements>/);
    expect(await call('explain', 'pods', '--recursive')).toMatch(
      /readinessProbe\t<Probe>\n +exec\t<ExecAction>\n +command\t<\[\]string>/,
    );
    await expect(call('explain', 'pods.spec.nothing')).rejects.toThrow('field "nothing" does not exist');
    const names = { plural: 'wheels', kind: 'Wheel', singular: 'wheel' };
    const properties = {
      spec: { type: 'object', properties: { spokes: { type: 'integer', description: 'As many as it has.' } } },
    };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties } } }];
    const spec = { group: 'bikes.example.org', scope: 'Namespaced', names, versions };
    const metadata = { name: 'wheels.bikes.example.org' };
    const file = join(folder, 'wheels.json');
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata, spec }),
    );
    await call('create', '-f', file);
    await call('wait', '--for=condition=Established', 'crd/wheels.bikes.example.org', '--timeout=50s');
    expect(await call('explain', 'wheels.spec')).toMatch(/spokes\t<integer>\n +As many as it has\./);
    await call('delete', '-f', file, '--timeout=50s');
  });

  it('tells what nodes and pods use', async () => {
    await call('run', 'solo', '--image=solo', '--overrides', JSON.stringify({ spec: { containers: [busy] } }));
    await call('wait', '--for=condition=Ready', 'pod/solo', '--timeout=50s');
    const nodes = (await call('top', 'nodes', '--no-headers')).trim().split('\n').sort();
    expect(nodes.map((line) => line.replaceAll(/\d+/g, 'N').replaceAll(/ +/g, ' ').trim())).toEqual(
      Array(2).fill('blue-N Nm N% NMi N%'),
    );
    const [, cpu = '', memory = ''] = /^solo +(\d+)m +(\d+)Mi/m.exec(await call('top', 'pods')) ?? [];
    // A share of what it asks for.
    expect(Number(cpu)).toBeGreaterThanOrEqual(300);
    expect(Number(cpu)).toBeLessThan(1_000);
    expect(Number(memory)).toBeGreaterThanOrEqual(256);
    expect(Number(memory)).toBeLessThan(512);
    expect(await call('top', 'pods', '--containers', '-A')).toMatch(/default +solo +solo +\d+m/);
    await call('delete', 'pod', 'solo', '--timeout=50s');
  });

  it('issues tokens of service accounts, which are good for what the account may, until it is gone', async () => {
    await call('create', 'serviceaccount', 'robot');
    const token = (await call('create', 'token', 'robot', '--duration=20m')).trim();
    const asRobot = (...words: readonly string[]) => kubectl(component, withToken(token), words);
    expect(await asRobot('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe(
      'system:serviceaccount:default:robot',
    );
    await expect(asRobot('get', 'pods')).rejects.toThrow('User "system:serviceaccount:default:robot" cannot list');
    await call('create', 'rolebinding', 'robots', '--clusterrole=view', '--serviceaccount=default:robot');
    expect(await asRobot('get', 'pods', '-o', 'name')).toBe('');
    await expect(call('create', 'token', 'robot', '--duration=1m')).rejects.toThrow('less than 10 minutes');
    await call('delete', 'serviceaccount/robot', 'rolebinding/robots');
    await expect(asRobot('get', 'pods')).rejects.toThrow(/Unauthorized|must be logged in/);
  });

  it('says why there are no logs and that no commands run', async () => {
    await call('run', 'solo', '--image=solo');
    await call('wait', '--for=condition=Ready', 'pod/solo', '--timeout=50s');
    await expect(call('logs', 'solo')).rejects.toThrow('no containers run on simulated nodes');
    await expect(call('exec', 'solo', '--', 'true')).rejects.toThrow('no containers run on simulated nodes');
    expect(await call('delete', 'pod', 'solo', '--timeout=50s')).toContain('deleted');
  });
});
