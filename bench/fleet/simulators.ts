/**
 * The process of the simulated clusters: worlds with a few clusters each, which come up before it says where they are.
 * Each has three nodes: one with a single node is away while that is lifted, which is a hazard that nothing starts with.
 */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { ElasticsearchSpec } from '../../src/domain/index.ts';
import { type Simulator, startSimulator } from '../../src/simulators/elasticsearch/index.ts';

export interface FleetWanted {
  readonly clusters: number;
  readonly version: string;
  /** Simulated milliseconds in a real one. */
  readonly speed: number;
  readonly seed: number;
  /** Of several such processes each has clusters and worlds of its own. */
  readonly firstCluster: number;
}

/** One line on the standard output: the hosts by their keys, and what the owners of the clusters would declare. */
export interface FleetTold {
  readonly hosts: Readonly<Record<string, string>>;
  readonly specs: readonly ElasticsearchSpec[];
}

/** Many clusters in one world cost each other time, many worlds a clock each. */
const clustersPerWorld = 25;

const wanted = JSON.parse(process.argv[2] ?? '') as FleetWanted;
const nowMs = () => performance.timeOrigin + performance.now();
const firstWorld = Math.ceil(wanted.firstCluster / clustersPerWorld);
const simulators: Simulator[] = [];
const hosts: Record<string, string> = {};
const specs: ElasticsearchSpec[] = [];

function nodesOf(number: number): readonly { readonly name: string }[] {
  return Array.from({ length: 3 }, (_, index) => ({ name: `c${number}-n${index + 1}` }));
}

/** Each world has a loopback address of its own: one has ports for about two thousand clusters of this size only. */
function addressOf(world: number): string {
  return `127.${40 + Math.floor(world / 250)}.${(world % 250) + 1}.1`;
}

// World after world: ports of one are known to be taken by the next only once something listens there.
for (let first = 0; first < wanted.clusters; first += clustersPerWorld) {
  const seed = wanted.seed + wanted.firstCluster + first;
  const simulator = await startSimulator({
    ...{ port: 0, seed, speed: wanted.speed, nowMs, portSeed: seed },
    address: addressOf(firstWorld + simulators.length),
  });
  simulators.push(simulator);
  const key = `simulated-${firstWorld + simulators.length}`;
  hosts[key] = simulator.url;
  const count = Math.min(clustersPerWorld, wanted.clusters - first);
  const made = await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const number = wanted.firstCluster + first + index;
      const nodes = nodesOf(number);
      const indices = [{ name: 'orders', shards: 2, replicas: 1 }];
      return simulator.addCluster({ name: `fleet-${number}`, version: wanted.version, nodes, indices });
    }),
  );
  specs.push(...made.map((spec) => ({ ...spec, nodes: spec.nodes.map((node) => ({ ...node, host: key })) })));
}
process.stdout.write(`${JSON.stringify({ hosts, specs } satisfies FleetTold)}\n`);

const say = () => simulators.flatMap((simulator) => simulator.violations.map((violation) => violation.says));
process.stdin.on('data', () => process.stdout.write(`${JSON.stringify(say())}\n`));
process.stdin.on('end', () => process.exit(0));
