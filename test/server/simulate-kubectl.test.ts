import { existsSync, writeFileSync } from 'node:fs';
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

  it('says why there are no logs and that no commands run', async () => {
    await call('run', 'solo', '--image=solo');
    await call('wait', '--for=condition=Ready', 'pod/solo', '--timeout=50s');
    await expect(call('logs', 'solo')).rejects.toThrow('no containers run on simulated nodes');
    await expect(call('exec', 'solo', '--', 'true')).rejects.toThrow('no containers run on simulated nodes');
    expect(await call('delete', 'pod', 'solo', '--timeout=50s')).toContain('deleted');
  });
});
