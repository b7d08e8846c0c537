import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { aGroup, aHop, aWorld, memberOf, ofKind, old, planOf, type World, type WorldSize, young } from '../testing-world.ts';
import { run } from '../testing-world-run.ts';
import { forceEviction } from './situation.ts';

const hop = aHop(old, young, { nodegroup: 'blue' });
const plan = planOf([hop]);

/** A control plane at the newer minor, and a group of nodes at the older one. */
function aCluster(size: number, change: Parameters<typeof aGroup>[2] = {}, more: WorldSize = {}): World {
  return aWorld({ ...more, release: young, nodegroups: [aGroup('blue', size, change)] });
}

function pods(world: World, app: string, ...nodes: readonly string[]): void {
  world.pods.push(...nodes.map((node, index) => ({ name: `${app}-${index + 1}`, app, node, movingUntilMs: null })));
}

const cordoned = (world: World) =>
  ofKind(world, 'node')
    .filter((node) => node.cordoned !== 'no')
    .map((node) => node.spec.name);
const releases = (world: World) =>
  ofKind(world, 'node')
    .filter(({ spec }) => !spec.surge)
    .map((node) => node.release.version);

describe('a node group', () => {
  it('starts one node more, drains and replaces each, and takes that one away again', () => {
    const world = aCluster(2);
    pods(world, 'web', 'blue-1', 'blue-2');
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done', says: 'Every node of blue runs 1.37 (eks.2).' });
    expect(world.violations).toEqual([]);
    expect(world.acts).toEqual([
      'start-node blue-surge 1.37+eks.2',
      'cordon blue-1',
      'evict-pods blue-1',
      'replace-node blue-1 1.37+eks.2',
      'cordon blue-2',
      'evict-pods blue-2',
      'replace-node blue-2 1.37+eks.2',
      'cordon blue-surge',
      ...world.acts.slice(8, -1),
      'remove-node blue-surge',
    ]);
    expect(cordoned(world)).toEqual([]);
    expect(memberOf(world, 'blue-surge').process).toBe('absent');
    expect(world.pods.map(({ node }) => node).sort()).toEqual(['blue-1', 'blue-2']);
  });

  it('takes as many side by side as may be away', () => {
    const world = aCluster(4, { maxUnavailable: 2 });
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'done' });
    expect(world.acts.indexOf('cordon blue-2')).toBeLessThan(world.acts.indexOf('replace-node blue-1 1.37+eks.2') + 2);
    expect(releases(world)).toEqual(['1.37', '1.37', '1.37', '1.37']);
  });

  it('does without a place for one more where there is none', () => {
    const world = aCluster(2, { surge: false });
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'done' });
    expect(world.violations).toEqual([]);
  });

  it('touches no other group', () => {
    const world = aWorld({ release: young, nodegroups: [aGroup('blue', 1), aGroup('green', 1)] });
    run(world, { plan });
    expect(memberOf(world, 'green-1').release).toEqual(old);
    expect(memberOf(world, 'green-1').launches).toBe(1);
  });

  it('waits for a budget, and returns with the names when it never allows', () => {
    const world = aCluster(2);
    pods(world, 'db', 'blue-1', 'blue-2');
    world.budgets.push({ name: 'db', app: 'db', minAvailable: 2 });
    const end = run(world, { plan });
    expect(end.waits).toContain('k8s.budget-allows');
    expect(end.last.move).toMatchObject({ do: 'returned', because: { code: 'k8s.pod-not-evicted', subject: 'app/db-1' } });
    expect(world.violations).toEqual([]);
    expect(releases(world)).toEqual(['1.36', '1.36']);
    expect(cordoned(world)).toEqual([]);
    expect(memberOf(world, 'blue-surge').process).toBe('absent');
  });

  it('goes on when the budget allows again', () => {
    const world = aCluster(2);
    pods(world, 'db', 'blue-1', 'blue-2');
    world.budgets.push({ name: 'db', app: 'db', minAvailable: 2 });
    const end = run(world, {
      plan,
      before: (current, turn) => {
        if (turn === 40) current.budgets = [{ name: 'db', app: 'db', minAvailable: 1 }];
      },
    });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.violations).toEqual([]);
  });

  it('stops with the names where some nodes are lifted already', () => {
    const world = aCluster(2);
    pods(world, 'db', 'blue-2');
    world.budgets.push({ name: 'db', app: 'db', minAvailable: 1 });
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({
      do: 'stop',
      because: { code: 'k8s.pod-not-evicted', subject: 'app/db-1', evidence: ['lifted already: blue-1'] },
    });
    expect(releases(world)).toEqual(['1.37', '1.36']);
    expect(cordoned(world)).toEqual([]);
    expect(memberOf(world, 'blue-surge').process).toBe('absent');
    world.budgets = [];
    const second = run(world, { plan });
    expect(second.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(memberOf(world, 'blue-1').launches).toBe(2);
  });

  it('gives up when the time has passed that the owner of the cluster allows', () => {
    const seconds = (drainTimeoutMs: number | null) => {
      const world = aCluster(1);
      world.drainTimeoutMs = drainTimeoutMs;
      pods(world, 'db', 'blue-1');
      world.budgets.push({ name: 'db', app: 'db', minAvailable: 1 });
      const { move } = run(world, { plan }).last;
      expect(move).toMatchObject({ do: 'returned', because: { code: 'k8s.pod-not-evicted' } });
      return 'because' in move ? Number(/so for (\d+) seconds/.exec(move.because.says)?.[1]) : null;
    };
    expect([seconds(null), seconds(20_000)]).toEqual([900, 20]);
  });

  it('returns at once from a pod with two budgets', () => {
    const world = aCluster(2);
    pods(world, 'db', 'blue-1');
    world.budgets.push({ name: 'one', app: 'db', minAvailable: 0 }, { name: 'two', app: 'db', minAvailable: 0 });
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({
      do: 'returned',
      because: { code: 'k8s.pod-not-evicted', subject: 'app/db-1', says: expect.stringContaining('one, two') },
    });
    expect(world.acts.filter((act) => act.startsWith('evict-pods blue-1'))).toEqual([]);
  });

  it('deletes the pods where a person has said so', () => {
    const world = aCluster(2);
    pods(world, 'db', 'blue-1', 'blue-2');
    world.budgets.push({ name: 'db', app: 'db', minAvailable: 2 });
    const end = run(world, { plan, acknowledged: [forceEviction] });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts).toContain('delete-pods blue-1');
    expect(releases(world)).toEqual(['1.37', '1.37']);
    expect(world.violations).toEqual([]);
  });

  it('touches no node where the one for more does not come up', () => {
    const world = aCluster(2);
    world.starts = (start) => (start.startsWith('blue-surge') ? 'ends' : 'ready');
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { subject: 'blue-surge' } });
    expect(world.acts.filter((act) => act.startsWith('cordon'))).toEqual([]);
    expect(releases(world)).toEqual(['1.36', '1.36']);
  });

  it('brings a node back that does not come up at the target', () => {
    const world = aCluster(2);
    world.starts = (start) => (start === 'blue-1 1.37+eks.2' ? 'never-ready' : 'ready');
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { subject: 'blue-1' } });
    expect(releases(world)).toEqual(['1.36', '1.36']);
    expect(cordoned(world)).toEqual([]);
  });

  it('lets pods to the node that it drains again when it is paused, and goes on later', () => {
    const world = aCluster(2);
    pods(world, 'db', 'blue-1', 'blue-2');
    const end = run(world, { plan, intent: () => (world.acts.includes('cordon blue-1') ? 'pause' : 'go') });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'paused' });
    expect(cordoned(world)).toEqual([]);
    expect(memberOf(world, 'blue-surge').process).toBe('absent');
    const second = run(world, { plan, ledger: end.last.ledger, generation: 2 });
    expect(second.last.move).toMatchObject({ do: 'done', as: 'done' });
  });

  it('cordons a node again that its owner had cordoned', () => {
    const world = aCluster(2);
    memberOf(world, 'blue-2').cordoned = 'owner';
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(memberOf(world, 'blue-2').cordoned).toBe('owner');
    expect(world.violations).toEqual([]);
    expect(releases(world)).toEqual(['1.37', '1.37']);
  });

  it('is held back where its nodes would be newer than the apiservers', () => {
    const world = aWorld({ release: old, nodegroups: [aGroup('blue', 1)] });
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.nodes-within-skew' } });
    expect(world.acts).toEqual([]);
  });

  it('uncordons in any exit what a run that died has left', () => {
    const world = aCluster(2);
    memberOf(world, 'blue-2').cordoned = 'ours';
    run(world, { plan: planOf([aHop(young, young)]) });
    expect(cordoned(world)).toEqual([]);
  });
});

describe('a node that the apiservers do not let cordon', () => {
  const refused = (act: string) => act.startsWith('cordon');

  it('is asked for a few times with time in between, then all stays as it was, with its name', () => {
    const world = aCluster(2);
    pods(world, 'web', 'blue-1', 'blue-2');
    const asked: number[] = [];
    const failing = (act: string) => {
      if (act === 'cordon blue-1') asked.push(world.nowMs);
      return refused(act);
    };
    const end = run(world, { plan, failing });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { code: 'k8s.node-not-cordoned', subject: 'blue-1' } });
    expect(asked).toHaveLength(limits.cordonAttempts);
    const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(limits.cordonAgainMs);
    expect(end.remarks).toEqual([expect.stringContaining('blue-surge goes on running')]);
    expect(releases(world)).toEqual(['1.36', '1.36']);
    expect(world.pods.map(({ node }) => node)).toEqual(['blue-1', 'blue-2']);
    const second = run(world, { plan, generation: 2 });
    expect(second.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(memberOf(world, 'blue-surge').process).toBe('absent');
    expect(world.violations).toEqual([]);
  });

  it('is lifted all the same where that was for a moment', () => {
    const world = aCluster(2);
    const end = run(world, { plan, failing: (act, turn) => refused(act) && turn < 12 });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts.filter((act) => act === 'cordon blue-1')).toHaveLength(1);
  });

  it('is let go where its owner’s cordon cannot be given back, however often that is asked for', () => {
    const world = aCluster(1);
    memberOf(world, 'blue-1').cordoned = 'owner';
    const end = run(world, { plan, failing: (act) => act === 'cordon blue-1' });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
  });
});
