import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../domain/index.ts';
import { aGroup, aHop, aWorld, memberOf, ofKind, old, planOf, type World, young } from '../testing-world.ts';
import { run } from '../testing-world-run.ts';

const seed = process.env.CLUSTERLIFT_SEED;
const thorough: fc.Parameters<unknown> = { numRuns: 60, ...(seed === undefined ? {} : { seed: Number(seed) }) };
const plan = planOf([aHop(old, young, { nodegroup: 'blue' })]);

const anyCluster = fc.record({
  size: fc.integer({ min: 1, max: 4 }),
  maxUnavailable: fc.integer({ min: 1, max: 3 }),
  surge: fc.boolean(),
  /** Node of each pod. */
  pods: fc.array(fc.nat(3), { maxLength: 6 }),
  minAvailable: fc.option(fc.nat(6)),
  ownersCordon: fc.option(fc.nat(3)),
});
const anyFaults = fc.record({
  cuts: fc.array(fc.record({ turn: fc.nat(150), how: fc.constantFrom('before' as const, 'after' as const) }), { maxLength: 4 }),
  fails: fc.array(fc.nat(150), { maxLength: 3 }),
  falls: fc.array(fc.record({ turn: fc.nat(150), node: fc.nat(4) }), { maxLength: 2 }),
  wish: fc.option(fc.record({ turn: fc.nat(150), intent: fc.constantFrom<Intent>('pause', 'cancel') })),
  refuses: fc.option(fc.record({ node: fc.nat(4), how: fc.constantFrom('ends' as const, 'never-ready' as const) })),
});

function build(drawn: typeof anyCluster extends fc.Arbitrary<infer C> ? C : never): World {
  const { size, maxUnavailable, surge } = drawn;
  const world = aWorld({ release: young, nodegroups: [aGroup('blue', size, { maxUnavailable, surge })] });
  world.pods.push(
    ...drawn.pods.map((node, index) => ({
      name: `web-${index}`,
      app: 'web',
      node: `blue-${(node % size) + 1}`,
      movingUntilMs: null,
    })),
  );
  if (drawn.minAvailable !== null) world.budgets.push({ name: 'web', app: 'web', minAvailable: drawn.minAvailable });
  if (drawn.ownersCordon !== null) memberOf(world, `blue-${(drawn.ownersCordon % size) + 1}`).cordoned = 'owner';
  return world;
}

function nobodyIsCordonedByUs(world: World): void {
  expect(
    ofKind(world, 'node')
      .filter((node) => node.cordoned === 'ours')
      .map(({ spec }) => spec.name),
  ).toEqual([]);
}

describe('decide, over random node groups', () => {
  it('takes no node with a pod on it, leaves nobody cordoned, keeps what owners cordoned, and always ends', () => {
    fc.assert(
      fc.property(anyCluster, anyFaults, (drawn, faults) => {
        const world = build(drawn);
        const nodes = ofKind(world, 'node');
        const refusing = faults.refuses === null ? undefined : nodes[faults.refuses.node % nodes.length]?.spec.name;
        if (refusing !== undefined)
          world.starts = (start) => (start === `${refusing} 1.37+eks.2` ? (faults.refuses?.how ?? 'ready') : 'ready');
        const owners = nodes.filter((node) => node.cordoned === 'owner').map(({ spec }) => spec.name);
        const end = run(world, {
          plan,
          cutOff: (turn) => faults.cuts.find((cut) => cut.turn === turn)?.how ?? null,
          failing: (_act, turn) => faults.fails.includes(turn),
          intent: (turn) => (faults.wish !== null && turn >= faults.wish.turn ? faults.wish.intent : 'go'),
          before: (current, turn) => {
            for (const fall of faults.falls.filter((candidate) => candidate.turn === turn)) {
              const node = ofKind(current, 'node')[fall.node % nodes.length];
              if (node?.process === 'running') node.process = 'stopped';
            }
          },
        });
        expect(world.violations).toEqual([]);
        nobodyIsCordonedByUs(world);
        const { move } = end.last;
        const declared = ofKind(world, 'node').filter(({ spec }) => !spec.surge);
        if (move.do === 'done' && move.as === 'done')
          expect(declared.map(({ release }) => release)).toEqual(declared.map(() => young));
        if (move.do === 'returned') expect(declared.map(({ release }) => release)).toEqual(declared.map(() => old));
        const others = declared.filter(({ spec }) => owners.includes(spec.name) && spec.name !== refusing);
        if (faults.falls.length === 0) expect(others.map(({ cordoned }) => cordoned)).toEqual(others.map(() => 'owner'));
        world.starts = () => 'ready';
        world.budgets = [];
        const ended = move.do === 'returned' || (move.do === 'done' && move.as !== 'paused');
        const again = run(world, { plan, generation: 2, ...(ended ? {} : { ledger: end.last.ledger }) });
        expect(world.violations).toEqual([]);
        nobodyIsCordonedByUs(world);
        // One that was paused while it was walked back tells that first.
        const turned = again.last.move.do === 'stop';
        const last = turned ? run(world, { plan, generation: 3, ledger: again.last.ledger }).last : again.last;
        expect(['done', 'returned']).toContain(last.move.do);
        nobodyIsCordonedByUs(world);
      }),
      thorough,
    );
  });
});
