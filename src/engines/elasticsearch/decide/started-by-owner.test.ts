import { describe, expect, it } from 'vitest';
import { emptyLedger } from '../../../domain/index.ts';
import { decide } from './index.ts';
import { aWorld, from, nodeSpec, observe, passedTrials, planOf, shardOn, to, type World, worldCluster } from './testing.ts';
import { run } from './testing-run.ts';

const three = () =>
  aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], [...shardOn('logs', 'n1', 'n2'), ...shardOn('users', 'n2', 'n3')]);

function startedByOwner(world: World, name: string, pid: number | null, release = from): void {
  const node = world.nodes.find((candidate) => candidate.spec.name === name);
  if (node === undefined) throw new Error(`there is no ${name}`);
  Object.assign(node, { running: true, joined: true, release, startedByOwner: { pid } });
}

describe('a member that its owner started himself', () => {
  it.each([from, to])('is taken under care and never started beside itself, at $version', (release) => {
    const world = three();
    startedByOwner(world, 'n2', 4711, release);
    const end = run(world, { cluster: worldCluster(world), plan: planOf() });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.violations).toEqual([]);
    expect(world.acts[0]).toBe('adopt-member n2');
    expect(world.acts.filter((act) => act.startsWith('start-member'))).toEqual([]);
    expect(world.nodes.map((node) => node.release.version)).toEqual(Array(3).fill(to.version));
  });

  it('is taken under care in the middle too, when it was in hand and away', () => {
    const world = three();
    const end = run(world, {
      cluster: worldCluster(world),
      plan: planOf(),
      // The turn is cut off between the stop and the start, and the owner is quicker.
      before: (current) => {
        if (!current.acts.includes('lift-member n2') || current.acts.includes('adopt-member n2')) return;
        startedByOwner(current, 'n2', 4711);
      },
    });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.violations).toEqual([]);
    expect(world.acts.filter((act) => act.endsWith(' n2'))).toEqual(['lift-member n2', 'adopt-member n2', 'lift-member n2']);
  });

  it.each([
    ['tells no process', null, 'it does not tell its process'],
    ['cannot be taken under care', 4711, 'its host could not take process 4711'],
  ])('that %s holds the upgrade with a reason, and then a person is asked', (_what, pid, says) => {
    const world = three();
    startedByOwner(world, 'n2', pid);
    const failing = (act: string) => act === 'adopt-member n2';
    const end = run(world, { cluster: worldCluster(world), plan: planOf(), failing });
    expect(end.last.move).toMatchObject({
      do: 'stop',
      because: { code: 'es.member-process-not-known', subject: 'n2', says: expect.stringContaining(says) },
    });
    expect(new Set(end.waits)).toEqual(new Set(['es.member-process-not-known']));
    expect(world.acts.filter((act) => act !== 'adopt-member n2')).toEqual([]);
    expect(world.violations).toEqual([]);
  });

  it('is not in the way of a cancel, nor of the end where it runs the target', () => {
    const world = three();
    startedByOwner(world, 'n2', null);
    const cluster = worldCluster(world);
    expect(run(world, { cluster, plan: planOf(), intent: () => 'cancel' }).last.move).toMatchObject({ as: 'cancelled' });
    for (const node of world.nodes) node.release = to;
    expect(run(world, { cluster, plan: planOf() }).last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts).toEqual([]);
  });

  it('is told from one that its host does not answer for', () => {
    const world = three();
    const seen = observe(world);
    const members = seen.members.map((member) => ({ ...member, process: { state: 'unknown' as const, because: 'no answer' } }));
    const plan = planOf();
    const move = decide({
      cluster: worldCluster(world),
      catalog: { engine: 'elasticsearch', releases: [], edges: [] },
      plan,
      observation: { ...seen, members },
      ledger: emptyLedger,
      intent: 'go',
      generation: 1,
      trials: passedTrials(world, plan),
      now: seen.at,
    }).move;
    expect(move).toMatchObject({
      do: 'wait',
      for: { code: 'es.member-process-not-known', says: expect.stringContaining('its host cannot tell its process: no answer') },
    });
  });
});
