import { describe, expect, test } from 'vitest';
import { countsOverTime, durationsOf, timesOf } from './course-of-time.ts';
import { storyOf } from './story.ts';
import { takingsOf } from './takings.ts';
import { begin, eventsOf, instant, stoppedInFirst, twoWaves } from './testing-events.ts';

const plan = { hops: [{ waves: [['a-1'], ['b-1', 'b-2']] }] };
const at = (second: number) => begin + second * 1_000;

describe('how the time went', () => {
  test('goes on while it runs, and ends with it', () => {
    expect(timesOf({ createdAt: instant(0), endedAt: null }, [], 60, at(15))).toEqual({
      tookMs: 15_000,
      restedMs: 0,
      expectedMs: 60_000,
    });
    expect(timesOf({ createdAt: instant(0), endedAt: instant(24) }, [], null, at(99))).toMatchObject({
      tookMs: 24_000,
      expectedMs: null,
    });
  });

  test('tells rests apart, which nobody expected', () => {
    const rested = storyOf([...stoppedInFirst, ...eventsOf([32, 'resumed'], [40, 'paused'])]);
    expect(timesOf({ createdAt: instant(0), endedAt: null }, rested, 60, at(45))).toMatchObject({
      tookMs: 45_000,
      restedMs: 25_000,
    });
  });

  test('tells of each wave how long its members were away and how long the cluster settled', () => {
    expect(durationsOf(takingsOf(plan, twoWaves), at(99))).toEqual([
      { hop: 0, number: 1, members: ['a-1'], awayMs: 6_000, settlingMs: 4_000, isOver: true, tries: 1 },
      { hop: 0, number: 2, members: ['b-1', 'b-2'], awayMs: 7_000, settlingMs: 4_000, isOver: true, tries: 1 },
    ]);
    const [first] = durationsOf(takingsOf(plan, twoWaves.slice(0, 6)), at(7));
    expect(first).toMatchObject({ awayMs: 4_000, settlingMs: 0, isOver: false });
  });

  test('counts the members of each release and those that are away, at each moment when that changes', () => {
    const counts = countsOverTime(['a-1', 'b-1', 'b-2'], 1, takingsOf(plan, twoWaves), begin, at(24));
    expect(counts.map(({ atMs, running, away }) => [(atMs - begin) / 1_000, running, away])).toEqual([
      [0, [3, 0], 0],
      [3, [2, 0], 1],
      [9, [2, 1], 0],
      [13, [0, 1], 2],
      [20, [0, 3], 0],
      [24, [0, 3], 0],
    ]);
  });
});
