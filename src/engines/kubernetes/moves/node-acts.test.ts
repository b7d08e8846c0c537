import { describe, expect, it } from 'vitest';
import type { ActName } from '../decide/acts.ts';
import { type Asked, asItIs, asked, cutAnywhere, etcdRelease, everybodyRuns, old, perform, young } from './testing-acting.ts';
import { identityOf, type Outside } from './testing-outside.ts';

const budget = { status: 429, says: "Cannot evict pod as it would violate the pod's disruption budget." };
const twoBudgets = {
  status: 500,
  says: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
};
const bothNodes = () => {
  const outside = everybodyRuns();
  outside.api.pods = [
    { name: 'web-1', node: 'blue-1' },
    { name: 'web-2', node: 'blue-2' },
    { name: 'db-1', node: 'blue-1' },
    { name: 'agent', node: 'blue-1', metadata: { ownerReferences: [{ kind: 'DaemonSet', controller: true }] } },
    { name: 'mirror', node: 'blue-1', metadata: { annotations: { 'kubernetes.io/config.mirror': 'a' } } },
    { name: 'ending', node: 'blue-1', metadata: { deletionTimestamp: '2026-11-25T00:00:00Z' } },
  ];
  return outside;
};
const left = (outside: Outside) => outside.api.pods.map(({ name }) => name);
const on = (outside: Outside, name = 'blue-1') => [asItIs(outside, name)];
const replaced = (outside: Outside) => {
  const { uid } = outside.api.nodes.get('blue-1') ?? {};
  return [{ ...asItIs(outside, 'blue-1'), nodeId: 'uid of one before' }, uid] as const;
};

describe('a cordon', () => {
  const cordon = (outside: Outside) => asked('cordon', on(outside), { owner: null });
  const uncordon = (outside: Outside) => asked('uncordon', on(outside), {});
  const cordoned = () => {
    const outside = everybodyRuns();
    outside.api.nodes.set('blue-1', { uid: 'uid of blue-1', unschedulable: true, cordonedBy: 'clusterlift' });
    return outside;
  };

  it('is set on that node alone, as ours', async () => {
    const outside = everybodyRuns();
    await perform(outside, cordon(outside));
    await perform(outside, cordon(outside));
    expect(outside.api.nodes.get('blue-1')).toMatchObject({ unschedulable: true, cordonedBy: 'clusterlift' });
    expect(outside.api.nodes.get('blue-2')).toMatchObject({ unschedulable: false, cordonedBy: null });
    await cutAnywhere(everybodyRuns, cordon);
  });

  it('is its owner’s again where the owner had it', async () => {
    const outside = everybodyRuns();
    await perform(outside, asked('cordon', on(outside), { owner: 'true' }));
    expect(outside.api.nodes.get('blue-1')).toMatchObject({ unschedulable: true, cordonedBy: null });
  });

  it('is taken away with our name on it, and from a node that is gone there is nothing to take', async () => {
    const outside = cordoned();
    await perform(outside, uncordon(outside));
    expect(outside.api.nodes.get('blue-1')).toMatchObject({ unschedulable: false, cordonedBy: null });
    await cutAnywhere(cordoned, uncordon);
    const act = uncordon(outside);
    outside.api.nodes.delete('blue-1');
    expect(await perform(outside, act)).toMatchObject({ kind: 'done', says: 'blue-1 is not there any more.' });
  });

  it('is not set on another node of that name', async () => {
    const outside = everybodyRuns();
    const [identity] = replaced(outside);
    expect(await perform(outside, asked('cordon', [identity], { owner: null }))).toMatchObject({
      kind: 'refused',
      because: 'identity-changed',
    });
    expect(outside.touched).toEqual([]);
  });
});

describe('emptying a node', () => {
  const evict = (outside: Outside) => asked('evict-pods', on(outside), {});
  const remove = (outside: Outside) => asked('delete-pods', on(outside), {});
  const others = ['web-2', 'agent', 'mirror', 'ending'];

  it('evicts what an eviction is for, from that node alone', async () => {
    const outside = bothNodes();
    expect(await perform(outside, evict(outside))).toEqual({ kind: 'done', says: '2 of 2 pods of blue-1 evicted.' });
    expect(left(outside)).toEqual(others);
    await cutAnywhere(bothNodes, evict);
  });

  it('names those that a budget keeps, and asks for each once', async () => {
    const outside = bothNodes();
    outside.api.pods.push({ name: 'kept', node: 'blue-1', kept: budget });
    expect(await perform(outside, evict(outside))).toEqual({
      kind: 'done',
      says: `2 of 3 pods of blue-1 evicted. Kept by a budget: shop/kept: ${budget.says}`,
    });
    expect(left(outside)).toEqual([...others, 'kept']);
  });

  it('fails with the server’s own words where a pod can never be evicted', async () => {
    const outside = bothNodes();
    outside.api.pods.push({ name: 'stuck', node: 'blue-1', kept: twoBudgets });
    expect(await perform(outside, evict(outside))).toMatchObject({
      kind: 'failed',
      lastLines: [`shop/stuck: ${twoBudgets.says}`],
    });
  });

  it('deletes the same pods whatever their budgets say', async () => {
    const outside = bothNodes();
    outside.api.pods.push({ name: 'kept', node: 'blue-1', kept: budget });
    expect(await perform(outside, remove(outside))).toMatchObject({ kind: 'done', says: '3 pods of blue-1 deleted.' });
    expect(left(outside)).toEqual(others);
    await cutAnywhere(bothNodes, remove);
  });
});

describe('starting and replacing a node', () => {
  const gone = () => {
    const outside = everybodyRuns();
    outside.processes.delete('blue-2');
    outside.api.nodes.delete('blue-2');
    return outside;
  };
  const start = (outside: Outside) => asked('start-node', on(outside, 'blue-2'), young);
  const replace = (outside: Outside) => asked('replace-node', on(outside), young);

  it('starts that node with a certificate of its own, once', async () => {
    const outside = gone();
    expect(await perform(outside, start(outside))).toMatchObject({ kind: 'done' });
    expect(await perform(outside, start(outside))).toMatchObject({ kind: 'done', says: 'blue-2 runs already.' });
    expect(outside.launches.map(({ member }) => member)).toEqual(['blue-2']);
    const [kubeconfig] = outside.launches[0]?.files ?? [];
    expect(
      Buffer.from(/client-certificate-data: "?([^"\n]+)/.exec(kubeconfig?.text ?? '')?.[1] ?? '', 'base64').toString(),
    ).toContain('"commonName":"system:node:blue-2"');
    await cutAnywhere(gone, start);
  });

  it('replaces that node alone, its Node object deleted while nothing runs', async () => {
    const outside = everybodyRuns();
    await perform(outside, replace(outside));
    expect(outside.touched.filter((call) => !call.startsWith('prefetch'))).toEqual([
      'stop blue-1',
      'DELETE /api/v1/nodes/blue-1',
      'start blue-1',
    ]);
    expect(outside.api.nodes.get('blue-1')?.uid).toBe('registered 1');
    await cutAnywhere(everybodyRuns, replace);
  });

  it('leaves the new one when it is asked again', async () => {
    const outside = everybodyRuns();
    const act = replace(outside);
    await perform(outside, act);
    const { length } = outside.touched;
    expect(await perform(outside, act)).toMatchObject({ kind: 'refused', because: 'identity-changed' });
    expect(outside.touched.length).toBe(length);
  });

  it('deletes no Node object that was made since', async () => {
    const outside = everybodyRuns();
    const [identity, uid] = replaced(outside);
    await perform(outside, asked('replace-node', [identity], young));
    expect(outside.api.nodes.get('blue-1')?.uid).toBe(uid);
  });
});

describe('removing a node', () => {
  const surging = () => {
    const outside = bothNodes();
    outside.run('blue-surge', young);
    outside.api.nodes.set('blue-surge', { uid: 'uid of blue-surge', unschedulable: false, cordonedBy: null });
    outside.api.pods.push({ name: 'guest', node: 'blue-surge' });
    return outside;
  };
  const remove = (outside: Outside) => asked('remove-node', on(outside, 'blue-surge'), {});
  const drained = (outside: Outside) => ({ ...remove(outside), parameters: { drain: 'true' } }) as unknown as Asked;

  it('takes away that node and everything of it, and finds nothing when it is asked again', async () => {
    const outside = surging();
    const act = remove(outside);
    await perform(outside, act);
    expect([...outside.api.nodes.keys()]).toEqual(['blue-1', 'blue-2']);
    expect(outside.processes.has('blue-surge')).toBe(false);
    expect(outside.touched.slice(0, 2)).toEqual(['stop blue-surge', 'DELETE /api/v1/nodes/blue-surge']);
    const before = JSON.stringify(outside.state());
    expect(await perform(outside, act)).toMatchObject({ kind: 'done' });
    expect(JSON.stringify(outside.state())).toBe(before);
    await cutAnywhere(surging, remove);
  });

  it('empties one that is removed for good before it is stopped', async () => {
    const outside = surging();
    await perform(outside, drained(outside));
    const gone = outside.touched.indexOf('POST /api/v1/namespaces/shop/pods/guest/eviction');
    expect(gone).toBeGreaterThan(-1);
    expect(gone).toBeLessThan(outside.touched.indexOf('stop blue-surge'));
    expect(left(outside)).toEqual(left(bothNodes()));
    await cutAnywhere(surging, drained);
  });

  it('does not stop one that could not be emptied because nobody answers', async () => {
    const outside = surging();
    const act = drained(outside);
    outside.api.away = 'connect ECONNREFUSED';
    expect(await perform(outside, act)).toMatchObject({ kind: 'failed', says: expect.stringContaining('could not be cordoned') });
    expect(outside.touched).toEqual([]);
  });

  it('deletes no pod by force because its server was told to end', async () => {
    const outside = surging();
    const act = drained(outside);
    const cutOff = { kind: 'failed', says: 'Emptying blue-surge was cut off.' };
    expect(await perform(outside, act, { signal: AbortSignal.abort() })).toMatchObject(cutOff);
    expect(left(outside)).toContain('guest');
    expect(outside.processes.get('blue-surge')).toMatchObject({ state: 'running' });
  });

  it('does not stop another process that runs in its place', async () => {
    const outside = surging();
    const identity = { ...asItIs(outside, 'blue-surge'), process: identityOf(7) };
    expect(await perform(outside, asked('remove-node', [identity], {}))).toMatchObject({ because: 'identity-changed' });
    expect(outside.touched).toEqual([]);
  });
});

describe('an older generation', () => {
  const asks: Readonly<Record<ActName, (outside: Outside) => Asked>> = {
    prefetch: () => asked('prefetch', [], { ...young, host: 'local', component: 'kubernetes' }),
    'snapshot-etcd': (outside) => asked('snapshot-etcd', on(outside, 'etcd-1'), {}),
    'move-etcd-leader': (outside) => asked('move-etcd-leader', on(outside, 'etcd-1'), { to: 'etcd-2' }),
    'replace-member': (outside) => asked('replace-member', on(outside, 'etcd-1'), { ...etcdRelease, emulate: null }),
    'start-member': (outside) => asked('start-member', on(outside, 'scheduler-1'), { ...old, emulate: null }),
    'start-surge': (outside) => asked('start-surge', on(outside, 'apiserver-surge'), { ...young, emulate: '1.36' }),
    'stop-surge': (outside) => asked('stop-surge', on(outside, 'apiserver-1'), { wait: null }),
    'rewrite-storage': () => asked('rewrite-storage', [], { version: '1.36' }),
    cordon: (outside) => asked('cordon', on(outside), { owner: null }),
    uncordon: (outside) => asked('uncordon', on(outside), {}),
    'evict-pods': (outside) => asked('evict-pods', on(outside), {}),
    'delete-pods': (outside) => asked('delete-pods', on(outside), {}),
    'start-node': (outside) => asked('start-node', on(outside), young),
    'replace-node': (outside) => asked('replace-node', on(outside), young),
    'remove-node': (outside) => asked('remove-node', on(outside), {}),
  };

  it.each(Object.entries(asks))('touches nothing with %s', async (_act, ask) => {
    const outside = bothNodes();
    outside.generation = 2;
    expect(await perform(outside, ask(outside))).toMatchObject({ kind: 'refused', because: 'older-generation' });
    expect(outside.touched).toEqual([]);
  });
});
