import { createWaiters } from './waiters.ts';

/** The time of one simulated world. */
export interface Clock {
  /** Simulated milliseconds since the world began, as of the last step. */
  nowMs(): number;
  /** Brings the world to the moment that it is now, and has it looked at again soon: whoever asks may change it. */
  catchUp(): number;
  wallMs(): number;
  /** A simulated moment as the caller's clock would have shown it. */
  wallOf(simulatedMs: number): number;
  /** True once the condition holds, false when that much of the caller's time is over. */
  until(condition: () => boolean, timeoutMs: number): Promise<boolean>;
  stop(): void;
}

export interface ClockOptions {
  /** Simulated milliseconds in one of the caller's. */
  readonly speed: number;
  readonly nowMs: () => number;
  /** Everything whose time has come happens. */
  readonly advance: (simulatedMs: number) => void;
  /** Simulated moment of the next event; null while nothing is in flight. */
  readonly nextEventMs: () => number | null;
}

/** The finest grain of the caller's time: what is due sooner waits for it. */
const stepMs = 10;
/** Longer than a timer takes. */
const longestMs = 2 ** 31 - 1;

/**
 * Ticks only while something is in flight: one timer for the next event, none while there is none. While somebody waits for
 * a condition, which may look beyond the world, it ticks at its finest grain.
 */
export function startClock({ speed, nowMs, advance, nextEventMs }: ClockOptions): Clock {
  const beganMs = nowMs();
  const waiters = createWaiters();
  let steppedMs = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let dueMs = Number.POSITIVE_INFINITY;
  let stopped = false;

  function step(): number {
    steppedMs = Math.max(steppedMs, (nowMs() - beganMs) * speed);
    advance(steppedMs);
    waiters.settle(nowMs);
    return steppedMs;
  }

  function wakeIn(afterMs: number): void {
    const wanted = nowMs() + afterMs;
    if (stopped || wanted >= dueMs) return;
    if (timer !== null) clearTimeout(timer);
    dueMs = wanted;
    timer = setTimeout(onTimer, Math.min(afterMs, longestMs));
  }

  function onTimer(): void {
    timer = null;
    dueMs = Number.POSITIVE_INFINITY;
    step();
    const next = nextEventMs();
    if (waiters.count() > 0) wakeIn(stepMs);
    else if (next !== null) wakeIn(Math.max(stepMs, (next - steppedMs) / speed));
  }

  return {
    nowMs: () => steppedMs,
    catchUp: () => {
      const moment = step();
      wakeIn(stepMs);
      return moment;
    },
    wallMs: nowMs,
    wallOf: (simulatedMs) => beganMs + simulatedMs / speed,
    until: (condition, timeoutMs) => {
      if (condition()) return Promise.resolve(true);
      if (stopped) return Promise.resolve(false);
      wakeIn(stepMs);
      return waiters.add(condition, nowMs() + timeoutMs);
    },
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      waiters.giveUp();
    },
  };
}
