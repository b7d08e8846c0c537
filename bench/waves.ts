/**
 * Rounds and time of our planner beside two simpler rules, on random clusters of 3 to 300 nodes: one member after the other,
 * and the pairwise rule (no two members that hold copies of one shard). Nothing is started: the real `decide` is asked, turn
 * after turn, about clusters that are plain values. Every wave of every rule is checked: a copy of each shard and a quorum stay.
 *
 * The pairwise rule is given no limit of its own, so it takes half of a cluster that has no zones at once: that is quick and
 * leaves half of the machines to do the work. Ours takes several members only inside one zone.
 */
import process from 'node:process';
import { waveSeconds } from '../src/engines/elasticsearch/pace.ts';
import { median } from './figures.ts';
import { type DrawnCluster, drawCluster, seededChance } from './waves/draw.ts';
import { lostBy, oneByOne, ourWaves, pairwise, type Waves } from './waves/rules.ts';

const seed = Number(process.env.CLUSTERLIFT_SEED ?? 20);
const sizes = [3, 5, 9, 15, 30, 60, 100, 200, 300];
const clustersPerRow = Number(process.env.BENCH_CLUSTERS ?? 3);
const layouts = [
  { name: 'no zones', zones: 1, replicas: 1 },
  { name: 'no zones', zones: 1, replicas: 2 },
  { name: '3 zones', zones: 3, replicas: 1 },
  { name: '3 zones', zones: 3, replicas: 2 },
];
/** Times are what the planner expects of this version, measured on real nodes (`pace.ts`). */
const version = '8.19.21';

interface Row {
  readonly rounds: number;
  readonly seconds: number;
}

function rowOf(waves: Waves): Row {
  return { rounds: waves.length, seconds: waves.reduce((sum, wave) => sum + waveSeconds(version, wave.length), 0) };
}

function middle(rows: readonly Row[]): Row {
  return { rounds: median(rows.map(({ rounds }) => rounds)), seconds: median(rows.map(({ seconds }) => seconds)) };
}

/** The waves of one rule, all of which must be safe and together everybody once. */
function checked(rule: string, cluster: DrawnCluster, waves: Waves): Row {
  const lost = waves.flatMap((wave) => lostBy(cluster, wave));
  if (lost.length > 0) throw new Error(`${rule} takes ${lost[0]}`);
  const taken = new Set(waves.flat());
  if (taken.size !== cluster.nodes.length || waves.flat().length !== taken.size)
    throw new Error(`${rule} does not take everybody once`);
  return rowOf(waves);
}

function shown({ rounds, seconds }: Row): string {
  return `${String(rounds).padStart(6)} ${`${(seconds / 60).toFixed(1)} min`.padStart(10)}`;
}

console.log(
  `CLUSTERLIFT_SEED=${seed}, the median of ${clustersPerRow} random clusters a row; minutes at the pace of ${version}\n`,
);
console.log(
  '                                   one by one          pairwise              ours      ours / one by one  ours / pairwise',
);
console.log(
  'nodes  layout    copies  shards  rounds       time   rounds       time   rounds       time       time             time',
);
const chance = seededChance(seed);
const shares: { readonly zones: number; readonly ofOne: number; readonly ofPairs: number }[] = [];
for (const size of sizes) {
  for (const { name, zones, replicas } of layouts) {
    const drawn = Array.from({ length: clustersPerRow }, () => drawCluster({ size, zones, replicas }, chance));
    const one = middle(drawn.map((cluster) => checked('one by one', cluster, oneByOne(cluster))));
    const pairs = middle(drawn.map((cluster) => checked('the pairwise rule', cluster, pairwise(cluster))));
    const ours = middle(drawn.map((cluster) => checked('our planner', cluster, ourWaves(cluster))));
    const [ofOne, ofPairs] = [ours.seconds / one.seconds, ours.seconds / pairs.seconds];
    shares.push({ zones, ofOne, ofPairs });
    const shards = median(drawn.map((cluster) => cluster.shards.length));
    console.log(
      `${String(size).padStart(5)}  ${name.padEnd(8)}  ${String(replicas + 1).padStart(6)}  ${String(shards).padStart(6)}  ${shown(one)}  ${shown(pairs)}  ${shown(ours)}  ${ofOne.toFixed(2).padStart(9)}        ${ofPairs.toFixed(2).padStart(9)}`,
    );
  }
}
console.log('');
for (const zones of [1, 3]) {
  const rows = shares.filter((share) => share.zones === zones);
  console.log(
    `${zones === 1 ? 'without zones' : 'three zones'}: median ${median(rows.map((row) => row.ofOne)).toFixed(2)} of the time of one by one, ${median(rows.map((row) => row.ofPairs)).toFixed(2)} of that of the pairwise rule`,
  );
}
