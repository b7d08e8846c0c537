import type { Instant, Release } from './release.ts';

/** Key of a trial: the same settings, release and Java give the same answer, so it is asked once. */
export interface TrialKey {
  readonly clusterId: string;
  readonly member: string;
  readonly release: Release;
  /** Hash over the normalised settings, the release's build and the Java version. */
  readonly settingsHash: string;
}

export type TrialOutcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'running'; readonly since: Instant }
  | { readonly kind: 'passed'; readonly at: Instant; readonly tookMs: number; readonly archive: string | null }
  /** What the new release said when it refused the member's settings, in its own words. */
  | { readonly kind: 'refused'; readonly at: Instant; readonly lastLines: readonly string[] }
  | { readonly kind: 'could-not-run'; readonly at: Instant; readonly because: string }
  /** Trials are switched off in the configuration, or for this cluster by the tag `clusterlift:trial=off`. */
  | { readonly kind: 'off' };

/** The trial of a member for a release of the route. Members with equal normalised settings share one. */
export interface MemberTrial {
  readonly key: TrialKey;
  readonly outcome: TrialOutcome;
}
