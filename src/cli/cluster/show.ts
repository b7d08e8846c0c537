import type { Command } from 'commander';
import { type Cluster, Trials } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { findCluster } from '../find.ts';
import { type Paint, paintWord } from '../output/paint.ts';
import { properties, table } from '../output/table.ts';
import { showMoment, showOrigin, showRelease } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

export function addClusterShow(cluster: Command, run: Run): void {
  cluster
    .command('show')
    .description('Show one cluster with its nodes and its trial starts')
    .argument('<cluster>', 'its id or its name')
    .addHelpText('after', examples('clusterlift cluster show logs'))
    .action(run<[string, object]>(show));
}

type Shown = Cluster & Trials;

async function show(session: Session, idOrName: string) {
  const cluster = await findCluster(session, idOrName);
  const { trials } = await session.api.get(`/clusters/${encodeURIComponent(cluster.id)}/trials`, Trials);
  await session.print({ ...cluster, trials }, (shown) => rendered(session.paint, shown));
  return exitCodes.ok;
}

function rendered(paint: Paint, cluster: Shown): string {
  const nodes = table(
    paint,
    ['NODE', 'ZONE', 'ROLES', 'HOST', 'URL'],
    cluster.nodes.map((node) => [node.name, node.zone ?? '-', node.roles.join(', '), node.host, node.url]),
  );
  return `${paint('bold', cluster.name)}\n${head(paint, cluster)}\n${nodes}${trialStarts(paint, cluster.trials)}`;
}

function head(paint: Paint, cluster: Cluster): string {
  const tags = Object.entries(cluster.tags).map(([key, value]) => `${key}=${value}`);
  const behind = (cluster.behindBalancer ?? []).map(({ name, at }) => `${at} (${name})`);
  const where = (name: string, value: string | null): [string, string][] =>
    value === null || value === '' ? [] : [[name, value]];
  const removal = cluster.origin === 'created' ? 'removing it stops and erases it' : 'removing it only forgets it';
  return properties(paint, [
    ['id', cluster.id],
    ...where('description', cluster.description),
    ['status', paintWord(paint, cluster.status) + (cluster.statusReason === null ? '' : `: ${cluster.statusReason}`)],
    ['release', showRelease(cluster.release)],
    ['engine', cluster.engine],
    ['origin', `${showOrigin(cluster)} (${removal})`],
    ['region', cluster.region],
    ...where('endpoint', cluster.endpoint ?? null),
    ...where('behind it', behind.join(', ')),
    ...where('tags', tags.join(', ')),
    ['added', showMoment(cluster.createdAt)],
    ...where('upgrade', cluster.upgradeId),
    ...where('to be erased', cluster.deleteAfter === null ? null : showMoment(cluster.deleteAfter)),
  ]);
}

function trialStarts(paint: Paint, trials: Trials['trials']): string {
  if (trials.length === 0) return '';
  const rows = trials.map(({ key, outcome }) => {
    const words = outcome.because ?? outcome.lastLines?.at(-1) ?? '';
    return [showRelease(key.release), key.member, paintWord(paint, outcome.kind), words];
  });
  return `\n${table(paint, ['TRIAL START OF', 'AS NODE', 'STATE', ''], rows)}`;
}
