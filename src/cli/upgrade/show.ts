import type { Command } from 'commander';
import { type Upgrade, type UpgradeEvent, UpgradeEvents } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { findNameOf, findUpgrade } from '../find.ts';
import { limits } from '../limits.ts';
import { renderFindings } from '../output/findings.ts';
import { type Paint, paintWord } from '../output/paint.ts';
import { properties } from '../output/table.ts';
import { renderEvent, renderEvidence } from '../output/upgrade.ts';
import { printable, secondsBetween, showMoment, showSeconds, showWay } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { upgradeArgument } from './wish.ts';

export function addUpgradeShow(upgrade: Command, run: Run): void {
  upgrade
    .command('show')
    .summary('Show one upgrade')
    .description('Show one upgrade: where it is, what it waits for or why it does not run, and what happened last.')
    .argument('<upgrade>', upgradeArgument)
    .addHelpText('after', examples('clusterlift upgrade show logs'))
    .action(run<[string, object]>(show));
}

const lastEvents = 10;

async function show(session: Session, idOrCluster: string) {
  const { paint } = session;
  const upgrade = await findUpgrade(session, idOrCluster);
  const name = await findNameOf(session, upgrade.clusterId);
  const events = await everyEvent(session, upgrade.id);
  await session.print({ ...upgrade, events }, (shown) => {
    const last = shown.events.slice(-lastEvents);
    const heading = shown.events.length > last.length ? `Last ${last.length} of ${shown.events.length} events` : 'Events';
    return `${head(paint, shown, printable(name))}\n${paint('bold', heading)}\n${last.map((event) => renderEvent(paint, event)).join('')}`;
  });
  return exitCodes.ok;
}

async function everyEvent({ api }: Session, upgradeId: string): Promise<readonly UpgradeEvent[]> {
  const events: UpgradeEvent[] = [];
  for (let page = 0; page < limits.pages; page += 1) {
    const query = new URLSearchParams({ after: String(events.at(-1)?.seq ?? 0), limit: String(limits.pageSize) });
    const answer = await api.get(`/upgrades/${upgradeId}/events?${query}`, UpgradeEvents);
    events.push(...answer.events);
    if (answer.events.length < limits.pageSize) break;
  }
  return events;
}

function head(paint: Paint, upgrade: Upgrade, clusterName: string): string {
  const { reason } = upgrade;
  const where = (name: string, value: string): [string, string][] => (value === '' ? [] : [[name, value]]);
  const intent = upgrade.status === 'running' && upgrade.intent !== 'go' ? ` (asked to ${upgrade.intent})` : '';
  const ended = upgrade.endedAt;
  const lines = properties(paint, [
    ['cluster', clusterName],
    ['status', paintWord(paint, upgrade.status) + intent],
    ...where(upgrade.status === 'running' ? 'waits for' : 'why', reason?.says ?? ''),
    ...where(upgrade.status === 'running' ? 'cleared by' : 'what to do', reason?.clearedBy ?? ''),
    ...where('reason', reason === null ? '' : `${reason.code} ${reason.subject}`),
    ...where('hop', upgrade.hops === null || ended !== null ? '' : `${upgrade.hop + 1} of ${upgrade.hops}`),
    ...where('in hand', upgrade.inHand.join(', ')),
    ['started', `${showMoment(upgrade.createdAt)} by ${upgrade.startedBy}`],
    ...where(
      'ended',
      ended === null ? '' : `${showMoment(ended)}, after ${showSeconds(secondsBetween(upgrade.createdAt, ended))}`,
    ),
    ['plan', upgrade.planId],
    ...where('accepted', upgrade.acknowledged.join(', ')),
  ]);
  const evidence = renderEvidence(paint, reason);
  const recorded =
    upgrade.recorded.length === 0
      ? ''
      : `\n${paint('bold', 'Recorded at the start')}\n${renderFindings(paint, upgrade.recorded, upgrade.hops ?? 1)}`;
  return `${paint('bold', `Upgrade ${upgrade.id}: ${showWay(upgrade.from, upgrade.to)}`)}\n${lines}${evidence === '' ? '' : `\n${paint('bold', 'Evidence')}\n${evidence}`}${recorded}`;
}
