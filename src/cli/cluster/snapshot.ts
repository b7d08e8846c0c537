import type { Command } from 'commander';
import { TakenSnapshot } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { findCluster } from '../find.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly repository?: string;
}

export function addClusterSnapshot(cluster: Command, run: Run): void {
  cluster
    .command('snapshot')
    .summary('Take a snapshot: the way back from an upgrade')
    .description('Take a snapshot of every index. It is the way back from an upgrade, so a plan asks for a recent one.')
    .argument('<cluster>', 'its id or its name')
    .option('--repository <name>', 'the repository to write to; without it the first one')
    .addHelpText('after', examples('clusterlift cluster snapshot logs'))
    .action(run<[string, Options]>(snapshot));
}

async function snapshot(session: Session, idOrName: string, { repository }: Options) {
  const { id } = await findCluster(session, idOrName);
  const body = repository === undefined ? {} : { repository };
  const taken = await session.api.post(`/clusters/${encodeURIComponent(id)}/snapshots`, body, TakenSnapshot);
  await session.print(taken, (shown) =>
    'says' in shown ? `${shown.says}\n` : `Snapshot ${shown.snapshot} in repository ${shown.repository}: ${shown.state}.\n`,
  );
  return exitCodes.ok;
}
