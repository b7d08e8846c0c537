import type { Command } from 'commander';
import { type Cluster, RemovedCluster } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { findCluster } from '../find.ts';
import { counted, printable } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly yes?: boolean;
}

export function addClusterRemove(cluster: Command, run: Run): void {
  cluster
    .command('remove')
    .summary('Remove a cluster')
    .description(
      'Remove a cluster. A registered one is only forgotten: it runs on as it is. A created one is stopped and erased with all its data.',
    )
    .argument('<cluster>', 'its id or its name')
    .option('--yes', 'erase a created cluster without asking')
    .addHelpText('after', examples('clusterlift cluster remove logs', 'clusterlift cluster remove scratch --yes'))
    .action(run<[string, Options]>(remove));
}

async function remove(session: Session, idOrName: string, options: Options) {
  const cluster = await findCluster(session, idOrName);
  const erases = cluster.origin !== 'registered';
  if (erases && options.yes !== true) await confirmed(session, printable(cluster));
  const answer = await session.api.delete(`/clusters/${encodeURIComponent(cluster.id)}`, RemovedCluster);
  await session.print(answer, ({ says }) => `${says}\n`);
  return exitCodes.ok;
}

async function confirmed({ shell }: Session, cluster: Cluster): Promise<void> {
  const warning = `Cluster ${cluster.name} was created here: its ${counted(cluster.nodes.length, 'node')} would be stopped and all its data erased.`;
  const answer = await shell.ask(`${warning}\nType its name to go on: `);
  if (answer?.trim() === cluster.name) return;
  throw new Failure(
    exitCodes.usage,
    answer === null ? warning : 'Nothing was removed.',
    answer === null ? { remedy: 'There is no terminal to ask at; say so with --yes.' } : {},
  );
}
