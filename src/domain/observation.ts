import type { MemberProcess } from './host.ts';
import type { Instant, Release } from './release.ts';

/** One member as the cluster and its host tell of it together. */
export interface SeenMember {
  readonly name: string;
  readonly process: MemberProcess;
  /** The release that the cluster says it runs; null while it is not in the cluster. */
  readonly running: Release | null;
  /** In the cluster: its identity there. Null while it is not joined. */
  readonly joined: { readonly nodeId: string; readonly ephemeralId: string } | null;
}

/** Facts at one moment, with what stayed unknown. */
export interface Observation<Seen> {
  readonly at: Instant;
  readonly members: readonly SeenMember[];
  /** The cluster's own account of itself, or why there is none (nobody answers, answers disagree). */
  readonly cluster: { readonly kind: 'seen'; readonly seen: Seen } | { readonly kind: 'unreachable'; readonly because: string };
  /** Hosts by key. */
  readonly hosts: Readonly<Record<string, SeenHost>>;
  /** What could not be found out, in sentences: `snapshots of repository nightly: HTTP 500`. */
  readonly unknowns: readonly string[];
}

export type SeenHost =
  | {
      readonly kind: 'seen';
      /** Feature versions of the JDKs there: 17, 25. */
      readonly javas: readonly number[];
      readonly freeMemoryBytes: number | null;
      /** Releases whose artefact lies ready there, `version` or `version+build` (see `releaseKey`). */
      readonly prefetched: readonly string[];
      /** The newest generation that it has seen for this cluster. */
      readonly generation: number;
    }
  | { readonly kind: 'unreachable'; readonly because: string };

export function releaseKey(release: Release): string {
  return release.build === null ? release.version : `${release.version}+${release.build}`;
}
