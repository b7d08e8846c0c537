import { join } from 'node:path';
import process from 'node:process';
import { elasticsearchProgram } from '../../simulators/elasticsearch/index.ts';
import { startSimulation } from '../../simulators/index.ts';
import { kubernetesProgram } from '../../simulators/kubernetes/index.ts';
import { keptIn } from './kept.ts';
import { hasRecord, readRecord, writeRecord } from './record.ts';

const lookMs = 2_000;
/** Without a cluster it is kept that long for a server that asks nothing. */
const idleMs = 60_000;

/** The process of the simulator. It ends when its folder is gone, when another has taken its place, or when nobody needs it. */
export async function runSimulator(folder: string, port: number): Promise<void> {
  const simulation = await startSimulation({
    port,
    seed: 1,
    portSeed: process.pid,
    programs: [elasticsearchProgram, kubernetesProgram],
    kept: keptIn(join(folder, 'clusters')),
  });
  writeRecord(folder, { pid: process.pid, port: simulation.port });
  const end = async () => {
    clearInterval(looking);
    await simulation.close();
    process.exit(0);
  };
  const looking = setInterval(() => {
    const unneeded = simulation.clusters() === 0 && simulation.quietMs() > idleMs;
    if (unneeded || !isOurs(folder)) void end();
  }, lookMs);
  process.on('SIGTERM', () => void end());
  process.stdout.write(`The simulated host answers at ${simulation.url}.\n`);
}

/** A record that cannot be read at the moment, for want of file handles, say, is no reason to end every cluster. */
function isOurs(folder: string): boolean {
  const record = readRecord(folder);
  return record === null ? hasRecord(folder) : record.pid === process.pid;
}
