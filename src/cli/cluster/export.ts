import type { Command } from 'commander';
import { ExportedObservation } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { findCluster } from '../find.ts';
import { printable } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly file?: string;
  readonly anonymous: boolean;
}

export function addClusterExport(cluster: Command, run: Run): void {
  cluster
    .command('export')
    .summary('Write one look at a cluster to a file, to rehearse it elsewhere')
    .description(
      'Look at a cluster once, and write what is seen to a file that any server can rehearse (clusterlift rehearse --from). What looks like a secret is scrubbed: read the file before you hand it on.',
    )
    .argument('<cluster>', 'its id or its name')
    .option('--file <file>', 'where to; without it to standard output')
    .option('--anonymous', 'with other names of nodes, indices and the like', false)
    .addHelpText(
      'after',
      examples('clusterlift cluster export logs --file logs.json', 'clusterlift cluster export logs --anonymous > cluster.json'),
    )
    .action(run<[string, Options]>(exportObservation));
}

async function exportObservation(session: Session, idOrName: string, { file, anonymous }: Options): Promise<ExitCode> {
  const cluster = await findCluster(session, idOrName);
  const path = `/clusters/${encodeURIComponent(cluster.id)}/observation/export${anonymous ? '?anonymous=true' : ''}`;
  const exported = await session.api.get(path, ExportedObservation);
  const text = `${JSON.stringify(exported, null, 1)}\n`;
  if (file === undefined) {
    // What may steer a terminal is escaped in JSON already, but for what stands behind ASCII.
    await session.print(exported, () => text.split('\n').map(printable).join('\n'));
    return exitCodes.ok;
  }
  try {
    await session.shell.writeFile(file, text);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new Failure(exitCodes.usage, `The cluster was looked at, and ${file} cannot be written: ${because}`);
  }
  session.note(`What was seen of ${printable(cluster.name)} is in ${file}. Read it before you hand it on.`);
  return exitCodes.ok;
}
