/** Events of upgrades as tests need them, in the order in which a server tells them. */
import type { StoryEvent } from './story.ts';

export const begin = Date.parse('2026-11-24T09:00:00.000Z');

export function instant(second: number): string {
  return new Date(begin + second * 1_000).toISOString();
}

type Short = readonly [
  second: number,
  kind: string,
  move?: string | null,
  members?: readonly string[],
  more?: Partial<StoryEvent>,
];

export function eventsOf(...short: readonly Short[]): readonly StoryEvent[] {
  return short.map(([second, kind, move = null, members = [], more = {}], index) => ({
    seq: index + 1,
    at: instant(second),
    kind,
    move,
    members,
    says: `${kind} ${move ?? ''} ${members.join(' ')}`.trim(),
    reason: null,
    actor: null,
    ...more,
  }));
}

export const joining = {
  code: 'es.member-joining',
  subject: 'a-1',
  says: 'a-1 started and not joined yet.',
  clearedBy: 'It joins by itself.',
} as const;

/** Two waves of Elasticsearch, the second of two members, to the end. */
export const twoWaves = eventsOf(
  [0, 'started', null, [], { actor: 'LTAIone' }],
  [1, 'acting', 'freeze'],
  [2, 'acted', 'freeze'],
  [3, 'acting', 'lift-member', ['a-1']],
  [4, 'acted', 'lift-member', ['a-1']],
  [5, 'waiting', null, [], { reason: joining }],
  [9, 'acting', 'thaw'],
  [10, 'acted', 'thaw'],
  [12, 'acting', 'freeze'],
  [13, 'acting', 'lift-member', ['b-1', 'b-2']],
  [14, 'acted', 'lift-member', ['b-1', 'b-2']],
  [20, 'acting', 'thaw'],
  [21, 'acted', 'thaw'],
  [24, 'done'],
);

/** The member of the first wave never comes back. */
export const stoppedInFirst = eventsOf(
  [0, 'started'],
  [3, 'acting', 'lift-member', ['a-1']],
  [4, 'acted', 'lift-member', ['a-1']],
  [5, 'waiting', null, [], { reason: joining }],
  [8, 'acting', 'start-member', ['a-1']],
  [9, 'acted', 'start-member', ['a-1']],
  [10, 'acting', 'thaw'],
  [11, 'acted', 'thaw'],
  [12, 'stopped', null, [], { reason: { ...joining, code: 'es.member-does-not-start' } }],
);
