/**
 * One hop of three nodes, lifted by Clusterlift and by a bare script, one after the other in the same run, several rounds,
 * taking turns at going first. Prints wall times and the ratio, with and without the trial start's own time.
 */
import { join } from 'node:path';
import process from 'node:process';
import { Documents } from '../test/load/index.ts';
import { endProcessesOf, makeStateFolder, removeStateFolder, type ServerRig, startServer } from '../test/rig/index.ts';
import { BareCluster } from './bare-cluster.ts';
import { fillCluster } from './data.ts';
import { ratioOf, showRatio } from './figures.ts';
import { type Lifted, LiftedCluster } from './lifted-cluster.ts';

const from = process.env.BENCH_FROM ?? '6.7.0';
const to = process.env.BENCH_TO ?? '6.8.23';
const rounds = Number(process.env.BENCH_ROUNDS ?? '3');
const heapMb = 256;
const goalWithoutTrial = 0.95;
const goalWithTrial = 1.1;

async function lifted(server: ServerRig, round: number): Promise<Lifted> {
  const cluster = await LiftedCluster.create(server, { name: `bench-hop-${round}`, version: from, nodes: 3, zones: 1, heapMb });
  await fillCluster(cluster.nodes.urls, from, new Documents());
  const result = await cluster.hop(to);
  await cluster.end();
  return result;
}

async function bare(folder: string): Promise<number> {
  const cluster = await BareCluster.start({ stateFolder: join(folder, 'bare'), nodes: 3, zones: 1, heapMb }, from);
  await fillCluster(cluster.urls, from, new Documents());
  await cluster.prefetch(to);
  const seconds = await cluster.hop(to);
  await cluster.end();
  return seconds;
}

const folder = await makeStateFolder('bench');
let failed = false;
try {
  const server = await startServer({ stateFolder: folder });
  const results: { ours: Lifted; theirs: number }[] = [];
  console.log(`${from} → ${to}, three nodes, ${heapMb} MB heap, ${rounds} rounds\n`);
  console.log('round   Clusterlift   with the trial   bare script');
  for (let round = 1; round <= rounds; round += 1) {
    const oursFirst = round % 2 === 1;
    const before = oursFirst ? await lifted(server, round) : null;
    const theirs = await bare(folder);
    const ours = before ?? (await lifted(server, round));
    results.push({ ours, theirs });
    const cells = [
      `${ours.seconds.toFixed(1)} s`.padStart(11),
      `${(ours.seconds + ours.trialSeconds).toFixed(1)} s`.padStart(14),
    ];
    console.log(`${String(round).padEnd(5)}   ${cells.join('   ')}   ${`${theirs.toFixed(1)} s`.padStart(11)}`);
  }
  const without = results.map(({ ours, theirs }) => ({ ours: ours.seconds, theirs }));
  const withTrial = results.map(({ ours, theirs }) => ({ ours: ours.seconds + ours.trialSeconds, theirs }));
  console.log('');
  console.log(showRatio(ratioOf('Clusterlift / bare script, without the trial', without, goalWithoutTrial)));
  console.log(showRatio(ratioOf('Clusterlift / bare script, with the trial', withTrial, goalWithTrial)));
  await server.stop();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  failed = true;
} finally {
  await endProcessesOf(folder);
  await removeStateFolder(folder);
}
process.exit(failed ? 1 : 0);
