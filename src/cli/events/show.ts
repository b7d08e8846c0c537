import { type Command, InvalidArgumentError } from 'commander';
import { goesAway } from '../api/follow.ts';
import { Clusters, type Upgrade, type UpgradeEvent, UpgradeEvents, Upgrades } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { nameOf, pickCluster } from '../find.ts';
import { limits } from '../limits.ts';
import { renderEvent } from '../output/upgrade.ts';
import { printable } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import { isForPeople, type Session, serialized } from '../session.ts';

interface Options {
  readonly follow?: boolean;
  readonly last: number;
}

export function addEvents(program: Command, run: Run): void {
  program
    .command('events')
    .summary('Say what has happened, of one cluster or of all')
    .description('Say what has happened in upgrades, oldest first: of one cluster, or of every cluster.')
    .argument('[cluster]', 'its id or its name; without it, every cluster')
    .option('-f, --follow', 'go on as things happen, until Ctrl-C; restarts of the server are ridden out')
    .option('--last <count>', 'how many events to begin with', count, 20)
    .addHelpText(
      'after',
      `
With --output json each event is one line, with the id of its upgrade and the name of its cluster.
${examples('clusterlift events', 'clusterlift events logs --last 100', 'clusterlift events --follow --output json')}`,
    )
    .action(run<[string | undefined, Options]>(events));
}

const mostEvents = 10_000;

function count(text: string): number {
  const wanted = Number(text);
  if (Number.isInteger(wanted) && wanted >= 0 && wanted <= mostEvents) return wanted;
  throw new InvalidArgumentError(`It is not a number from 0 to ${mostEvents}.`);
}

interface Told {
  readonly cluster: string;
  readonly upgradeId: string;
  readonly event: UpgradeEvent;
}

async function events(session: Session, clusterName: string | undefined, options: Options): Promise<ExitCode> {
  const seen = new Map<string, number>();
  const first = await newEvents(session, clusterName, seen, null);
  const shown = options.last === 0 ? [] : first.slice(-options.last);
  await tell(session, shown);
  if (options.follow !== true) {
    if (first.length === 0) session.note('Nothing has happened yet.');
    return exitCodes.ok;
  }
  const stop = new AbortController();
  const forgetInterrupt = session.shell.onInterrupt(() => stop.abort());
  const since = session.shell.now().toISOString();
  try {
    let isAway = false;
    while (!stop.signal.aborted) {
      await session.shell.pause(limits.eventsAgainMs, stop.signal);
      if (stop.signal.aborted) break;
      try {
        await tell(session, await newEvents(session, clusterName, seen, since));
        if (isAway) session.note('The connection is back.');
        isAway = false;
      } catch (error) {
        if (!(error instanceof Failure) || !goesAway(error)) throw error;
        if (!isAway) session.note(`The connection is lost (${error.message}). Trying again.`);
        isAway = true;
      }
    }
  } finally {
    forgetInterrupt();
  }
  return exitCodes.interrupted;
}

/** Behind what was seen of each upgrade, in the order of time. `since`: upgrades that ended before it have told everything. */
async function newEvents(
  session: Session,
  clusterName: string | undefined,
  seen: Map<string, number>,
  since: string | null,
): Promise<readonly Told[]> {
  const { api } = session;
  const { clusters } = await api.get('/clusters', Clusters);
  const query = new URLSearchParams({ limit: String(limits.pageSize) });
  if (clusterName !== undefined) query.set('clusterId', pickCluster(clusters, clusterName).id);
  const { upgrades } = await api.get(`/upgrades?${query}`, Upgrades);
  const told: Told[] = [];
  for (const upgrade of upgrades) {
    if (since !== null && seen.has(upgrade.id) && endedBefore(upgrade, since)) continue;
    for (const event of await eventsBehind(session, upgrade.id, seen.get(upgrade.id) ?? 0))
      told.push({ cluster: nameOf(clusters, upgrade.clusterId), upgradeId: upgrade.id, event });
    seen.set(upgrade.id, told.findLast(({ upgradeId }) => upgradeId === upgrade.id)?.event.seq ?? seen.get(upgrade.id) ?? 0);
  }
  return told.sort((a, b) => Date.parse(a.event.at) - Date.parse(b.event.at));
}

function endedBefore({ endedAt }: Upgrade, since: string): boolean {
  return endedAt !== null && Date.parse(endedAt) < Date.parse(since);
}

async function eventsBehind({ api }: Session, upgradeId: string, seq: number): Promise<readonly UpgradeEvent[]> {
  const all: UpgradeEvent[] = [];
  for (let page = 0; page < limits.pages; page += 1) {
    const query = new URLSearchParams({ after: String(all.at(-1)?.seq ?? seq), limit: String(limits.pageSize) });
    const answer = await api.get(`/upgrades/${encodeURIComponent(upgradeId)}/events?${query}`, UpgradeEvents);
    all.push(...answer.events);
    if (answer.events.length < limits.pageSize) break;
  }
  return all;
}

async function tell({ shell, output, paint }: Session, events: readonly Told[]): Promise<void> {
  for (const { cluster, upgradeId, event } of events)
    shell.out.write(
      isForPeople(output)
        ? `${paint('bold', printable(cluster))}  ${renderEvent(paint, printable(event))}`
        : await serialized({ cluster, upgradeId, ...event }, output, 'lines'),
    );
}
