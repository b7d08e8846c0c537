import type { Moment, World } from './world/index.ts';
import { tick } from './world/index.ts';

export interface Clock {
  /** Brings the world to the moment that it is now. */
  catchUp(): Moment;
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
  readonly random: () => number;
  /** Called after each step of the world. */
  readonly stepped: () => void;
}

interface Waiter {
  readonly condition: () => boolean;
  readonly deadlineMs: number;
  readonly resolve: (met: boolean) => void;
}

/** How often the world is brought up to date while nobody asks. */
const stepEveryMs = 10;

export function startClock(world: World, { speed, nowMs, random, stepped }: ClockOptions): Clock {
  const beganMs = nowMs();
  const waiters = new Set<Waiter>();

  function catchUp(): Moment {
    const moment = { nowMs: (nowMs() - beganMs) * speed, random };
    tick(world, moment);
    stepped();
    for (const waiter of waiters) {
      const met = waiter.condition();
      if (!met && nowMs() < waiter.deadlineMs) continue;
      waiters.delete(waiter);
      waiter.resolve(met);
    }
    return moment;
  }

  const timer = setInterval(catchUp, stepEveryMs);
  return {
    catchUp,
    wallMs: nowMs,
    wallOf: (simulatedMs) => beganMs + simulatedMs / speed,
    until: (condition, timeoutMs) =>
      condition()
        ? Promise.resolve(true)
        : new Promise((resolve) => waiters.add({ condition, deadlineMs: nowMs() + timeoutMs, resolve })),
    stop: () => {
      clearInterval(timer);
      for (const waiter of waiters) waiter.resolve(false);
      waiters.clear();
    },
  };
}
