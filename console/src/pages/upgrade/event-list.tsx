import { useState } from 'react';
import { Button, Icon, type IconName, type Tone } from '../../components/index.ts';
import { shortDuration } from './axis.ts';
import { shortened } from './long-text.ts';
import type { Entry } from './story.ts';
import './event-list.css';

/** More are asked for by a person. */
const shownAtFirst = 60;
/** What is over at once needs no time told. */
const toldFromMs = 100;
const evidenceShown = 6;

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly says: string;
}

const looks: Readonly<Record<string, Look>> = {
  started: { tone: 'busy', icon: 'play', says: 'started' },
  resumed: { tone: 'busy', icon: 'play', says: 'resumed' },
  asked: { tone: 'idle', icon: 'eye', says: 'asked' },
  acting: { tone: 'busy', icon: 'up', says: 'acting' },
  acted: { tone: 'ok', icon: 'check', says: 'acted' },
  refused: { tone: 'warn', icon: 'cross', says: 'refused' },
  failed: { tone: 'bad', icon: 'cross', says: 'failed' },
  waiting: { tone: 'busy', icon: 'clock', says: 'waiting' },
  paused: { tone: 'warn', icon: 'pause', says: 'paused' },
  gated: { tone: 'warn', icon: 'gate', says: 'at a gate' },
  stopped: { tone: 'bad', icon: 'stop', says: 'stopped' },
  done: { tone: 'ok', icon: 'check', says: 'done' },
  cancelled: { tone: 'idle', icon: 'cross', says: 'cancelled' },
  returned: { tone: 'warn', icon: 'back', says: 'went back' },
};
const remark: Look = { tone: 'idle', icon: 'dot', says: 'remark' };

interface Props {
  /** In the order in which they are to be shown. */
  readonly entries: readonly Entry[];
  readonly all?: boolean;
}

export function EventList({ entries, all = false }: Props) {
  const [isAsked, setAsked] = useState(all);
  const isWhole = isAsked || entries.length <= shownAtFirst;
  const shown = isWhole ? entries : entries.slice(0, shownAtFirst);
  return (
    <>
      <ol className="events">
        {shown.map((entry) => (
          <EventItem key={entry.seq} entry={entry} />
        ))}
      </ol>
      {isWhole && isCutOff(entries) ? <p className="hint">Its oldest events are not kept any more.</p> : null}
      {shown.length < entries.length ? (
        <Button kind="quiet" onClick={() => setAsked(true)}>
          Show all {entries.length}
        </Button>
      ) : null}
    </>
  );
}

/** Of an upgrade with very many events the oldest go. */
function isCutOff(entries: readonly Entry[]): boolean {
  return entries.length > 0 && !entries.some(({ word }) => word === 'started');
}

function EventItem({ entry }: { readonly entry: Entry }) {
  const look = looks[entry.word] ?? remark;
  const { reason } = entry;
  const { says, whole } = shortened(entry.says);
  const tookMs = entry.endedAt === null ? 0 : Date.parse(entry.endedAt) - Date.parse(entry.at);
  const what = [entry.move, reason?.code].filter((code) => typeof code === 'string').join(' · ');
  return (
    <li className="event">
      <time className="event-at" dateTime={entry.at} title={entry.at}>
        {clockText(entry.at)}
      </time>
      <span className={`event-kind tone-${look.tone}`}>
        <Icon name={look.icon} />
        {look.says}
      </span>
      <div className="event-says">
        <div className="event-line">
          <p>{says}</p>
          <p className="note-code">
            {what === '' ? null : <code>{what}</code>}
            {entry.actor === null ? null : ` by ${entry.actor}`}
            {tookMs < toldFromMs ? null : ` ${entry.kind === 'move' ? 'took' : 'for'} ${shortDuration(tookMs)}`}
          </p>
        </div>
        {whole === null ? null : (
          <details>
            <summary className="hint">All of it</summary>
            <p>{whole}</p>
          </details>
        )}
        {entry.outcome === null ? null : <p className="event-outcome">{entry.outcome}</p>}
        {reason === null || entry.kind === 'end' ? null : <p className="event-outcome">Cleared by: {reason.clearedBy}</p>}
        <Evidence lines={reason?.evidence ?? []} />
      </div>
    </li>
  );
}

function Evidence({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  const list = (
    <ul className="evidence">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
  if (lines.length <= evidenceShown) return list;
  return (
    <details>
      <summary className="hint">What was seen: {lines.length} lines</summary>
      {list}
    </details>
  );
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

function clockText(at: string): string {
  return clock.format(new Date(at));
}
