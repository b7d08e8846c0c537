import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aWorld, nodeSpec, planOf, type World, type WorldCopy, worldCluster } from './testing.ts';
import { run, stopAll } from './testing-run.ts';

/** CLUSTERLIFT_SEED repeats an earlier run, as everywhere; without it every run draws other clusters. */
const given = process.env.CLUSTERLIFT_SEED ?? '';
const thorough = { numRuns: 300, ...(given === '' ? {} : { seed: Number(given) }) };

/** Random clusters: 3 to 9 nodes, with or without zones, random copies of random shards, some of them missing. */
const anyWorld = fc
  .record({
    size: fc.integer({ min: 3, max: 9 }),
    zoned: fc.boolean(),
    masters: fc.integer({ min: 3, max: 5 }),
    shards: fc.array(
      fc.record({
        copies: fc.integer({ min: 1, max: 4 }),
        offset: fc.nat(20),
        stride: fc.integer({ min: 1, max: 4 }),
        missing: fc.nat(2),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ size, zoned, masters, shards }) => {
    const specs = Array.from({ length: size }, (_, index) =>
      nodeSpec(`n${index + 1}`, {
        zone: zoned ? `z${index % 3}` : null,
        roles: index < Math.max(3, Math.min(masters, size)) ? ['master', 'data'] : ['data'],
      }),
    );
    const copies = shards.flatMap(({ copies: count, offset, stride, missing }, number): WorldCopy[] => {
      const holders = [...new Set(Array.from({ length: count }, (_, copy) => (offset + copy * stride) % size))];
      const held = holders.map((holder, copy) => ({
        index: `i${number}`,
        shard: 0,
        primary: copy === 0,
        node: `n${holder + 1}`,
        blockedBy: null,
      }));
      const unheld = Array.from({ length: missing }, () => ({
        index: `i${number}`,
        shard: 0,
        primary: false,
        node: null,
        blockedBy: ['same_shard'],
      }));
      return [...held, ...unheld];
    });
    return { world: aWorld(specs, copies), zoned };
  });

function clusterOf(world: World, zoned: boolean) {
  return worldCluster(world, { awarenessAttribute: zoned ? 'zone' : null });
}

describe('decide, over random clusters', () => {
  it('never takes a last copy or a quorum, always ends, and ends clean', () => {
    fc.assert(
      fc.property(anyWorld, ({ world: drawn, zoned }) => {
        const world = structuredClone(drawn);
        const end = run(world, { cluster: clusterOf(world, zoned), plan: planOf() });
        expect(world.violations).toEqual([]);
        expect(['done', 'stop']).toContain(end.last.move.do);
        expect(world.persistent).toEqual({});
        if (end.last.move.do === 'done')
          expect(world.nodes.every((node) => node.launches === 2 && node.release.version === '5.6.16')).toBe(true);
        else expect(world.nodes.every((node) => node.joined)).toBe(true);
      }),
      thorough,
    );
  });

  it('keeps those promises when turns are cut off, nodes fall over and owners change their minds', () => {
    const faults = fc.record({
      cuts: fc.array(fc.nat(60), { maxLength: 4 }),
      falls: fc.array(fc.record({ turn: fc.nat(40), node: fc.nat(8) }), { maxLength: 1 }),
      pauseAt: fc.option(fc.nat(40)),
      intent: fc.constantFrom('pause' as const, 'cancel' as const),
    });
    fc.assert(
      fc.property(anyWorld, faults, ({ world: drawn, zoned }, { cuts, falls, pauseAt, intent }) => {
        const world = structuredClone(drawn);
        const fallen: string[] = [];
        const end = run(world, {
          cluster: clusterOf(world, zoned),
          plan: planOf(),
          cutOff: (turn) => cuts.includes(turn),
          intent: (turn) => (pauseAt !== null && turn >= pauseAt ? intent : 'go'),
          before: (current, turn) => {
            const name = falls.find((fall) => fall.turn === turn)?.node;
            const node = name === undefined ? undefined : current.nodes[name % current.nodes.length];
            // A fall while everybody is there is the world's doing, not ours: what it costs is forgotten.
            if (node?.joined !== true || current.nodes.some((other) => !other.joined)) return;
            stopAll(current, [node.spec.name]);
            current.violations.length = 0;
            fallen.push(node.spec.name);
          },
        });
        expect(world.violations).toEqual([]);
        expect(world.persistent).toEqual({});
        const { move } = end.last;
        for (const { spec } of move.do === 'done' ? world.nodes.filter((node) => !node.joined) : []) {
          // Who cancels is told of a member that fell by itself and whose start was cut off, and is not asked again.
          expect(fallen).toContain(spec.name);
          expect(move).toMatchObject({ as: 'cancelled', says: expect.stringContaining(`${spec.name} does not start`) });
        }
        expect(world.nodes.filter((node) => !fallen.includes(node.spec.name)).every((node) => node.launches <= 2)).toBe(true);
      }),
      thorough,
    );
  });
});
