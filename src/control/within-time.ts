/**
 * Does something with a signal that comes when `signal` does or when the time is over. The timer is one of our own: a signal of
 * `AbortSignal.timeout` that only stands in a combined one is collected as garbage by Node 20 before it is due.
 */
export async function withinTime<T>(ms: number, signal: AbortSignal, does: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  try {
    return await does(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
