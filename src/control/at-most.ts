/** Runs what it is given, so many side by side; the rest waits, first come, first served. */
export function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place goes to whoever waits for it: nobody who comes now is before him.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
