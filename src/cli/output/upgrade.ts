import type { Reason, Upgrade, UpgradeEvent } from '../api/wire.ts';
import { type Paint, paintWord } from './paint.ts';
import { padded } from './table.ts';
import { secondsBetween, showClock, showRelease, showSeconds } from './words.ts';

const kindWidth = 'cancelled'.length;
const subjectWidth = 12;

/** One line an event: when, what, about whom, and why. Evidence follows below it. */
export function renderEvent(paint: Paint, event: UpgradeEvent): string {
  const { reason } = event;
  const kind = padded(paintWord(paint, event.kind), kindWidth);
  const subject = event.members.length > 0 ? event.members.join(', ') : (reason?.subject ?? '');
  // What to do about a stop is said where the upgrade rests: by then it may be history.
  const clearedBy = event.kind === 'waiting' && reason !== null ? ` Cleared by: ${reason.clearedBy}` : '';
  const codes = [event.move, reason?.code].filter((code) => typeof code === 'string');
  const code = codes.length === 0 ? '' : `  ${paint('dim', codes.join(' '))}`;
  const line = `${paint('dim', showClock(event.at))}  ${kind}  ${subject.padEnd(subjectWidth)}  ${event.says}${clearedBy}${code}\n`;
  return line + renderEvidence(paint, reason);
}

export function renderEvidence(paint: Paint, reason: Reason | null): string {
  return (reason?.evidence ?? []).map((line) => `    ${paint('dim', `| ${line}`)}\n`).join('');
}

/** How it ended, and what to do where that is not the end of the matter. */
export function renderEnd(paint: Paint, upgrade: Upgrade, clusterName: string): string {
  const { status, reason, id } = upgrade;
  const took = showSeconds(secondsBetween(upgrade.createdAt, upgrade.endedAt ?? upgrade.updatedAt));
  const why = reason === null ? '' : `: ${reason.says}`;
  const remedy = reason === null || reason.clearedBy === '' ? '' : `What to do: ${reason.clearedBy}\n`;
  switch (status) {
    case 'done':
      return `${paint('green', 'Done.')} ${clusterName} runs ${showRelease(upgrade.to)}, after ${took}.\n`;
    case 'stopped':
      return `${paint('red', 'Stopped for a person')}${why}\n${remedy}Then: clusterlift upgrade resume ${id}\n`;
    case 'gated':
      return `${paint('yellow', 'At a gate')}${why}\nGo on: clusterlift upgrade continue ${id}\n`;
    case 'paused':
      return `${paint('yellow', 'Paused')}${why}\nGo on: clusterlift upgrade resume ${id}\n`;
    case 'cancelled':
      return `${paint('yellow', 'Cancelled')}${why} after ${took}. Members may run different versions; the same target takes it up again.\n`;
    case 'returned':
      return `${paint('red', 'Went back by itself')}${why}\nEverything runs as before. ${remedy}`;
    default:
      return `It is ${status}${why}\n`;
  }
}
