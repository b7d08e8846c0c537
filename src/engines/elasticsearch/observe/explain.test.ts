import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineIo, SeenElasticsearch } from '../../../domain/index.ts';
import { settledVerdict } from '../decide/index.ts';
import { aWorld, from, nodeSpec, observe, to, worldCluster } from '../decide/testing.ts';
import { explain, explainQuestionsMax, toldByTable } from './explain.ts';

const given = process.env.CLUSTERLIFT_SEED ?? '';
const thorough = { numRuns: 300, ...(given === '' ? {} : { seed: Number(given) }) };
/** What an answer names for a node that says nothing against a copy. */
const nobody = 'awareness';

interface Drawn {
  readonly nodes: readonly { readonly data: boolean; readonly lifted: boolean }[];
  readonly shards: readonly { readonly holders: readonly number[]; readonly missing: number }[];
}

const anyTable = fc.integer({ min: 1, max: 6 }).chain((size) =>
  fc.record({
    nodes: fc.array(fc.record({ data: fc.boolean(), lifted: fc.boolean() }), { minLength: size, maxLength: size }),
    shards: fc.array(
      fc.record({ holders: fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), missing: fc.integer({ min: 0, max: 3 }) }),
      { maxLength: 60 },
    ),
  }),
);

function seenOf({ nodes, shards }: Drawn): SeenElasticsearch {
  const specs = nodes.map(({ data }, index) => nodeSpec(`n${index}`, { roles: data ? ['master', 'data'] : ['master'] }));
  const copies = shards.flatMap(({ holders, missing }, number) => {
    const held = [...holders.map((holder) => `n${holder}`), ...Array<null>(missing).fill(null)];
    return held.map((node, position) => ({ index: `i${number}`, shard: 0, primary: position === 0, node, blockedBy: null }));
  });
  const world = aWorld(specs, copies);
  for (const [index, node] of world.nodes.entries()) node.release = nodes[index]?.lifted === true ? to : from;
  const { cluster } = observe(world);
  if (cluster.kind !== 'seen') throw new Error('the world is seen');
  return cluster.seen;
}

/** Node by node as the cluster decides: who says no to a replica, and with which rule; null: this node may hold it. */
function decisionsOf({ nodes, shards }: Drawn, number: number): readonly (string | null)[] {
  const holders = shards[number]?.holders ?? [];
  const onNew = nodes[holders[0] ?? 0]?.lifted === true;
  return nodes.flatMap(({ data, lifted }, index) => {
    if (!data) return [];
    if (holders.includes(index)) return ['same_shard'];
    return [onNew && !lifted ? 'node_version' : null];
  });
}

const cluster = worldCluster(aWorld([nodeSpec('n0')]));

function answering(drawn: Drawn, asked: string[]): EngineIo {
  return {
    http: async ({ body }) => {
      const { index, primary } = JSON.parse(body ?? '{}') as { index: string; primary: boolean };
      asked.push(`${index} ${primary}`);
      const deciders = primary ? ['no_valid_shard_copy'] : decisionsOf(drawn, Number(index.slice(1))).map((one) => one ?? nobody);
      const decisions = deciders.map((decider) => ({ deciders: [{ decider, decision: 'NO' }] }));
      return { status: 200, body: JSON.stringify({ node_allocation_decisions: decisions }) };
    },
    hosts: () => undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    pause: () => Promise.resolve(),
  };
}

describe('why copies are unassigned', () => {
  it('is told by the table exactly where every data node says no by what the table holds, over random tables', () => {
    fc.assert(
      fc.property(anyTable, (drawn) => {
        const told = toldByTable(seenOf(drawn));
        drawn.shards.forEach(({ holders, missing }, number) => {
          const decisions = decisionsOf(drawn, number);
          const decided = holders.length > 0 && missing > 0 && decisions.length > 0 && !decisions.includes(null);
          expect(told.get(`i${number}/0 replica`)).toEqual(decided ? [...new Set(decisions)].sort() : undefined);
          expect(told.has(`i${number}/0 primary`)).toBe(false);
        });
      }),
      thorough,
    );
  });

  it('is what the cluster would answer, with each shard asked about once at the most and never more than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (drawn) => {
        const seen = seenOf(drawn);
        const asked: string[] = [];
        const shards = await explain(cluster, answering(drawn, asked), seen);
        expect(asked).toHaveLength(new Set(asked).size);
        expect(asked.length).toBeLessThanOrEqual(explainQuestionsMax);
        expect(shards.map(({ blockedBy: _, ...copy }) => copy)).toEqual(seen.shards.map(({ blockedBy: _, ...copy }) => copy));
        for (const copy of shards) {
          if (copy.state !== 'UNASSIGNED' || copy.primary || copy.blockedBy === null) continue;
          const decisions = decisionsOf(drawn, Number(copy.index.slice(1))).map((one) => one ?? nobody);
          expect(copy.blockedBy).toEqual([...new Set(decisions)].sort());
        }
      }),
      thorough,
    );
  });

  it('is known of a thousand copies between two releases without a question, and the cluster is settled', async () => {
    const nodes = [true, false, false].map((lifted) => ({ data: true, lifted }));
    const drawn = { nodes, shards: Array.from({ length: 1_000 }, () => ({ holders: [0], missing: 1 })) };
    const seen = seenOf(drawn);
    const asked: string[] = [];
    const shards = await explain(cluster, answering(drawn, asked), seen);
    expect(asked).toEqual([]);
    expect(new Set(shards.filter((copy) => !copy.primary).map((copy) => copy.blockedBy?.join()))).toEqual(
      new Set(['node_version,same_shard']),
    );
    expect(settledVerdict({ ...seen, shards })).toMatchObject({ settled: true });
  });

  it('is not told by a table that lacks a node of the cluster', () => {
    const seen = seenOf({ nodes: [{ data: true, lifted: true }], shards: [{ holders: [0], missing: 1 }] });
    expect(toldByTable(seen).size).toBe(1);
    expect(toldByTable({ ...seen, health: { ...seen.health, numberOfNodes: 2 } }).size).toBe(0);
  });
});
