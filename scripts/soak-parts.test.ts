import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without types, as the command that it belongs to
import { readSoak, roundLine, soakParts } from './soak-parts.js';

describe('a soak', () => {
  it('runs every part as many times as it is told, or those that are named, in the order of the table', () => {
    expect(readSoak(['10'])).toEqual({ kind: 'soak', rounds: 10, parts: soakParts });
    expect(readSoak(['2', 'kills', 'faults']).parts.map((part: { name: string }) => part.name)).toEqual(['faults', 'kills']);
  });

  it('says what is wrong with a number or a part that it does not know', () => {
    for (const words of [[], ['0'], ['-1'], ['1.5'], ['many'], ['1001']])
      expect(readSoak(words).kind, words.join()).toBe('wrong');
    expect(readSoak(['1', 'kils']).says).toContain('There is no part kils');
  });

  it('tells a round in one line from which it can be repeated', () => {
    const ends = [
      { name: 'faults', passed: true, seconds: 61 },
      { name: 'kills', passed: false, seconds: 140 },
    ];
    expect(roundLine(3, 10, 77, ends)).toBe('round 3 of 10, CLUSTERLIFT_SEED=77: faults passed (61 s), kills FAILED (140 s)');
  });
});
