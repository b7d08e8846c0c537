import type { Store } from '../domain/index.ts';

/** Wakes whoever waits for one upgrade when its row changes: one listener at the store for all of them. */
export interface Wakes {
  /** Resolves after that time, or as soon as the upgrade changes or the signal is aborted. */
  pause(upgradeId: string, milliseconds: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export function createWakes(store: Pick<Store, 'onUpgradeChanged'>, pause: Pause): Wakes {
  const waiting = new Map<string, Set<() => void>>();
  const close = store.onUpgradeChanged((upgradeId) => {
    for (const wake of waiting.get(upgradeId) ?? []) wake();
  });
  return {
    close,
    async pause(upgradeId, milliseconds, signal) {
      const woken = new AbortController();
      const wake = () => woken.abort();
      const wakers = waiting.get(upgradeId) ?? new Set();
      wakers.add(wake);
      waiting.set(upgradeId, wakers);
      signal.addEventListener('abort', wake);
      try {
        if (!signal.aborted) await pause(milliseconds, woken.signal);
      } finally {
        signal.removeEventListener('abort', wake);
        wakers.delete(wake);
        if (wakers.size === 0) waiting.delete(upgradeId);
      }
    },
  };
}
