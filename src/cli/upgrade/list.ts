import type { Command } from 'commander';
import { Clusters, type Upgrade, Upgrades } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameOf, pickCluster } from '../find.ts';
import { limits } from '../limits.ts';
import { paintWord } from '../output/paint.ts';
import { table } from '../output/table.ts';
import { secondsBetween, showMoment, showRelease, showSeconds } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly cluster?: string;
  readonly all?: boolean;
}

export function addUpgradeList(upgrade: Command, run: Run): void {
  upgrade
    .command('list')
    .description('List the unfinished upgrades, newest first')
    .option('--cluster <cluster>', 'of this cluster only, its id or its name')
    .option('--all', 'those that have ended, too')
    .addHelpText('after', examples('clusterlift upgrade list', 'clusterlift upgrade list --cluster logs --all'))
    .action(run<[Options]>(list));
}

async function list(session: Session, options: Options) {
  const { api, paint } = session;
  const isWide = session.output === 'wide';
  const { clusters } = await api.get('/clusters', Clusters);
  const query = new URLSearchParams({ limit: String(limits.pageSize) });
  if (options.all !== true) query.set('unfinished', 'true');
  if (options.cluster !== undefined) query.set('clusterId', pickCluster(clusters, options.cluster).id);
  const upgrades = await everyPage(session, query);
  await session.print({ upgrades }, (shown) => {
    if (shown.upgrades.length === 0) return emptyList(options);
    return table(
      paint,
      [
        'ID',
        'CLUSTER',
        'FROM',
        'TO',
        'STATUS',
        'STARTED',
        'TOOK',
        ...(isWide ? ['BY', 'HOP', 'IN HAND', 'ACCEPTED'] : []),
        'WHY',
      ],
      shown.upgrades.map((upgrade) => [
        upgrade.id,
        nameOf(clusters, upgrade.clusterId),
        showRelease(upgrade.from),
        showRelease(upgrade.to),
        paintWord(paint, upgrade.status),
        showMoment(upgrade.createdAt),
        upgrade.endedAt === null ? '-' : showSeconds(secondsBetween(upgrade.createdAt, upgrade.endedAt)),
        ...(isWide ? wideCells(upgrade) : []),
        upgrade.reason?.says ?? '',
      ]),
    );
  });
  return exitCodes.ok;
}

async function everyPage({ api, note }: Session, query: URLSearchParams): Promise<readonly Upgrade[]> {
  const upgrades: Upgrade[] = [];
  for (let page = 0; page < limits.pages; page += 1) {
    const answer = await api.get(`/upgrades?${query}`, Upgrades);
    upgrades.push(...answer.upgrades);
    if (answer.next === null) return upgrades;
    query.set('before', answer.next);
  }
  note(`There are more than ${upgrades.length} upgrades; the oldest are left out. Name a cluster with --cluster.`);
  return upgrades;
}

function emptyList({ all, cluster }: Options): string {
  const where = cluster === undefined ? '' : ` of ${cluster}`;
  return all === true
    ? `There are no upgrades${where}.\n`
    : `There are no unfinished upgrades${where}; --all lists those that have ended.\n`;
}

function wideCells({ startedBy, hop, hops, inHand, acknowledged }: Upgrade): readonly string[] {
  const which = hops === null ? '-' : `${hop + 1} of ${hops}`;
  return [startedBy, which, inHand.join(', ') || '-', acknowledged.join(', ') || '-'];
}
