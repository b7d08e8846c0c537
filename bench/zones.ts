/**
 * Nine nodes in three zones, one hop: zone after zone where the cluster keeps its copies apart by zone, beside one node
 * after the other where it does not. 6.7.0 → 6.8.23, because nine of these start in a minute on two cores.
 */
import process from 'node:process';
import { Documents } from '../test/load/index.ts';
import { endProcessesOf, makeStateFolder, removeStateFolder, type ServerRig, startServer } from '../test/rig/index.ts';
import { fillCluster } from './data.ts';
import { ratioOf, showRatio } from './figures.ts';
import { type Lifted, LiftedCluster } from './lifted-cluster.ts';

const from = process.env.BENCH_FROM ?? '6.7.0';
const to = process.env.BENCH_TO ?? '6.8.23';
const nodes = 9;
const heapMb = 256;
const goal = 0.8;

async function lifted(server: ServerRig, name: string, zones: number): Promise<Lifted> {
  const cluster = await LiftedCluster.create(server, { name, version: from, nodes, zones, heapMb });
  await fillCluster(cluster.nodes.urls, from, new Documents());
  const result = await cluster.hop(to);
  console.log(
    `${name.padEnd(24)} ${String(result.waves.length).padStart(6)} ${`${result.seconds.toFixed(1)} s`.padStart(10)}   ${showWaves(result)}`,
  );
  await cluster.end();
  return result;
}

function showWaves(result: Lifted): string {
  return result.waves.map((wave) => wave.join('+')).join(' ');
}

const folder = await makeStateFolder('bench');
let failed = false;
try {
  const server = await startServer({ stateFolder: folder });
  console.log(`${from} → ${to}, ${nodes} nodes\n`);
  console.log(`${''.padEnd(24)} rounds    seconds   waves`);
  const oneByOne = await lifted(server, 'one-zone', 1);
  const byZone = await lifted(server, 'three-zones', 3);
  console.log('');
  console.log(showRatio(ratioOf('zone by zone / one by one', [{ ours: byZone.seconds, theirs: oneByOne.seconds }], goal)));
  await server.stop();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  failed = true;
} finally {
  await endProcessesOf(folder);
  await removeStateFolder(folder);
}
process.exit(failed ? 1 : 0);
