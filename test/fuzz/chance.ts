import { randomFrom } from '../rig/seed.ts';

/** Everything that happens by chance in one request. */
export interface Chance {
  /** A whole number from 0 to one less than this. */
  below(count: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Buffer;
}

/** The same for the same seed, face and number of the request, whatever was drawn for others. */
export function chanceOf(seed: number, face: string, number: number): Chance {
  let mixed = seed >>> 0;
  for (const word of [...Buffer.from(face), number, number >>> 16]) mixed = Math.imul(mixed ^ word, 0x9e3779b1) >>> 0;
  const draw = randomFrom(mixed);
  draw();
  const below = (count: number) => Math.floor(draw() * count);
  return {
    below,
    happens: (probability) => draw() < probability,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error('there is nothing to pick from');
      return picked;
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}
