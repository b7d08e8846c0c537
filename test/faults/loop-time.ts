import { performance } from 'node:perf_hooks';

type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** How much sooner than asked a pause is over, and the longest that one really takes. */
const shorter = 10;
const longestMs = 20;

/**
 * The clock of a loop in the lab: it goes as the wall does while the loop looks and acts, and by as much as was asked when it
 * pauses, however short that is really. So limits of minutes pass in seconds, and never because the machine is busy.
 */
export class LoopTime {
  readonly #pause: Pause;
  readonly #skips: { readonly wallMs: number; readonly skippedMs: number }[] = [];

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  now(): string {
    return this.at(Date.now());
  }

  /** What it showed at that moment of the wall’s clock. */
  at(wallMs: number): string {
    const before = this.#skips.findLast((skip) => skip.wallMs <= wallMs);
    return new Date(wallMs + (before?.skippedMs ?? 0)).toISOString();
  }

  readonly pause: Pause = async (milliseconds, signal) => {
    const began = performance.now();
    await this.#pause(Math.min(milliseconds / shorter, longestMs), signal);
    // One that was woken has not waited.
    if (signal?.aborted === true) return;
    const skippedMs = Math.max(0, milliseconds - (performance.now() - began));
    this.#skips.push({ wallMs: Date.now(), skippedMs: (this.#skips.at(-1)?.skippedMs ?? 0) + skippedMs });
  };
}
