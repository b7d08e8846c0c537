import { randomInt } from 'node:crypto';

/** The seed of this run: CLUSTERLIFT_SEED repeats an earlier one. Printed, so that a failure can be repeated. */
export function seedOfRun(purpose: string): number {
  const given = process.env.CLUSTERLIFT_SEED ?? '';
  const seed = given === '' ? randomInt(2 ** 31) : Number(given);
  if (!Number.isInteger(seed)) throw new Error(`CLUSTERLIFT_SEED must be a whole number; it is ${given}`);
  console.log(`${purpose}: CLUSTERLIFT_SEED=${seed}`);
  return seed;
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
