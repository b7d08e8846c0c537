import type { Clock } from './clock.ts';
import { createWaiters } from './waiters.ts';

export interface VirtualClockOptions {
  /** What the caller's clock shows when the world begins. */
  readonly beganMs: number;
  /** Everything whose time has come happens. */
  readonly advance: (simulatedMs: number) => void;
  /** Simulated moment of the next event; null while nothing is in flight. */
  readonly nextEventMs: () => number | null;
}

/** What follows from a step happens this much later. */
const grainMs = 10;

/**
 * Time that passes only while everybody waits: it jumps to the next event or to the next deadline, so that an hour takes
 * milliseconds, and waits that overlap in life overlap here.
 */
export function startVirtualClock({ beganMs, advance, nextEventMs }: VirtualClockOptions): Clock {
  const waiters = createWaiters();
  let nowMs = 0;
  let jumping = false;
  let stopped = false;

  function jump(): void {
    jumping = false;
    if (stopped || waiters.count() === 0) return;
    const eventMs = Math.max(nextEventMs() ?? Number.POSITIVE_INFINITY, nowMs + grainMs);
    const nextMs = Math.min(waiters.deadlineMs(), eventMs);
    // Nothing will ever happen: whoever waits without a limit is told so.
    if (Number.isFinite(nextMs)) nowMs = Math.max(nowMs, nextMs);
    advance(nowMs);
    waiters.settle(() => (Number.isFinite(nextMs) ? nowMs : Number.POSITIVE_INFINITY));
    jumpSoon();
  }

  /** After everything that can go on now has gone on. */
  function jumpSoon(): void {
    if (jumping || stopped || waiters.count() === 0) return;
    jumping = true;
    setImmediate(jump);
  }

  return {
    nowMs: () => nowMs,
    catchUp: () => {
      advance(nowMs);
      return nowMs;
    },
    wallMs: () => beganMs + nowMs,
    wallOf: (simulatedMs) => beganMs + simulatedMs,
    until: (condition, timeoutMs) => {
      if (condition()) return Promise.resolve(true);
      if (stopped) return Promise.resolve(false);
      const met = waiters.add(condition, nowMs + timeoutMs);
      jumpSoon();
      return met;
    },
    stop: () => {
      stopped = true;
      waiters.giveUp();
    },
  };
}
