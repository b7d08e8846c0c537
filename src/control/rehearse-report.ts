import {
  isThinner,
  lowestOf,
  type Plan,
  type RehearsalFinding,
  type RehearsalJob,
  type RehearsalReport,
  type RehearsedRun,
  type Spread,
  type ThinMoment,
} from '../domain/index.ts';
import { type RehearseParts, rehearseOnce } from './rehearse.ts';

/** A wait in runs without a fault that is told of: nobody expects it from a plan. */
const longWaitMs = 60_000;

export interface Rehearsing {
  /** It ends early, with what was made until then. */
  readonly signal: AbortSignal;
  readonly onRun: (made: number, of: number) => void;
}

/** Many runs one after the other: first those without a fault, then one for each fault. */
export async function rehearse(parts: RehearseParts, job: RehearsalJob, { signal, onRun }: Rehearsing): Promise<RehearsalReport> {
  const { cluster, seen, plan, seed, beganMs } = job;
  const faults = job.faults ? parts.rehearsals.faultsOf(cluster, seen, plan) : [];
  const wanted = [
    ...Array.from({ length: job.runs }, (_, number) => ({ seed: seed + number, fault: null })),
    ...faults.map((fault) => ({ seed, fault })),
  ];
  const made: RehearsedRun[] = [];
  for (const each of wanted) {
    if (signal.aborted) break;
    made.push(await rehearseOnce(parts, plan, { cluster, seen, beganMs, ...each }));
    onRun(made.length, wanted.length);
  }
  return reportOf(job, made, wanted.length, parts.rehearsals.assumed);
}

export function reportOf(
  { seed, plan }: Pick<RehearsalJob, 'seed' | 'plan'>,
  made: readonly RehearsedRun[],
  wanted: number,
  assumed: readonly string[],
): RehearsalReport {
  const plain = made.filter(({ fault }) => fault === null);
  const done = plain.filter(({ status }) => status === 'done');
  return {
    seed,
    wanted,
    made: made.length,
    runs: plain.length,
    done: done.length,
    tookMs: spreadOf(done.map(({ tookMs }) => tookMs)),
    waveCount: spreadOf(done.map(({ waves }) => waves.length)),
    waves: done[0]?.waves ?? [],
    thinnest: thinnestOf(plain),
    plane: lowestOf(plain.flatMap(({ plane }) => plane ?? [])),
    findings: findingsOf(plain, plan),
    faults: made.flatMap(({ fault, status, reason, tookMs, remarks, thinnest, plane, violations }) =>
      fault === null ? [] : [{ fault, status, reason, tookMs, remarks, thinnest, plane, violations }],
    ),
    violations: [...new Set(plain.flatMap(({ violations }) => violations))],
    assumed,
  };
}

function thinnestOf(runs: readonly RehearsedRun[]): ThinMoment | null {
  return runs
    .flatMap(({ thinnest }) => thinnest ?? [])
    .reduce<ThinMoment | null>((worst, next) => (worst === null || isThinner(next, worst) ? next : worst), null);
}

/** What the same rules do on the twin without any fault, and a look at the cluster as it is now does not show. */
function findingsOf(plain: readonly RehearsedRun[], plan: Plan): readonly RehearsalFinding[] {
  const together = wavesOf(plan);
  const expected = inAnyOrder(together(plan.hops.flatMap(({ waves }) => waves)));
  const ends = plain.flatMap(({ status, reason }) =>
    status === 'done'
      ? []
      : [
          {
            kind: 'ends-otherwise' as const,
            says: `It ends ${status}${status === 'running' ? ', after a day' : ''}: ${reason?.says ?? 'no reason is told'}`,
            remedy: reason?.clearedBy ?? 'Look at the cluster before you start it.',
          },
        ],
  );
  const remarks = plain.flatMap(({ remarks: told }) =>
    [...new Set(told)].map((says) => ({
      kind: 'goes-on-in-spite' as const,
      says,
      remedy: 'The upgrade goes on in spite of it. Mend it before, if it should not be so.',
    })),
  );
  const waits = plain.flatMap(({ waits: waited, reason: end }) =>
    waited
      .filter(({ tookMs, reason }) => tookMs >= longWaitMs && (reason.code !== end?.code || reason.subject !== end.subject))
      .map(({ reason }) => ({
        kind: 'waits-long' as const,
        says: `It waits for more than a minute: ${reason.says}`,
        remedy: reason.clearedBy,
      })),
  );
  const other = plain
    .filter(({ status, waves }) => status === 'done' && inAnyOrder(together(waves)) !== expected)
    .map(({ waves }) => ({
      kind: 'other-waves' as const,
      says: `The waves differ from those of the plan: ${shown(waves)}.`,
      remedy: 'Nothing is to be done: each wave is chosen by what is seen then. Expect these.',
    }));
  return countedOnce([...ends, ...remarks, ...waits, ...other]);
}

/** Of a control plane each member is taken by a move of its own, also where a plan lets several go side by side. */
function wavesOf({ engine }: Plan): (waves: readonly (readonly string[])[]) => readonly (readonly string[])[] {
  return (waves) => (engine === 'kubernetes' ? waves.flat().map((name) => [name]) : waves);
}

/** Who is elected meanwhile goes last of the next hop: another order is nothing to tell of. */
function inAnyOrder(waves: readonly (readonly string[])[]): string {
  return waves
    .map((wave) => [...wave].sort().join(' + '))
    .sort()
    .join();
}

function shown(waves: readonly (readonly string[])[]): string {
  return waves.map((wave) => [...wave].sort().join(' + ')).join(', then ');
}

function countedOnce(found: readonly Omit<RehearsalFinding, 'runs'>[]): readonly RehearsalFinding[] {
  const once = new Map<string, RehearsalFinding>();
  for (const finding of found) {
    const key = `${finding.kind} ${finding.says}`;
    once.set(key, { ...finding, runs: 1 + (once.get(key)?.runs ?? 0) });
  }
  return [...once.values()];
}

function spreadOf(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? null : { min: at(0), median: at(0.5), p90: at(0.9), max: at(1) };
}
