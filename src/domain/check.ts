import type { CatalogOf, Cluster, SpecOf } from './cluster.ts';
import type { Observation } from './observation.ts';
import type { Instant, Release } from './release.ts';
import type { Hop } from './route.ts';
import type { MemberTrial } from './trial.ts';

/**
 * What a check found. A `hazard` is unsafe or impossible: nothing starts. A `policy` matter is for a person to weigh:
 * a dry run reports it, a person may go on by naming it, and that is recorded.
 */
export interface Finding {
  /** Id of the check, `es.every-index-has-a-replica`. */
  readonly check: string;
  readonly kind: 'hazard' | 'policy';
  /** Index into the route. */
  readonly hop: number;
  /** What it is about: `index logs-1`, `node n2`, `setting foo.bar`. */
  readonly subject: string;
  readonly says: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
  /**
   * The loop itself holds here until it is mended: it waits before it touches anything, or stops before that hop. A dry run
   * reports it, a start is not held by it.
   */
  readonly loopWaits?: true;
}

/** Four ends that must never be confused. A `could-not-run` blocks unless it is acknowledged by the check's id. */
export type CheckResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'not-applicable'; readonly because: string }
  | { readonly kind: 'found'; readonly findings: readonly Omit<Finding, 'check' | 'hop'>[] }
  | { readonly kind: 'could-not-run'; readonly because: string };

export interface CheckContext<Seen> {
  readonly cluster: Cluster<SpecOf<Seen>>;
  readonly catalog: CatalogOf<Seen>;
  readonly observation: Observation<Seen>;
  /** `observation.cluster.seen`: checks run only on a cluster that was seen. */
  readonly seen: Seen;
  readonly hop: Hop;
  /** Index of the hop in the route; health and the like matter for 0 only. */
  readonly hopIndex: number;
  readonly trials: readonly MemberTrial[];
  /** Upgrades of the cluster that have ended, newest first. */
  readonly history: readonly PastUpgrade[];
  readonly now: Instant;
}

/** What a check may ask of upgrades that have ended. */
export interface PastUpgrade {
  readonly from: Release;
  readonly to: Release;
  readonly status: 'done' | 'cancelled' | 'returned';
  readonly endedAt: Instant;
}

export interface Check<Seen> {
  /** A dotted sentence, stable for ever. */
  readonly id: string;
  /** The question, for people. */
  readonly asks: string;
  /** Asked for every hop of a route, or for the first only (what the first changes cannot be known before). */
  readonly scope: 'every-hop' | 'first-hop';
  run(context: CheckContext<Seen>): CheckResult;
}

export interface CheckReport {
  readonly check: string;
  readonly asks: string;
  readonly hop: number;
  readonly result: CheckResult;
}

/** Runs every check for every hop it applies to; one that throws is a `could-not-run`, never a pass. */
export function runChecks<Seen>(
  checks: readonly Check<Seen>[],
  context: Omit<CheckContext<Seen>, 'hop' | 'hopIndex'>,
  route: readonly Hop[],
): readonly CheckReport[] {
  return route.flatMap((hop, hopIndex) =>
    checks
      .filter((check) => check.scope === 'every-hop' || hopIndex === 0)
      .map((check) => ({
        check: check.id,
        asks: check.asks,
        hop: hopIndex,
        result: runOne(check, { ...context, hop, hopIndex }),
      })),
  );
}

function runOne<Seen>(check: Check<Seen>, context: CheckContext<Seen>): CheckResult {
  try {
    return check.run(context);
  } catch (error) {
    return { kind: 'could-not-run', because: error instanceof Error ? error.message : String(error) };
  }
}

export function findingsOf(reports: readonly CheckReport[]): readonly Finding[] {
  return reports.flatMap((report) =>
    report.result.kind === 'found'
      ? report.result.findings.map((finding) => ({ ...finding, check: report.check, hop: report.hop }))
      : [],
  );
}
