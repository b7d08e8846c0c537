import { expect, test } from 'vitest';
import { begin, instant } from './testing-events.ts';
import { timeScaleOf } from './time-scale.ts';

const at = (second: number) => begin + second * 1_000;
const rest = (from: number, until: number | null) => ({
  kind: 'rest' as const,
  at: instant(from),
  endedAt: until === null ? null : instant(until),
});

test('without rests time is drawn as it went', () => {
  const scale = timeScaleOf([], at(0), at(50));
  expect([scale.lengthMs, scale.isShortened, scale.placeOf(at(20))]).toEqual([50_000, false, 20_000]);
});

test('a long rest takes little of the picture, and everything else is as long as it was', () => {
  const scale = timeScaleOf([rest(50, 3_650)], at(0), at(3_700));
  // 100 s of work, of which a rest may take 8 in the picture.
  expect(scale.lengthMs).toBe(108_000);
  expect(scale.isShortened).toBe(true);
  expect([0, 50, 1_850, 3_650, 3_700].map((second) => scale.placeOf(at(second)))).toEqual([0, 50_000, 54_000, 58_000, 108_000]);
});

test('a short rest stays as it was', () => {
  expect(timeScaleOf([rest(50, 52)], at(0), at(102))).toMatchObject({ lengthMs: 102_000, isShortened: false });
});

test('a rest that goes on ends where the picture does', () => {
  const scale = timeScaleOf([rest(100, null)], at(0), at(5_000));
  expect(scale.lengthMs).toBe(108_000);
  expect(scale.placeOf(at(5_000))).toBe(108_000);
});
