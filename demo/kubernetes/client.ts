import type { LoadProgress } from '../../test/rig/index.ts';
import type { Screen } from '../screen.ts';

/** What the client did in a part of the run. */
export interface Part {
  readonly requests: number;
  readonly retried: number;
  readonly failed: number;
  /** The p99 of the slowest of its seconds; null of a part that was over within one. */
  readonly slowestP99Ms: number | null;
}

const nothing = { requests: 0, failed: 0, retriedOnTheWire: 0 };

/** From the lines that the client wrote, one a second. */
export function partOf(progress: readonly LoadProgress[], fromMs: number, toMs: number): Part {
  const until = (endMs: number) => progress.findLast(({ at }) => Date.parse(at) <= endMs) ?? nothing;
  const within = progress.filter(({ at }) => Date.parse(at) > fromMs && Date.parse(at) <= toMs);
  const [before, after] = [until(fromMs), until(toMs)];
  return {
    requests: after.requests - before.requests,
    retried: after.retriedOnTheWire - before.retriedOnTheWire,
    failed: after.failed - before.failed,
    slowestP99Ms: within.length === 0 ? null : Math.max(...within.map(({ p99Ms }) => p99Ms)),
  };
}

export function clientLine(screen: Screen, progress: readonly LoadProgress[]): string {
  const { requests, failed, retriedOnTheWire, p99Ms } = { p99Ms: 0, ...nothing, ...progress.at(-1) };
  const shown = failed === 0 ? screen.good('0 failed') : screen.bad(`${failed} failed`);
  return `client: ${requests.toLocaleString('en')} requests, ${retriedOnTheWire} retried on the wire, ${shown}, p99 of the last second ${p99Ms} ms`;
}
