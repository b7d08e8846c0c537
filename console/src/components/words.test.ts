import { describe, expect, it } from 'vitest';
import { agoText, durationText } from './words.tsx';

describe('times', () => {
  it.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [185_000, '3 min 5 s'],
    [3_599_600, '1 h'],
    [7_800_000, '2 h 10 min'],
    [4 * 86_400_000, '4 d'],
    [-5, '0 s'],
  ])('of %d ms are written as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it.each([
    [9_000, 'just now'],
    [-60_000, 'just now'],
    [59_000, '59 s ago'],
    [3_599_000, '59 min ago'],
    [86_400_000, '24 h ago'],
    [3 * 86_400_000, '3 d ago'],
  ])('that are %d ms away are told as %s', (ms, text) => {
    expect(agoText(1_000_000_000, 1_000_000_000 + ms)).toBe(text);
  });
});
