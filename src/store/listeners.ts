import type { Log } from '../domain/index.ts';

export interface Listeners<Notice> {
  /** Returns the way to stop. */
  add(listener: (notice: Notice) => void): () => void;
  /** One that fails keeps the others from nothing. */
  tell(notice: Notice): void;
}

export function createListeners<Notice>(log: Log): Listeners<Notice> {
  const listeners = new Set<(notice: Notice) => void>();
  return {
    add: (listener) => {
      // A listener that is given twice counts twice.
      const own = (notice: Notice) => listener(notice);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    tell: (notice) => {
      for (const listener of listeners) {
        try {
          listener(notice);
        } catch (error) {
          log.error({ err: error, notice }, 'A listener failed on a change.');
        }
      }
    },
  };
}
