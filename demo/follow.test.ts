import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { EventRow, UpgradeRow } from '../test/rig/index.ts';
import { followUpgrade } from './follow.ts';
import { Screen } from './screen.ts';

const reason = { code: 'x', subject: 'a', says: 'a is not ready.', clearedBy: 'a ready.', evidence: ['it said so'] };

function event(seq: number, kind: string, about: Partial<EventRow> = {}): EventRow {
  return { seq, at: `2026-01-01T00:00:0${seq}.000Z`, kind, move: null, members: [], says: '', reason: null, ...about };
}

/** An upgrade that shows these events, two at each look, and ends with the last. */
function upgradeOf(events: readonly EventRow[], status: string) {
  let shown = 0;
  const upgrade = (now: string): UpgradeRow => ({ id: 'u', clusterId: 'c', status: now, generation: 1, reason: null });
  return {
    latestUpgrade: async () => {
      shown += 2;
      return upgrade(shown >= events.length ? status : 'running');
    },
    events: async (_: string, after: number) => events.slice(0, shown).filter(({ seq }) => seq > after),
  };
}

it('tells each event once, parts when they begin, and a refusal with its evidence and what clears it', async () => {
  const out = new PassThrough();
  const events = [
    event(1, 'started', { says: 'Begun.' }),
    event(2, 'acting', { move: 'replace', members: ['node-1'], says: 'Replaces it.' }),
    event(3, 'acted', { move: 'replace', members: ['node-1'], says: 'Done.' }),
    event(4, 'waiting', { reason }),
    event(5, 'waiting', { reason }),
    event(6, 'acting', { move: 'put-back', members: ['node-1'], says: 'Puts node-1 back.' }),
    event(7, 'returned', { reason }),
  ];
  const seen: number[] = [];
  const followed = await followUpgrade(new Screen(out as unknown as NodeJS.WriteStream), {
    native: upgradeOf(events, 'returned'),
    clusterId: 'c',
    versions: async () => ({ 'node-1': '1' }),
    isThere: () => false,
    phaseOf: ({ kind }) => (kind === 'acting' ? 'the middle' : null),
    onEvent: ({ seq }) => seen.push(seq),
    client: () => '',
    signal: new AbortController().signal,
  });
  out.end();
  const lines = String(out.read()).trimEnd().split('\n');
  expect(lines.map((line) => line.trim().replace(/^\d\d:\d\d /, ''))).toEqual([
    'Begun.',
    '',
    'the middle',
    'node-1: Replaces it.',
    'waits: a is not ready.',
    'Puts node-1 back.',
    'a is not ready. it said so a ready.',
  ]);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(followed).toMatchObject({ upgrade: { status: 'returned' }, events });
});
