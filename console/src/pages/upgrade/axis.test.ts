import { expect, test } from 'vitest';
import { shortDuration, ticksOf } from './axis.ts';

test('an axis has round moments, never more than fit', () => {
  expect(ticksOf(6_200, 6)).toEqual([0, 2_000, 4_000, 6_000]);
  expect(ticksOf(61_000, 4)).toEqual([0, 30_000, 60_000]);
  for (const lengthMs of [1, 900, 65_000, 3_700_000, 90_000_000, 40 * 86_400_000])
    expect(ticksOf(lengthMs, 5).length).toBeLessThanOrEqual(6);
});

test.each([
  [0, '0 s'],
  [840, '0.8 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_600, '1 min'],
  [185_000, '3:05 min'],
  [7_800_000, '2:10 h'],
  [-5, '0 s'],
])('%i ms is %s', (ms, says) => {
  expect(shortDuration(ms)).toBe(says);
});
