/** How closely the upgrades of a server are looked at: a few side by side, and more seldom the more there are. */
import { atMost } from './at-most.ts';
import { limits } from './limits.ts';

export interface LookPace {
  /** Counts one upgrade as carried on until what it gives back is called. */
  enter(): () => void;
  /** Runs a look when there is room, first come, first served. */
  look<T>(work: () => Promise<T>): Promise<T>;
  /** How long to wait before the next look at an upgrade that would like it after this time. */
  stretched(lookAgainAfterMs: number): number;
}

type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export function createLookPace(pause: Pause): LookPace {
  const room = atMost(limits.looksAtOnce);
  let carried = 0;

  /** A cluster that does not answer is waited for long: its look gives its room to the others meanwhile. */
  async function untilSlow(work: Promise<unknown>): Promise<void> {
    const ended = new AbortController();
    const end = () => ended.abort();
    work.then(end, end);
    await pause(limits.lookSlowMs, ended.signal);
  }
  return {
    enter: () => {
      carried += 1;
      return () => {
        carried -= 1;
      };
    },
    look: (work) =>
      new Promise((resolve, reject) => {
        void room(() => {
          const looking = work();
          looking.then(resolve, reject);
          return untilSlow(looking);
        });
      }),
    // Looks at all of them together then come no faster than one in that time, which leaves room for requests and for acts.
    stretched: (lookAgainAfterMs) =>
      Math.max(lookAgainAfterMs, Math.min(carried * limits.lookSpacingMs, limits.lookStretchedMaxMs)),
  };
}
