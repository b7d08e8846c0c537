import { expect, it } from 'vitest';
import { median, ratioOf } from './figures.ts';

it('takes the median of an even and an odd number of values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(() => median([])).toThrow();
});

it('compares round by round, so that a slow minute of the machine hits both sides', () => {
  const rounds = [
    { ours: 90, theirs: 100 },
    { ours: 180, theirs: 200 },
    { ours: 30, theirs: 20 },
  ];
  expect(ratioOf('x', rounds, 0.95)).toMatchObject({ ratio: 0.9, reached: true });
  expect(ratioOf('x', rounds, 0.8)).toMatchObject({ reached: false });
});
