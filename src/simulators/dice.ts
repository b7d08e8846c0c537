/** A small seeded generator (mulberry32): the same seed gives the same run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id of the length that the real thing uses for nodes, indices and copies. */
export function newId(random: () => number): string {
  return Array.from({ length: 22 }, () => alphabet[Math.floor(random() * alphabet.length)] ?? 'A').join('');
}

/** A duration varied by a fifth either way. */
export function varied(durationMs: number, random: () => number): number {
  return durationMs * (0.8 + 0.4 * random());
}
