import { setTimeout as pause } from 'node:timers/promises';

/**
 * Looks until `look` answers something other than undefined, and gives that back. Says what it was waiting for, and the
 * last thing that stood in the way, when the time is up.
 */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined> | T | undefined,
  everyMs = 250,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let trouble = '';
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined) return found;
      trouble = '';
    } catch (error) {
      trouble = ` Last trouble: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${Math.round(timeoutMs / 1000)} s.${trouble}`);
    await pause(everyMs);
  }
}
