import { describe, expect, it } from 'vitest';
import { limits } from './limits.ts';
import { createLookPace } from './look-pace.ts';

/** Time that passes when the test says so. */
function aPause() {
  const waiting: (() => void)[] = [];
  const pause = (_milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      signal?.addEventListener('abort', () => resolve());
    });
  return { pause, pass: () => waiting.splice(0).map((end) => end()) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('looks at upgrades', () => {
  it('come when they are wanted while there are few, and more seldom the more there are', () => {
    const pace = createLookPace(aPause().pause);
    const leave = Array.from({ length: 20 }, () => pace.enter());
    expect(pace.stretched(250)).toBe(250);
    leave.push(...Array.from({ length: 980 }, () => pace.enter()));
    expect(pace.stretched(250)).toBe(1_000 * limits.lookSpacingMs);
    leave.push(...Array.from({ length: 9_000 }, () => pace.enter()));
    expect(pace.stretched(250)).toBe(limits.lookStretchedMaxMs);
    for (const one of leave) one();
    expect(pace.stretched(250)).toBe(250);
  });

  it('are few side by side, in the order in which they are asked for', async () => {
    const pace = createLookPace(aPause().pause);
    const begun: number[] = [];
    const end: (() => void)[] = [];
    const looks = Array.from({ length: limits.looksAtOnce + 2 }, (_, number) =>
      pace.look(() => {
        begun.push(number);
        return new Promise<void>((resolve) => end.push(resolve));
      }),
    );
    await settled();
    expect(begun).toHaveLength(limits.looksAtOnce);
    for (const one of end) one();
    await settled();
    for (const one of end) one();
    await Promise.all(looks);
    expect(begun).toEqual(looks.map((_, number) => number));
  });

  it('that take long give their room to others, and are still answered for', async () => {
    const { pause, pass } = aPause();
    const pace = createLookPace(pause);
    let answer = (_says: string): void => undefined;
    const first = pace.look(() => new Promise<string>((resolve) => (answer = resolve)));
    for (let number = 1; number < limits.looksAtOnce; number += 1) void pace.look(() => new Promise(() => undefined));
    let begun = false;
    const next = pace.look(async () => {
      begun = true;
    });
    await settled();
    expect(begun).toBe(false);
    pass();
    await next;
    answer('at last');
    expect(await first).toBe('at last');
  });

  it('that fail give their room, too', async () => {
    const pace = createLookPace(aPause().pause);
    for (let number = 0; number < limits.looksAtOnce * 2; number += 1)
      await expect(pace.look(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
