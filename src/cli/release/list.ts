import type { Command } from 'commander';
import { Releases } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../output/table.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly engine: string;
}

export function addReleaseList(release: Command, run: Run): void {
  release
    .command('list')
    .description('List the releases, and which can be reached from which')
    .option('--engine <name>', 'the engine whose releases to list', 'elasticsearch')
    .addHelpText('after', examples('clusterlift release list'))
    .action(run<[Options]>(list));
}

async function list({ api, paint, print }: Session, { engine }: Options) {
  const answer = await api.get(`/releases?${new URLSearchParams({ engine })}`, Releases);
  await print(answer, ({ releases, edges }) =>
    table(
      paint,
      ['VERSION', 'JAVA', 'BUILDS', 'NEXT'],
      releases.map(({ version, java, builds }) => [
        version,
        java === null ? 'its own' : `${java.min}-${java.max}`,
        builds.length === 0 ? '-' : builds.join(', '),
        edges
          .filter((edge) => edge.from === version)
          .map((edge) => (edge.mode === 'rolling' ? edge.to : `${edge.to} (${edge.mode})`))
          .join(', ') || '-',
      ]),
    ),
  );
  return exitCodes.ok;
}
