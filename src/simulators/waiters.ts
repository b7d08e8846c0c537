/** Who waits for a condition on a clock of a simulated world. */
export interface Waiters {
  count(): number;
  /** The earliest deadline; infinite where nobody waits. */
  deadlineMs(): number;
  /** True once the condition holds, false when the deadline is over. */
  add(condition: () => boolean, deadlineMs: number): Promise<boolean>;
  /** After a step: tells those whose condition holds or whose deadline is over at that moment. */
  settle(nowMs: () => number): void;
  /** Tells everybody that it will not come. */
  giveUp(): void;
}

interface Waiter {
  readonly condition: () => boolean;
  readonly deadlineMs: number;
  readonly resolve: (met: boolean) => void;
}

export function createWaiters(): Waiters {
  const waiters = new Set<Waiter>();
  return {
    count: () => waiters.size,
    deadlineMs: () => Math.min(...[...waiters].map((waiter) => waiter.deadlineMs)),
    add: (condition, deadlineMs) => new Promise((resolve) => waiters.add({ condition, deadlineMs, resolve })),
    settle: (nowMs) => {
      for (const waiter of [...waiters]) {
        const met = waiter.condition();
        if (!met && nowMs() < waiter.deadlineMs) continue;
        waiters.delete(waiter);
        waiter.resolve(met);
      }
    },
    giveUp: () => {
      for (const waiter of waiters) waiter.resolve(false);
      waiters.clear();
    },
  };
}
