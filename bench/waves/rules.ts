import { type DecideInput, emptyLedger, type Ledger, type SeenElasticsearch } from '../../src/domain/index.ts';
import { split } from '../../src/engines/elasticsearch/decide/allocation.ts';
import {
  aWorld,
  observe,
  passedTrials,
  planOf,
  shardOn,
  type World,
  worldCluster,
} from '../../src/engines/elasticsearch/decide/testing.ts';
import { decide } from '../../src/engines/elasticsearch/index.ts';
import type { DrawnCluster } from './draw.ts';

/** Names of the members of each wave, in order. */
export type Waves = readonly (readonly string[])[];

/** Turns that one wave takes at the most: settle, freeze, take, thaw, and some to spare. */
const turnsPerWave = 10;

export function oneByOne(cluster: DrawnCluster): Waves {
  return ordered(cluster).map((name) => [name]);
}

/**
 * In each round every member that shares no shard with one that is taken already, whoever else holds copies; one
 * master-eligible member at a time, the elected one last, and one member of each role stays.
 */
export function pairwise(cluster: DrawnCluster): Waves {
  const held = heldShards(cluster);
  const roles = new Map(cluster.nodes.map((node) => [node.name, node.roles]));
  let left = ordered(cluster);
  const waves: string[][] = [];
  while (left.length > 0) {
    const wave: string[] = [];
    const shards = new Set<number>();
    for (const name of left) {
      const own = roles.get(name) ?? [];
      if (name === cluster.elected && left.length > 1) continue;
      if (own.includes('master') && wave.some((other) => roles.get(other)?.includes('master'))) continue;
      if ((held.get(name) ?? []).some((shard) => shards.has(shard))) continue;
      const away = new Set([...wave, name]);
      if (own.some((role) => cluster.nodes.every((node) => away.has(node.name) || !node.roles.includes(role)))) continue;
      wave.push(name);
      for (const shard of held.get(name) ?? []) shards.add(shard);
    }
    // Nobody may go by the rule: then one goes alone, as it would with one at a time.
    if (wave.length === 0) wave.push(left[0] ?? '');
    left = left.filter((name) => !wave.includes(name));
    waves.push(wave);
  }
  return waves;
}

/** What `decide` takes, turn after turn, while everything that it asks for succeeds at once. */
export function ourWaves(cluster: DrawnCluster): Waves {
  const world = aWorld(
    cluster.nodes,
    cluster.shards.flatMap((nodes, index) => shardOn(`i${index}`, ...nodes)),
  );
  world.master = cluster.elected;
  const plan = planOf();
  const described = worldCluster(world, { awarenessAttribute: cluster.zoned ? 'zone' : null });
  const waves: (readonly string[])[] = [];
  let ledger: Ledger = emptyLedger;
  for (let turn = 0; turn < turnsPerWave * (cluster.nodes.length + 1); turn += 1) {
    const input: DecideInput<SeenElasticsearch> = {
      cluster: described,
      catalog: { engine: 'elasticsearch', releases: [], edges: [] },
      plan,
      observation: observe(world),
      ledger,
      intent: 'go',
      generation: 1,
      trials: passedTrials(world, plan),
      now: new Date(world.nowMs).toISOString(),
    };
    const { move, ledger: next } = decide(input);
    ledger = next;
    world.nowMs += move.do === 'wait' ? Math.max(move.lookAgainAfterMs, 5_000) : 1_000;
    if (move.do === 'done') return waves;
    if (move.do === 'stop') throw new Error(`our planner stops: ${move.because.says}`);
    if (move.do !== 'act') continue;
    world.acts.push(move.move);
    if (move.move === 'freeze' || move.move === 'thaw') setSettings(world, move.parameters);
    if (move.move !== 'lift-member') continue;
    const names = move.on.map((identity) => identity.name);
    waves.push(names);
    for (const node of world.nodes.filter(({ spec }) => names.includes(spec.name))) {
      node.release = { version: move.parameters.version ?? '', build: move.parameters.build ?? null };
      node.launches += 1;
    }
    ledger = { ...ledger, marks: [...new Set([...ledger.marks, ...(move.marksWhenDone ?? [])])] };
  }
  throw new Error('our planner did not come to an end');
}

function setSettings(world: World, parameters: Readonly<Record<string, string | null>>): void {
  for (const [key, value] of Object.entries(parameters)) {
    const { level, name } = split(key);
    if (value === null) delete world[level][name];
    else world[level][name] = value;
  }
}

/** What a wave would take from a cluster that it must not lose: the last copy of a shard, or the majority of masters. */
export function lostBy(cluster: DrawnCluster, wave: readonly string[]): readonly string[] {
  const away = new Set(wave);
  const copies = cluster.shards.flatMap((nodes, index) =>
    nodes.length > 1 && nodes.every((name) => away.has(name)) ? [`every copy of shard ${index} with ${wave.join(', ')}`] : [],
  );
  const masters = cluster.nodes.filter((node) => node.roles.includes('master'));
  const staying = masters.filter((node) => !away.has(node.name)).length;
  return staying * 2 > masters.length ? copies : [...copies, `the quorum with ${wave.join(', ')}`];
}

/** Data before masters, the elected one last. */
function ordered({ nodes, elected }: DrawnCluster): readonly string[] {
  const rank = ({ name, roles }: DrawnCluster['nodes'][number]) => Number(roles.includes('master')) + Number(name === elected);
  return [...nodes].sort((a, b) => rank(a) - rank(b)).map((node) => node.name);
}

function heldShards({ shards }: DrawnCluster): ReadonlyMap<string, readonly number[]> {
  const held = new Map<string, number[]>();
  for (const [index, nodes] of shards.entries())
    for (const name of nodes) {
      const own = held.get(name);
      if (own === undefined) held.set(name, [index]);
      else own.push(index);
    }
  return held;
}
