import { type Command, Option } from 'commander';
import { Releases } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Paint } from '../output/paint.ts';
import { table } from '../output/table.ts';
import { showDay } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly engine: string;
}

type Release = Releases['releases'][number];
type Edge = Releases['edges'][number];

export function addReleaseList(release: Command, run: Run): void {
  release
    .command('list')
    .description('List the releases, how long they are supported, and which can be reached from which')
    .addOption(
      new Option('--engine <name>', 'the engine whose releases to list')
        .choices(['elasticsearch', 'kubernetes'])
        .default('elasticsearch'),
    )
    .addHelpText(
      'after',
      `
With --output wide it says as well when each was released, and what a way from it requires and does not lead back from.
${examples('clusterlift release list', 'clusterlift release list --engine kubernetes', 'clusterlift release list --output wide')}`,
    )
    .action(run<[Options]>(list));
}

async function list({ api, paint, print, output, shell }: Session, { engine }: Options) {
  const answer = await api.get(`/releases?${new URLSearchParams({ engine })}`, Releases);
  await print(answer, ({ releases, edges }) => {
    const columns = columnsFor(releases, edges, output === 'wide', paint, shell.now());
    return table(
      paint,
      columns.map(({ head }) => head),
      releases.map((release) => columns.map(({ cell }) => cell(release))),
    );
  });
  return exitCodes.ok;
}

interface Column {
  readonly head: string;
  cell(release: Release): string;
}

/** A column that would say nothing of any release is left out. */
function columnsFor(
  releases: readonly Release[],
  edges: readonly Edge[],
  wide: boolean,
  paint: Paint,
  now: Date,
): readonly Column[] {
  const until = (day: string | null | undefined) => showUntil(paint, day ?? null, now);
  const from = ({ version }: Release) => edges.filter((edge) => edge.from === version);
  const place = (version: string) => releases.findIndex((release) => release.version === version);
  const isBack = ({ from: one, to }: Edge) => place(to) !== -1 && place(to) < place(one);
  const ways = (release: Release, back: boolean) =>
    from(release)
      .filter((edge) => isBack(edge) === back)
      .map(showEdge);
  const hasJava = releases.some(({ java }) => java !== null);
  const hasDates = releases.some(({ endOfStandardSupport }) => (endOfStandardSupport ?? null) !== null);
  const java: Column = { head: 'JAVA', cell: (release) => showJava(release) };
  const dates: Column[] = [
    ...(wide ? [{ head: 'RELEASED', cell: ({ releasedAt }: Release) => showDay(releasedAt ?? null) }] : []),
    { head: 'SUPPORTED UNTIL', cell: ({ endOfStandardSupport }) => until(endOfStandardSupport) },
    { head: 'EXTENDED UNTIL', cell: ({ endOfExtendedSupport }) => until(endOfExtendedSupport) },
  ];
  const more: Column[] = [
    {
      head: 'REQUIRES',
      cell: (release) =>
        joined(
          from(release).flatMap(({ requires }) => requires),
          '; ',
        ),
    },
    {
      head: 'NO WAY BACK',
      cell: (release) =>
        joined(
          from(release).flatMap(({ oneWayDoors }) => oneWayDoors),
          '; ',
        ),
    },
  ];
  return [
    { head: 'VERSION', cell: ({ version }) => version },
    ...(hasJava ? [java] : []),
    ...(hasDates ? dates : []),
    { head: 'BUILDS', cell: ({ builds }) => joined(builds, ', ') },
    { head: 'NEXT', cell: (release) => joined(ways(release, false), ', ') },
    ...(edges.some(isBack) ? [{ head: 'BACK TO', cell: (release: Release) => joined(ways(release, true), ', ') }] : []),
    ...(wide ? more : []),
  ];
}

function showJava({ java }: Release): string {
  return java === null ? 'its own' : `${java.min}-${java.max}`;
}

function showEdge({ to, mode }: Edge): string {
  return mode === 'rolling' ? to : `${to} (${mode})`;
}

function joined(texts: readonly string[], by: string): string {
  return [...new Set(texts)].join(by) || '-';
}

function showUntil(paint: Paint, day: string | null, now: Date): string {
  if (day === null) return '-';
  return Date.parse(day) > now.getTime() ? showDay(day) : paint('red', `${showDay(day)} (over)`);
}
