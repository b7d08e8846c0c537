import type { Command } from 'commander';
import { Releases, Upgrades } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { findCluster } from '../find.ts';
import { unlessAlreadyThere } from '../nothing-to-do.ts';
import { showRelease } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { addAcknowledge, start } from './start.ts';

interface Options {
  readonly acknowledge?: readonly string[];
  readonly watch?: boolean;
}

export function addUpgradeRollback(upgrade: Command, run: Run): void {
  addAcknowledge(
    upgrade
      .command('rollback')
      .summary('Take a cluster back to the release of before its latest upgrade')
      .description(
        'Take a cluster back to the release that it ran before its latest upgrade. It is an upgrade of its own, planned and ' +
          'checked like any other. Elasticsearch has no way back.',
      )
      .argument('<cluster>', 'its id or its name'),
  )
    .option('--watch', 'watch it to its end')
    .addHelpText('after', examples('clusterlift upgrade rollback shop --watch'))
    .action(run<[string, Options]>((session, ...args) => unlessAlreadyThere(session, () => rollback(session, ...args))));
}

async function rollback(session: Session, name: string, options: Options): Promise<ExitCode> {
  const cluster = await findCluster(session, name);
  const query = new URLSearchParams({ clusterId: cluster.id, limit: '1' });
  const latest = (await session.api.get(`/upgrades?${query}`, Upgrades)).upgrades[0];
  if (latest === undefined)
    throw new Failure(exitCodes.error, `Cluster ${cluster.name} has never been upgraded here: there is nothing to take back.`);
  if (latest.endedAt === null)
    throw new Failure(exitCodes.error, `The upgrade of ${cluster.name} has not ended; its status is ${latest.status}.`, {
      remedy: `Cancel it first, then take it back: clusterlift upgrade cancel ${latest.id}`,
    });
  const { version, build } = latest.from;
  await refuseWhereThereIsNoWay(session, cluster.engine, cluster.release.version, latest.from.version);
  session.note(`Back to ${showRelease(latest.from)}, which ${cluster.name} ran before the upgrade ${latest.id}.`);
  return start(session, cluster.id, version, { ...options, ...(build === null ? {} : { build }) });
}

async function refuseWhereThereIsNoWay({ api }: Session, engine: string, from: string, to: string): Promise<void> {
  if (from === to) return;
  const { edges } = await api.get(`/releases?${new URLSearchParams({ engine })}`, Releases);
  if (edges.some((edge) => edge.from === from && edge.to === to)) return;
  throw new Failure(exitCodes.error, `There is no way back from ${from} to ${to}.`, {
    remedy:
      engine === 'elasticsearch'
        ? 'A node of Elasticsearch never starts at an older version; the way back is a snapshot, restored into a new cluster.'
        : 'See which ways there are: clusterlift release list --engine kubernetes',
  });
}
