import { expect, test } from 'vitest';
import { durationsOf } from './course-of-time.ts';
import { lanesOf, wavesDrawn } from './lanes.ts';
import { storyOf } from './story.ts';
import { type Taking, takingsOf } from './takings.ts';
import { begin, instant, stoppedInFirst, twoWaves } from './testing-events.ts';

const plan = { hops: [{ waves: [['a-1'], ['b-1', 'b-2']] }] };
const at = (second: number) => begin + second * 1_000;

function drawn(events: Parameters<typeof storyOf>[0], untilMs: number) {
  const takings = takingsOf(plan, events);
  const lanes = lanesOf(takings, durationsOf(takings, untilMs), storyOf(events), 1, untilMs);
  const seconds = (ms: number) => (ms - begin) / 1_000;
  return lanes.map(({ name, bars }) => [name, ...bars.map(({ kind, fromMs, toMs }) => [kind, seconds(fromMs), seconds(toMs)])]);
}

test('each wave, the moves, and what was waited for lie one below the other', () => {
  expect(drawn(twoWaves, at(24))).toEqual([
    ['1  a-1', ['away', 3, 9], ['settling', 9, 13]],
    ['2  b-1, b-2', ['away', 13, 20], ['settling', 20, 24]],
    ['moves', ['move', 1, 2], ['move', 3, 4], ['move', 9, 10], ['move', 12, 13], ['move', 13, 14], ['move', 20, 21]],
    ['waits', ['wait', 5, 9]],
  ]);
});

test('a rest that goes on is drawn to the end', () => {
  expect(drawn(stoppedInFirst, at(60)).at(-1)).toEqual(['rests', ['rest', 12, 60]]);
});

test('of very many waves the latest are drawn', () => {
  const many = Array.from({ length: wavesDrawn + 5 }, (_, index): Taking => {
    const [beganAt, backAt] = [instant(index), instant(index + 1)];
    return { hop: 0, members: [`n-${index}`], beganAt, backAt, settledAt: backAt, tries: 1 };
  });
  const lanes = lanesOf(many, durationsOf(many, at(99)), [], 1, at(99));
  expect(lanes).toHaveLength(wavesDrawn);
  expect(lanes[0]?.name).toBe('6  n-5');
});
