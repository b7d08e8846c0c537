import { compareVersions } from '../../../src/domain/index.ts';
import type { Subject } from './subject.ts';

/** Something that the engine may meet, and what is asked about it. */
export interface Situation {
  readonly name: string;
  /** Brings it about and asks; what comes back is compared. */
  readonly tell: (subject: Subject) => Promise<unknown>;
}

export function isAtLeast(subject: Subject, version: string): boolean {
  return compareVersions(subject.version, version) >= 0;
}

/** Paths of X-Pack moved up one level with 7. */
export function xpack(subject: Subject, path: string): string {
  return isAtLeast(subject, '7.0.0') ? path : `/_xpack${path}`;
}
