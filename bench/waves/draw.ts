import type { ElasticsearchNodeSpec } from '../../src/domain/index.ts';
import { nodeSpec } from '../../src/engines/elasticsearch/decide/testing.ts';

export interface DrawnCluster {
  readonly nodes: readonly ElasticsearchNodeSpec[];
  readonly zoned: boolean;
  /** Name of the elected master. */
  readonly elected: string;
  /** Of each shard the nodes that hold a copy, the primary's first. */
  readonly shards: readonly (readonly string[])[];
}

export interface Wanted {
  readonly size: number;
  /** 1: none. */
  readonly zones: number;
  readonly replicas: number;
}

/** From this size on clusters have three masters that hold no data. */
const dedicatedMastersFrom = 15;
const shardsPerNode = { min: 2, max: 6 } as const;

/** Nodes spread over the zones, copies where chance puts them; each copy of a shard in a zone of its own where there are zones. */
export function drawCluster({ size, zones, replicas }: Wanted, chance: () => number): DrawnCluster {
  const masters = size >= dedicatedMastersFrom ? 3 : Math.min(3, size);
  const roles = (index: number): ElasticsearchNodeSpec['roles'] => {
    if (index >= masters) return ['data', 'ingest'];
    return size >= dedicatedMastersFrom ? ['master'] : ['master', 'data', 'ingest'];
  };
  const zoned = zones > 1;
  const nodes = Array.from({ length: size }, (_, index) =>
    nodeSpec(`n${index + 1}`, { zone: zoned ? `z${(index % zones) + 1}` : null, roles: roles(index) }),
  );
  const data = nodes.filter((node) => node.roles.includes('data'));
  const perNode = shardsPerNode.min + Math.floor(chance() * (shardsPerNode.max - shardsPerNode.min + 1));
  const count = Math.max(1, Math.floor((data.length * perNode) / (replicas + 1)));
  const shards = Array.from({ length: count }, () => holders(data, replicas + 1, zoned, chance));
  const elected = nodes[Math.floor(chance() * masters)]?.name ?? '';
  return { nodes, zoned, elected, shards };
}

function holders(
  data: readonly ElasticsearchNodeSpec[],
  copies: number,
  zoned: boolean,
  chance: () => number,
): readonly string[] {
  const chosen: ElasticsearchNodeSpec[] = [];
  while (chosen.length < copies) {
    const free = data.filter((node) => !chosen.includes(node) && !(zoned && chosen.some((other) => other.zone === node.zone)));
    const next = free[Math.floor(chance() * free.length)];
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen.map((node) => node.name);
}

/** The same numbers between 0 and 1 for the same seed (mulberry32). */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
