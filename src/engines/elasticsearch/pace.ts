import { compareVersions } from '../../domain/index.ts';

/** Seconds from a wave's stop to settled again: of its first member, and of each further one that starts beside it. */
export interface Pace {
  readonly since: string;
  readonly firstSeconds: number;
  readonly furtherSeconds: number;
}

/**
 * By the version that a wave starts, newest first. `firstSeconds` was measured on three nodes with 256 MB of heap and small
 * indices, two calm cores, under a light client (7 and before start one JVM, 8 and later two); `furtherSeconds` at 8.19
 * with three nodes a wave, and taken to be the same share of a start for the others. What a cluster with much data adds
 * is the time in which its copies catch up, which nobody knows before.
 */
export const paces: readonly Pace[] = [
  { since: '9.0.0', firstSeconds: 17, furtherSeconds: 5 },
  { since: '8.0.0', firstSeconds: 20, furtherSeconds: 6 },
  { since: '7.0.0', firstSeconds: 11, furtherSeconds: 4 },
  { since: '6.7.0', firstSeconds: 11, furtherSeconds: 4 },
  { since: '6.0.0', firstSeconds: 9, furtherSeconds: 3 },
  { since: '0', firstSeconds: 9, furtherSeconds: 3 },
];

export function waveSeconds(version: string, size: number): number {
  const pace = paces.find((candidate) => compareVersions(version, candidate.since) >= 0);
  if (pace === undefined || size < 1) return 0;
  return pace.firstSeconds + (size - 1) * pace.furtherSeconds;
}
