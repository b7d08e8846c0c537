export type OperationKind = 'write' | 'search' | 'get';

/** One operation of the client, from the moment it was due until its last answer. */
export interface Sample {
  readonly kind: OperationKind;
  /** Milliseconds on the client's clock at which it was due. */
  readonly dueAt: number;
  readonly endedAt: number;
  readonly retries: number;
  /** Null when it succeeded. */
  readonly failure: string | null;
  /** Acknowledged, while one of its replicas was leaving. */
  readonly fewerCopies: boolean;
}

export interface Figures {
  readonly seconds: number;
  readonly requests: number;
  readonly writes: number;
  readonly reads: number;
  /** Operations that needed the next node at least once. */
  readonly retried: number;
  readonly failed: number;
  /** Writes that were acknowledged by fewer copies than there should be. */
  readonly fewerCopies: number;
  /** What each failed operation ended with, at most a hundred. */
  readonly failures: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The longest time in which no operation succeeded while the client was running. */
  readonly longestGapMs: number;
  readonly perSecond: number;
}

/** A time in which the client was running, on its own clock. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const failuresShown = 100;

/** Figures of the operations that ended within the stretches. Pure. */
export function figuresOf(samples: readonly Sample[], stretches: readonly Stretch[]): Figures {
  const inside = samples.filter((sample) => stretches.some((s) => sample.endedAt >= s.from && sample.endedAt <= s.to));
  const latencies = inside.map((sample) => sample.endedAt - sample.dueAt).sort((a, b) => a - b);
  const failed = inside.filter((sample) => sample.failure !== null);
  const seconds = stretches.reduce((sum, s) => sum + (s.to - s.from), 0) / 1000;
  const writes = inside.filter((sample) => sample.kind === 'write').length;
  return {
    seconds: round(seconds, 1),
    requests: inside.length,
    writes,
    reads: inside.length - writes,
    retried: inside.filter((sample) => sample.retries > 0).length,
    failed: failed.length,
    fewerCopies: inside.filter((sample) => sample.fewerCopies).length,
    failures: failed.slice(0, failuresShown).map((sample) => `${sample.kind}: ${sample.failure}`),
    p50Ms: round(percentile(latencies, 50)),
    p99Ms: round(percentile(latencies, 99)),
    maxMs: round(percentile(latencies, 100)),
    longestGapMs: round(Math.max(0, ...stretches.map((stretch) => longestGap(inside, stretch)))),
    perSecond: seconds > 0 ? round(inside.length / seconds, 1) : 0,
  };
}

/** Nearest rank over sorted values; 0 when there are none. */
export function percentile(sorted: readonly number[], percent: number): number {
  if (sorted.length === 0) return 0;
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? 0;
}

function longestGap(samples: readonly Sample[], stretch: Stretch): number {
  const successes = samples
    .filter((sample) => sample.failure === null && sample.endedAt >= stretch.from && sample.endedAt <= stretch.to)
    .map((sample) => sample.endedAt)
    .sort((a, b) => a - b);
  let longest = 0;
  let last = stretch.from;
  for (const moment of [...successes, stretch.to]) {
    longest = Math.max(longest, moment - last);
    last = moment;
  }
  return longest;
}

function round(value: number, digits = 0): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
