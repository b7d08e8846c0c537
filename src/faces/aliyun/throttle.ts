import type { Instant } from '../../domain/index.ts';

export interface ThrottleLimits {
  /** Requests that a key may send at once after a calm time. */
  readonly burst: number;
  readonly perSecond: number;
}

export const usualThrottle: ThrottleLimits = { burst: 200, perSecond: 100 };

/** Keys that are remembered; a key that has been calm has its whole burst again and need not be. */
const keysMax = 10_000;

/** Null when the request may pass, else the milliseconds after which the next one may. */
export function createThrottle(limits: ThrottleLimits): (keyId: string, now: Instant) => number | null {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (keyId, now) => {
    const nowMs = Date.parse(now);
    const bucket = buckets.get(keyId) ?? { tokens: limits.burst, atMs: nowMs };
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * limits.perSecond;
    const tokens = Math.min(limits.burst, bucket.tokens + gained);
    if (buckets.size >= keysMax) buckets.clear();
    buckets.set(keyId, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    return tokens >= 1 ? null : Math.ceil(((1 - tokens) / limits.perSecond) * 1000);
  };
}
