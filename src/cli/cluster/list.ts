import type { Command } from 'commander';
import { type Cluster, Clusters } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { paintWord } from '../output/paint.ts';
import { table } from '../output/table.ts';
import { showMoment, showOrigin, showRelease } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

export function addClusterList(cluster: Command, run: Run): void {
  cluster
    .command('list')
    .description('List the clusters under care')
    .addHelpText(
      'after',
      examples('clusterlift cluster list', 'clusterlift cluster list --output wide', 'clusterlift cluster list --output json'),
    )
    .action(run<[object]>(list));
}

async function list({ api, paint, print, output }: Session) {
  const isWide = output === 'wide';
  await print(await api.get('/clusters', Clusters), ({ clusters }) => {
    if (clusters.length === 0) return 'There are no clusters yet. Add one: clusterlift cluster add FILE\n';
    return table(
      paint,
      ['NAME', 'ID', 'STATUS', 'RELEASE', 'NODES', 'ORIGIN', ...(isWide ? wideHeads : []), 'DESCRIPTION'],
      clusters.map((cluster) => [
        cluster.name,
        cluster.id,
        paintWord(paint, cluster.status),
        showRelease(cluster.release),
        String(cluster.nodes.length),
        showOrigin(cluster),
        ...(isWide ? wideCells(cluster) : []),
        cluster.description,
      ]),
    );
  });
  return exitCodes.ok;
}

const wideHeads = ['ENGINE', 'REGION', 'ZONES', 'ADDED', 'UPGRADE', 'WHY'];

function wideCells({ engine, region, nodes, createdAt, upgradeId, statusReason }: Cluster): readonly string[] {
  const zones = [...new Set(nodes.flatMap(({ zone }) => zone ?? []))];
  return [engine, region, zones.join(', ') || '-', showMoment(createdAt), upgradeId ?? '-', statusReason ?? '-'];
}
