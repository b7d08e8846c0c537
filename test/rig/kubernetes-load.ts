import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { componentPath } from '../../scripts/components.js';
import { eventually } from './waiting.ts';

/** What the load client says at its end (components/README.md). */
export interface LoadReport {
  readonly requests: number;
  readonly reads: number;
  readonly writes: number;
  readonly retried: number;
  readonly failed: number;
  readonly failures: readonly unknown[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestGapMs: number;
  readonly watch: { readonly reopened: number; readonly missed: readonly string[]; readonly duplicated: readonly string[] };
  readonly objects: {
    readonly written: number;
    readonly found: number;
    readonly lost: readonly string[];
    readonly differing: readonly string[];
  };
  readonly seconds: number;
}

/** What it says each second; counts are of the whole run, the latency is that of the second. */
export interface LoadProgress {
  readonly at: string;
  readonly requests: number;
  readonly failed: number;
  readonly retriedOnTheWire: number;
  readonly p99Ms: number;
}

export interface KubernetesLoad {
  /** Requests so far, from its last line. */
  requests(): number;
  /** Its lines so far. */
  progress(): readonly LoadProgress[];
  /** Ends it and reads its report. */
  stop(): Promise<LoadReport>;
}

const firstRequestsTimeoutMs = 60_000;

/** Starts the load client (client-go with its ordinary retries) and waits until its first requests have succeeded. */
export async function startKubernetesLoad(options: {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly report: string;
  readonly rate?: number;
}): Promise<KubernetesLoad> {
  const { kubeconfig, namespace, report, rate = 30 } = options;
  const words = ['--kubeconfig', kubeconfig, '--namespace', namespace, '--report', report, '--rate', String(rate)];
  const child = spawn(`${componentPath('kubernetes-load')}/bin/kubernetes-load`, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  const exited = once(child, 'exit');
  const lines: LoadProgress[] = [];
  const requests = () => lines.at(-1)?.requests ?? 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as Partial<LoadProgress>;
    if (said.requests !== undefined) lines.push(said as LoadProgress);
  });
  await eventually('the load has begun', firstRequestsTimeoutMs, async () => {
    if (child.exitCode !== null) throw new Error(`the load client ended: ${errors.join('')}`);
    return requests() > rate ? true : undefined;
  });
  return {
    requests,
    progress: () => lines,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      return JSON.parse(readFileSync(report, 'utf8')) as LoadReport;
    },
  };
}
