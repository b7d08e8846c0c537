import {
  obstaclesOf,
  type Plan,
  type PlaneLow,
  type RehearsalReport,
  type Spread,
  type ThinMoment,
} from '../../../domain/index.ts';
import { reasonWire } from './upgrade.ts';

/** `clusterId`: null where the cluster is known from a file alone. */
export function rehearsalWire(plan: Plan, report: RehearsalReport, clusterId: string | null) {
  const { hazards, policy, couldNotRun } = obstaclesOf(plan, []);
  const { seed, runs, done, made, wanted } = report;
  return {
    clusterId,
    from: plan.from,
    to: plan.to,
    estimateSeconds: plan.estimateSeconds,
    held: { hazards: hazards.length, policy: policy.length, couldNotRun: couldNotRun.length },
    ...{ seed, runs, done, made, wanted },
    tookMs: spreadWire(report.tookMs),
    waveCount: spreadWire(report.waveCount),
    plannedWaves: plan.hops.flatMap(({ waves }) => wavesWire(waves)),
    waves: wavesWire(report.waves),
    thinnest: thinWire(report.thinnest),
    plane: planeWire(report.plane),
    findings: report.findings.map(({ kind, says, remedy, runs: inRuns }) => ({ kind, says, remedy, runs: inRuns })),
    faults: report.faults.map(({ fault, status, reason, tookMs, remarks, thinnest, plane, violations }) => ({
      fault: fault.fault,
      member: 'member' in fault ? fault.member : null,
      lost: 'lost' in fault ? fault.lost : null,
      ...{ status, tookMs },
      reason: reasonWire(reason),
      remarks: [...remarks],
      thinnest: thinWire(thinnest),
      plane: planeWire(plane),
      violations: [...violations],
    })),
    violations: [...report.violations],
    assumed: [...report.assumed],
  };
}

function spreadWire(spread: Spread | null) {
  return spread === null ? null : { min: spread.min, median: spread.median, p90: spread.p90, max: spread.max };
}

function thinWire(thin: ThinMoment | null) {
  if (thin === null) return null;
  const { atMs, forMs, started, of, shards, examples, away } = thin;
  return { atMs, forMs, started, of, shards, examples: [...examples], away: [...away] };
}

function planeWire(plane: PlaneLow | null) {
  if (plane === null) return null;
  const { fewestReady, ...rest } = plane;
  return { ...rest, fewestReady: fewestReady && { ...fewestReady, away: [...fewestReady.away] } };
}

function wavesWire(waves: readonly (readonly string[])[]): string[][] {
  return waves.map((wave) => [...wave]);
}
