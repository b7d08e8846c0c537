import type { Instant } from '../domain/index.ts';
import { limits } from './limits.ts';

/** What is done again and again to no avail is done more and more seldom. */
export interface Patience {
  /** Whether it may be done now, and if so, that it is. */
  takes(what: string, now: Instant): boolean;
}

export function createPatience(): Patience {
  const done = new Map<string, { readonly times: number; readonly atMs: number }>();
  return {
    takes: (what, now) => {
      const nowMs = Date.parse(now);
      for (const [other, { atMs }] of done) if (nowMs - atMs > limits.keepUpForgottenMs) done.delete(other);
      const { times, atMs } = done.get(what) ?? { times: 0, atMs: 0 };
      const waitMs = times < 2 ? 0 : Math.min(limits.keepUpAgainMs * 2 ** (times - 1), limits.keepUpAgainLongestMs);
      if (nowMs - atMs < waitMs) return false;
      done.set(what, { times: times + 1, atMs: nowMs });
      return true;
    },
  };
}
