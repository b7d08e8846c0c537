/** The events of an upgrade as a person reads them: a move with its outcome is one line, a wait lasts until the next thing. */
import type { HappenedEvent } from './takings.ts';

export interface StoryReason {
  readonly code: string;
  readonly subject: string;
  readonly says: string;
  readonly clearedBy: string;
  readonly evidence?: readonly string[];
}

/** What is read of an event. */
export interface StoryEvent extends HappenedEvent {
  readonly says: string;
  readonly reason: StoryReason | null;
  readonly actor: string | null;
}

export type EntryKind = 'move' | 'wait' | 'rest' | 'end' | 'asked' | 'remark';

export interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly kind: EntryKind;
  /** The word of its last event: `acting` for a move that goes on, `acted`, `refused` or `failed` for one that is over. */
  readonly word: string;
  readonly move: string | null;
  readonly members: readonly string[];
  readonly says: string;
  /** What came of a move. */
  readonly outcome: string | null;
  readonly reason: StoryReason | null;
  readonly actor: string | null;
  /** Null while it lasts, and for what takes no time. */
  readonly endedAt: string | null;
  readonly lasts: boolean;
}

const kinds: Readonly<Record<string, EntryKind>> = {
  acting: 'move',
  acted: 'move',
  refused: 'move',
  failed: 'move',
  waiting: 'wait',
  stopped: 'rest',
  gated: 'rest',
  paused: 'rest',
  done: 'end',
  cancelled: 'end',
  returned: 'end',
  started: 'asked',
  resumed: 'asked',
  asked: 'asked',
};

export function storyOf(events: readonly StoryEvent[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const event of events) {
    const kind = kinds[event.kind] ?? 'remark';
    const open = entries.findLastIndex((entry) => entry.lasts);
    const latest = entries[open];
    if (latest !== undefined && isOutcome(event) && latest.move === event.move && latest.word === 'acting') {
      entries[open] = { ...latest, word: event.kind, outcome: event.says, reason: event.reason, endedAt: event.at, lasts: false };
      continue;
    }
    // A remark, or what a person asks for, ends neither a move nor a wait.
    if (latest !== undefined && kind !== 'remark' && event.kind !== 'asked')
      entries[open] = { ...latest, endedAt: event.at, lasts: false };
    entries.push(entryOf(event, kind));
  }
  return entries;
}

function isOutcome({ kind }: StoryEvent): boolean {
  return kind === 'acted' || kind === 'refused' || kind === 'failed';
}

function entryOf({ seq, at, kind: word, move, members, says, reason, actor }: StoryEvent, kind: EntryKind): Entry {
  const lasts = word === 'acting' || kind === 'wait' || kind === 'rest';
  return { seq, at, kind, word, move, members, says, reason, actor, outcome: null, endedAt: null, lasts };
}

/** Since when it waits for what it waits for now; that it is told of in other words meanwhile begins no new wait. */
export function waitingSince(entries: readonly Entry[], code: string): string | null {
  const latest = entries.findLastIndex(({ kind }) => kind === 'wait' || kind === 'rest');
  if (entries[latest]?.lasts !== true) return null;
  let since: string | null = null;
  for (let index = latest; index >= 0; index -= 1) {
    const { kind, reason, at } = entries[index] ?? {};
    if (kind === 'remark' || kind === 'asked') continue;
    if ((kind !== 'wait' && kind !== 'rest') || reason?.code !== code) break;
    since = at ?? since;
  }
  return since;
}
