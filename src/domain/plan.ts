import type { CheckReport, Finding } from './check.ts';
import type { EngineName } from './cluster.ts';
import type { Instant, Release } from './release.ts';
import type { Hop } from './route.ts';

/** What one hop is expected to do. Expected only: each move is chosen afresh from what is seen then. */
export interface PlanHop {
  readonly hop: Hop;
  /** Member names, in the order in which they are expected to be taken. */
  readonly waves: readonly (readonly string[])[];
  readonly estimateSeconds: number;
  /** What cannot be undone, and after which member. */
  readonly oneWayDoors: readonly string[];
}

/** Immutable. What was reviewed is what runs. */
export interface Plan {
  readonly id: string;
  readonly clusterId: string;
  readonly engine: EngineName;
  readonly from: Release;
  readonly to: Release;
  readonly hops: readonly PlanHop[];
  readonly reports: readonly CheckReport[];
  readonly findings: readonly Finding[];
  /** What will be touched, in sentences: settings that change for a while, members restarted. */
  readonly touches: readonly string[];
  readonly estimateSeconds: number;
  /** Identity of the observation it was made from: member names with their releases, and the cluster's own id. */
  readonly basis: string;
  /** A gate after the first member of each hop. */
  readonly gateAfterFirstMember: boolean;
  readonly madeAt: Instant;
  /** Who asked for it. */
  readonly madeBy: string;
}

/** What keeps a plan from being started, given what a person has acknowledged by check id. */
export interface Obstacles {
  readonly hazards: readonly Finding[];
  readonly couldNotRun: readonly CheckReport[];
  readonly policy: readonly Finding[];
}

/** Hazards can never be acknowledged; policy findings and checks that could not run can, by the id of the check. */
export function obstaclesOf(plan: Plan, acknowledged: readonly string[]): Obstacles {
  const holding = plan.findings.filter((finding) => finding.loopWaits !== true);
  return {
    hazards: holding.filter((finding) => finding.kind === 'hazard'),
    policy: holding.filter((finding) => finding.kind === 'policy' && !acknowledged.includes(finding.check)),
    couldNotRun: plan.reports.filter((report) => report.result.kind === 'could-not-run' && !acknowledged.includes(report.check)),
  };
}
