import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl as runKubectl } from '../../../test/rig/kubectl.ts';
import { type RealControlPlane, startControlPlane } from '../../../test/rig/real-control-plane.ts';
import { eventually } from '../../../test/rig/waiting.ts';
import type { Observation, SeenKubernetes } from '../../domain/index.ts';
import { requestedSpec } from './draft/index.ts';
import { nodeFolder } from './launch/index.ts';
import { addNodegroup } from './nodegroups.ts';

const old = { version: '1.36', build: 'eks.1' };
const patched = { version: '1.36', build: 'eks.3' };
const next = { version: '1.37', build: 'eks.2' };
const upTimeoutMs = 300_000;

describe('a real control plane', () => {
  let plane: RealControlPlane;
  beforeAll(async () => {
    const group = {
      name: 'blue',
      release: old,
      minSize: 1,
      maxSize: 2,
      maxUnavailable: 1,
      labels: { tier: 'a' },
      taints: [],
      tags: {},
      face: {},
    };
    plane = await startControlPlane(requestedSpec({ release: old }), (spec) =>
      addNodegroup(spec, { ...group, desiredSize: 1 }, new Date().toISOString()),
    );
  });
  afterAll(() => plane?.close());

  const kubectl = (...words: string[]) => runKubectl('kubernetes-1.36.1', plane.kubeconfig, words);
  const allUp = ({ members }: Observation<SeenKubernetes>) =>
    members.every(({ name, joined }) => name.endsWith('-surge') || joined !== null);
  async function apiserver(name: string) {
    const { cluster } = await plane.observe();
    return cluster.kind === 'seen' ? cluster.seen.apiservers.find((one) => one.name === name) : undefined;
  }
  const whenReady = (name: string, version: string) =>
    eventually(`${name} ready at ${version}`, upTimeoutMs, async () => {
      const seen = await apiserver(name);
      return seen?.ready === true && seen.version === version ? seen : undefined;
    });
  const doneSaying = async (...asked: Parameters<RealControlPlane['act']>) => {
    const result = await plane.act(...asked);
    expect(result).toMatchObject({ kind: 'done' });
    return result.says;
  };

  it('comes up by upkeep alone, and its administrator reaches it through the front door', async () => {
    const started = await plane.keepUntil(upTimeoutMs, allUp);
    expect(started).toEqual(
      expect.arrayContaining(['etcd-1', 'apiserver-1', 'apiserver-2', 'front-door', 'scheduler-2', 'blue-1']),
    );
    plane.cluster = { ...plane.cluster, provisioning: { state: 'ready' } };
    const nodes = await eventually('a ready node', upTimeoutMs, async () => {
      const text = await kubectl('get', 'nodes', '--no-headers', '-L', 'tier,eks.amazonaws.com/nodegroup');
      return / Ready /.test(text) ? text : undefined;
    });
    expect(nodes.trim().split(/\s+/)).toEqual(['blue-1', 'Ready', '<none>', expect.any(String), 'v1.36.1', 'a', 'blue']);
    const asViewer = ['--as=somebody', '--as-group=clusterlift:viewers', '-A'];
    expect(await kubectl('auth', 'can-i', 'list', 'nodes', ...asViewer)).toBe('yes\n');
    // The stock role of viewers is put together by the controller manager, a moment after it leads.
    const mayGetPods = async () => ((await kubectl('auth', 'can-i', 'get', 'pods', ...asViewer)) === 'yes\n' ? true : undefined);
    await eventually('viewers to see pods', upTimeoutMs, mayGetPods);
    await expect(kubectl('auth', 'can-i', 'get', 'secrets', ...asViewer)).rejects.toThrow();
  });

  it('starts again what ended by itself, and nothing else', async () => {
    const { process } = (await plane.observe()).members.find(({ name }) => name === 'scheduler-1') ?? {};
    if (process?.state !== 'running') throw new Error('scheduler-1 does not run');
    globalThis.process.kill(process.identity.pid, 'SIGKILL');
    await eventually('the scheduler to end', upTimeoutMs, async () =>
      (await plane.host.describe(plane.cluster.id, 'scheduler-1')).state === 'stopped' ? true : undefined,
    );
    expect(await plane.keepUntil(upTimeoutMs, allUp)).toEqual(['scheduler-1']);
  });

  it('takes a snapshot of etcd that etcd’s own program reads, and keeps the last three', async () => {
    for (let taken = 0; taken < 4; taken += 1) {
      expect(await doneSaying('snapshot-etcd', 'etcd-1')).toMatch(/etcd-\d{17}\.db \([0-9a-f]+, \d+, \d+, /);
    }
    expect(readdirSync(plane.cluster.spec.snapshotFolder ?? '').filter((name) => name.endsWith('.db'))).toHaveLength(3);
    expect(await plane.host.describe(plane.cluster.id, 'etcd-1-snapshot')).toEqual({ state: 'absent' });
  });

  it('gives an apiserver another patch, and stops no other process than the one that was meant', async () => {
    const { members } = await plane.observe();
    const before = members.find(({ name }) => name === 'apiserver-1')?.process;
    await doneSaying('replace-member', 'apiserver-1', { ...patched, emulate: null });
    expect((await whenReady('apiserver-1', '1.36.3')).emulated).toBe('1.36');
    if (before?.state !== 'running') throw new Error('apiserver-1 does not run');
    const late = await plane.actOn(
      'replace-member',
      { name: 'apiserver-1', process: before.identity },
      { ...old, emulate: null },
    );
    expect(late).toMatchObject({ kind: 'refused', because: 'identity-changed' });
    expect((await apiserver('apiserver-1'))?.version).toBe('1.36.3');
  });

  it('has one more apiserver of the next minor that behaves as the old one, and loses it again', async () => {
    expect(await doneSaying('start-surge', 'apiserver-surge', { ...next, emulate: '1.36' })).toContain('behaving as 1.36');
    expect((await whenReady('apiserver-surge', '1.37.2')).emulated).toBe('1.36');
    expect(await doneSaying('start-surge', 'apiserver-surge', { ...next, emulate: '1.36' })).toContain('runs already');
    await doneSaying('stop-surge', 'apiserver-surge');
    await doneSaying('stop-surge', 'apiserver-surge');
    expect((await plane.observe()).members.find(({ name }) => name === 'apiserver-surge')?.joined).toBeNull();
  });

  it('writes back everything that is stored without changing any of it', async () => {
    await kubectl('create', 'configmap', 'kept', '--from-literal=a=1');
    const version = () => kubectl('get', 'configmap', 'kept', '-o', 'jsonpath={.metadata.resourceVersion}');
    const before = await version();
    expect(await doneSaying('rewrite-storage', null, { version: '1.36' })).toMatch(
      /^\d{3,} objects of \d+ resources written back/,
    );
    expect(await version()).toBe(before);
  });

  it('empties a node as budgets allow, and gives it another kubelet under the same name', async () => {
    await kubectl('create', 'deployment', 'web', '--image=web', '--replicas=2');
    await kubectl('create', 'poddisruptionbudget', 'all', '--selector=app=web', '--min-available=2');
    await kubectl('wait', 'deployment/web', '--for=condition=Available', '--timeout=60s');
    // No budget keeps a pod that is pending, and a kubelet without containers calls its pods ready before they run.
    await kubectl('wait', 'pod', '--selector=app=web', '--for=jsonpath={.status.phase}=Running', '--timeout=60s');
    await doneSaying('cordon', 'blue-1', { owner: null });
    expect(await doneSaying('evict-pods', 'blue-1')).toMatch(/^0 of 2 pods of blue-1 evicted\. Kept by a budget: default\/web-/);
    await kubectl('delete', 'poddisruptionbudget', 'all');
    expect(await doneSaying('evict-pods', 'blue-1')).toBe('2 of 2 pods of blue-1 evicted.');
    const uid = () => kubectl('get', 'node', 'blue-1', '-o', 'jsonpath={.metadata.uid}');
    const before = await uid();
    await doneSaying('replace-node', 'blue-1', patched);
    const line = await eventually('the new kubelet', upTimeoutMs, async () => {
      const text = await kubectl('get', 'nodes', '--no-headers');
      return /^blue-1 +Ready .* v1\.36\.3\n$/.test(text) ? text : undefined;
    });
    expect(line).not.toContain('SchedulingDisabled');
    expect(await uid()).not.toBe(before);
  });

  it('removes a node without leaving anything of it', async () => {
    const folder = nodeFolder(plane.cluster, 'blue-1');
    expect(existsSync(folder)).toBe(true);
    await doneSaying('remove-node', 'blue-1', { drain: 'true' });
    await doneSaying('remove-node', 'blue-1', { drain: 'true' });
    expect(existsSync(folder)).toBe(false);
    expect(await kubectl('get', 'nodes', '-o', 'name')).toBe('');
    expect(await plane.host.describe(plane.cluster.id, 'blue-1')).toEqual({ state: 'absent' });
  });
});

describe('three members of etcd', () => {
  const names = ['etcd-1', 'etcd-2', 'etcd-3'] as const;
  let plane: RealControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane(requestedSpec({ release: old, etcd: 3 }), (spec) => spec);
    for (const name of names)
      expect(await plane.act('start-member', name, { ...old, emulate: null })).toMatchObject({ kind: 'done' });
    await eventually('etcd to agree', upTimeoutMs, async () => {
      const { members } = await plane.observe();
      return members.filter(({ joined }) => joined !== null).length === names.length ? true : undefined;
    });
  });
  afterAll(() => plane?.close());

  const give = (from: string, to: string) => plane.act('move-etcd-leader', from, { to });
  /** Only the one that leads can give the lead away. */
  async function giveAway(): Promise<readonly [from: string, to: string]> {
    for (const from of names) {
      const to = names.find((name) => name !== from) ?? '';
      const result = await give(from, to);
      if (result.kind === 'done' && result.says === `${to} leads etcd.` && (await give(to, to)).kind === 'done')
        return [from, to];
    }
    throw new Error('nobody leads');
  }

  it('hand the lead on where they are told to, once, and are replaced one at a time', async () => {
    const [, to] = await giveAway();
    const other = names.find((name) => name !== to) ?? '';
    expect(await give(to, other)).toEqual({ kind: 'done', says: `${other} leads etcd.` });
    expect(await give(to, other)).toEqual({ kind: 'done', says: `${other} leads etcd.` });
    const third = names.find((name) => name !== to && name !== other) ?? '';
    expect(await give(to, third)).toMatchObject({ kind: 'refused', because: 'identity-changed' });
    expect(await give(to, 'etcd-9')).toMatchObject({ kind: 'failed' });
    expect(await plane.act('replace-member', third, { version: '3.6.16', build: null, emulate: null })).toMatchObject({
      kind: 'done',
      says: `${third} stopped. ${third} started at 3.6.16.`,
    });
    await eventually('the replaced member', upTimeoutMs, async () =>
      (await plane.observe()).members.find(({ name }) => name === third)?.joined ? true : undefined,
    );
    expect(await give(other, other)).toEqual({ kind: 'done', says: `${other} leads etcd.` });
  });
});
