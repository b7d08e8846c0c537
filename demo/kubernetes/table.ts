import type { LoadReport } from '../../test/rig/index.ts';
import { drawTable } from '../table.ts';
import type { Part } from './client.ts';

export interface HopResult {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly client: Part;
  readonly phases: readonly { readonly name: string; readonly seconds: number; readonly client: Part }[];
}

export interface DemoResult {
  /** What made the calls. */
  readonly calledBy: string;
  readonly hops: readonly HopResult[];
  readonly load: LoadReport;
  /** Pods that ran before the first hop, and those of them that run still. */
  readonly pods: { readonly before: number; readonly same: number };
}

const heads = ['', 'seconds', 'client requests', 'retried', 'failed', 'p99 of the slowest second'];

function row(name: string, seconds: number, { requests, retried, failed, slowestP99Ms }: Part): readonly string[] {
  const counts = [requests.toLocaleString('en'), retried.toString(), failed.toString()];
  return [name, seconds.toFixed(1), ...counts, slowestP99Ms === null ? '–' : `${slowestP99Ms} ms`];
}

function rowsOf(hop: HopResult): readonly (readonly string[])[] {
  return [
    row(`${hop.from} → ${hop.to}`, hop.seconds, hop.client),
    ...hop.phases.map(({ name, seconds, client }) => row(`  ${name}`, seconds, client)),
  ];
}

export function tableOfHop(hop: HopResult): readonly string[] {
  return drawTable({ heads, rows: rowsOf(hop) });
}

export function tableOf({ hops, load, pods }: DemoResult): readonly string[] {
  const { watch, objects } = load;
  return [
    ...drawTable({ heads, rows: hops.flatMap(rowsOf) }),
    '',
    `the whole run: ${count(load.requests)} requests in ${load.seconds.toFixed(0)} s, ${load.failed} failed, ${load.retried} retried on the wire; p50 ${load.p50Ms} ms, p99 ${load.p99Ms} ms, longest gap ${load.longestGapMs} ms`,
    `objects: ${count(objects.written)} written, ${count(objects.found)} found, ${objects.lost.length} lost, ${objects.differing.length} differing`,
    `watch: reopened ${watch.reopened} times, ${watch.missed.length} events missed, ${watch.duplicated.length} seen twice`,
    `workload: ${pods.before} pods before, ${pods.same} of them run still, untouched`,
  ];
}

function count(value: number): string {
  return value.toLocaleString('en');
}

export function wrongOf({ load, pods }: DemoResult): readonly string[] {
  const { watch, objects, failures } = load;
  return [
    ...failures.map((failure) => JSON.stringify(failure)),
    ...objects.lost.map((name) => `${name} is lost`),
    ...objects.differing.map((name) => `${name} differs from what was written`),
    ...watch.missed.map((name) => `the watch never told of ${name}`),
    ...watch.duplicated.map((name) => `the watch told twice of ${name}`),
    ...(pods.same === pods.before
      ? []
      : [`of the workload, ${pods.before - pods.same} of ${pods.before} pods are gone or were replaced`]),
  ];
}

/** Whole means: nothing failed, nothing lost or changed, nothing missed or told twice, no pod touched. */
export function isWhole(result: DemoResult): boolean {
  return result.load.failed === 0 && wrongOf(result).length === 0;
}

/** The figures as JSON, for machines. */
export function reportOf({ calledBy, hops, load, pods }: DemoResult): unknown {
  const { requests, retried, failed, p50Ms, p99Ms, longestGapMs, seconds, watch, objects } = load;
  return {
    engine: 'kubernetes',
    calledBy,
    hops,
    client: { seconds, requests, retried, failed, p50Ms, p99Ms, longestGapMs },
    watch: { reopened: watch.reopened, missed: watch.missed.length, duplicated: watch.duplicated.length },
    objects: {
      written: objects.written,
      found: objects.found,
      lost: objects.lost.length,
      differing: objects.differing.length,
    },
    pods,
  };
}
