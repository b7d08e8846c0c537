import { describe, expect, test } from 'vitest';
import { storyOf, waitingSince } from './story.ts';
import { eventsOf, instant, joining, stoppedInFirst, twoWaves } from './testing-events.ts';

describe('the story of an upgrade', () => {
  test('tells a move and what came of it in one line', () => {
    const move = storyOf(twoWaves)[2];
    expect(move).toMatchObject({
      kind: 'move',
      word: 'acted',
      move: 'lift-member',
      says: 'acting lift-member a-1',
      outcome: 'acted lift-member a-1',
      at: instant(3),
      endedAt: instant(4),
      lasts: false,
    });
  });

  test('lets a wait last until something else happens', () => {
    const wait = storyOf(twoWaves)[3];
    expect(wait).toMatchObject({ kind: 'wait', at: instant(5), endedAt: instant(9), lasts: false });
    expect(storyOf(twoWaves.slice(0, 6))[3]).toMatchObject({ kind: 'wait', endedAt: null, lasts: true });
  });

  test('tells of a remark and of what a person asks for without ending what goes on', () => {
    const events = eventsOf(
      [1, 'acting', 'lift-member', ['a-1']],
      [2, 'asked', null, [], { actor: 'LTAIone' }],
      [3, 'remark'],
      [4, 'acted', 'lift-member', ['a-1']],
    );
    expect(storyOf(events).map(({ kind, word, endedAt }) => [kind, word, endedAt])).toEqual([
      ['move', 'acted', instant(4)],
      ['asked', 'asked', null],
      ['remark', 'remark', null],
    ]);
  });

  test('says of a move that failed why', () => {
    const events = eventsOf([1, 'acting', 'thaw'], [2, 'failed', 'thaw', [], { reason: joining }]);
    expect(storyOf(events)).toMatchObject([{ word: 'failed', reason: joining, lasts: false }]);
  });

  test('rests until somebody resumes it', () => {
    const resumed = [...stoppedInFirst, ...eventsOf([30, 'resumed'])];
    expect(storyOf(resumed).find(({ kind }) => kind === 'rest')).toMatchObject({ at: instant(12), endedAt: instant(30) });
  });

  test('knows since when it waits for what it waits for now, and of nothing else', () => {
    const story = storyOf(twoWaves.slice(0, 6));
    expect(waitingSince(story, joining.code)).toBe(instant(5));
    expect(waitingSince(story, 'es.other')).toBe(null);
    expect(waitingSince(storyOf(twoWaves), joining.code)).toBe(null);
  });

  test('waits since the first time that it told of the same reason, whatever the words', () => {
    const waits = eventsOf(
      [1, 'acting', 'thaw'],
      [2, 'waiting', null, [], { reason: joining }],
      [3, 'remark'],
      [4, 'waiting', null, [], { reason: { ...joining, says: 'b-1 started and not joined yet.' } }],
    );
    expect(waitingSince(storyOf(waits), joining.code)).toBe(instant(2));
  });
});
