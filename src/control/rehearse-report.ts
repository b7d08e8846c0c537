import type { Plan, Reason, RehearsalFault, RehearsalRequest, RehearsedRun } from '../domain/index.ts';
import { type RehearseParts, rehearseOnce } from './rehearse.ts';

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

export interface RehearsalReport {
  readonly seed: number;
  readonly runs: number;
  /** Of the runs without a fault that ended done; null where none did. */
  readonly tookMs: Spread | null;
  readonly waves: Spread | null;
  /** Runs without a fault that did not end done. */
  readonly endedOtherwise: readonly RehearsedRun[];
  /** One run for each fault. */
  readonly faults: readonly {
    readonly fault: RehearsalFault;
    readonly status: RehearsedRun['status'];
    readonly reason: Reason | null;
    readonly tookMs: number;
  }[];
  readonly violations: readonly string[];
  /** What was assumed, and what no rehearsal can tell; in sentences. */
  readonly assumed: readonly string[];
}

export interface RehearseManyRequest extends Omit<RehearsalRequest, 'fault'> {
  /** Without a fault, each from the next seed. */
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly onRun: (done: number, of: number) => void;
}

const assumed = [
  'Durations of starts, elections and recoveries are the defaults of the simulator, varied by a fifth; they were not taken from this cluster.',
  'There are no documents: how long the recovery of a large shard takes, load and searches are not rehearsed.',
  'Hooks, trial starts and gates are left out.',
  'The disks are as full as they were seen, and stay so.',
];

/** Many runs one after the other; between two of them others have their turn, and it ends early when it is told to. */
export async function rehearse(parts: RehearseParts, plan: Plan, request: RehearseManyRequest): Promise<RehearsalReport> {
  const { runs, signal, onRun, ...common } = request;
  const faults = parts.rehearsals.faultsOf(request.cluster);
  const wanted = [
    ...Array.from({ length: runs }, (_, number) => ({ seed: request.seed + number, fault: null })),
    ...faults.map((fault) => ({ seed: request.seed, fault })),
  ];
  const ended: RehearsedRun[] = [];
  for (const each of wanted) {
    if (signal.aborted) break;
    ended.push(await rehearseOnce(parts, plan, { ...common, ...each }));
    onRun(ended.length, wanted.length);
  }
  return reportOf(request.seed, ended);
}

export function reportOf(seed: number, ended: readonly RehearsedRun[]): RehearsalReport {
  const plain = ended.filter(({ fault }) => fault === null);
  const done = plain.filter(({ status }) => status === 'done');
  return {
    seed,
    runs: plain.length,
    tookMs: spreadOf(done.map(({ tookMs }) => tookMs)),
    waves: spreadOf(done.map(({ waves }) => waves.length)),
    endedOtherwise: plain.filter(({ status }) => status !== 'done'),
    faults: ended.flatMap(({ fault, status, reason, tookMs }) => (fault === null ? [] : [{ fault, status, reason, tookMs }])),
    violations: [...new Set(ended.flatMap(({ violations }) => violations))],
    assumed,
  };
}

function spreadOf(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? null : { min: at(0), median: at(0.5), p90: at(0.9), max: at(1) };
}
