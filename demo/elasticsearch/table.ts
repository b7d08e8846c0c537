import type { Comparison, Figures } from '../../test/load/index.ts';
import { drawTable } from '../table.ts';

export interface HopResult {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly client: Figures;
}

export interface DemoResult {
  readonly hops: readonly HopResult[];
  /** The client over the whole run, between hops too. */
  readonly client: Figures;
  readonly documents: Comparison;
}

/** The figures as JSON, for machines. */
export function reportOf(result: DemoResult): unknown {
  const { documents, client } = result;
  return {
    engine: 'elasticsearch',
    hops: result.hops.map(({ from, to, seconds, client: during }) => ({
      from,
      to,
      seconds,
      client: {
        requests: during.requests,
        retried: during.retried,
        failed: during.failed,
        p99Ms: during.p99Ms,
        longestGapMs: during.longestGapMs,
      },
    })),
    client: {
      requests: client.requests,
      retried: client.retried,
      failed: client.failed,
      p50Ms: client.p50Ms,
      p99Ms: client.p99Ms,
      longestGapMs: client.longestGapMs,
    },
    documents: {
      written: documents.written,
      found: documents.found,
      lost: documents.lost.length,
      differing: documents.differing.length,
      strangers: documents.strangers.length,
    },
  };
}

/** Whole means: nothing failed, nothing lost, nothing changed, nothing there that nobody wrote. */
export function isWhole({ client, documents }: DemoResult): boolean {
  return client.failed === 0 && documents.lost.length + documents.differing.length + documents.strangers.length === 0;
}

const heads = ['hop', 'seconds', 'client requests', 'retried', 'failed', 'p99', 'longest gap'];

export function tableOf({ hops, client, documents }: DemoResult): readonly string[] {
  const row = (name: string, seconds: number, figures: Figures) => [
    name,
    seconds.toFixed(1),
    figures.requests.toLocaleString('en'),
    figures.retried.toString(),
    figures.failed.toString(),
    `${figures.p99Ms} ms`,
    `${figures.longestGapMs} ms`,
  ];
  const rows = hops.map((hop) => row(`${hop.from} → ${hop.to}`, hop.seconds, hop.client));
  return [
    ...drawTable({ heads, rows, last: row('the whole run', client.seconds, client) }),
    '',
    `documents: ${documents.written.toLocaleString('en')} written, ${documents.found.toLocaleString('en')} found, ${documents.lost.length} lost` +
      (documents.differing.length > 0 ? `, ${documents.differing.length} differing` : '') +
      (documents.strangers.length > 0 ? `, ${documents.strangers.length} that nobody wrote` : ''),
  ];
}
