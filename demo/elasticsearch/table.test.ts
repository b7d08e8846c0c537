import { describe, expect, it } from 'vitest';
import type { Comparison, Figures } from '../../test/load/index.ts';
import { isWhole, reportOf, tableOf } from './table.ts';

const figures: Figures = {
  seconds: 30,
  requests: 1234,
  writes: 617,
  reads: 617,
  retried: 3,
  failed: 0,
  fewerCopies: 0,
  failures: [],
  p50Ms: 12,
  p99Ms: 140,
  maxMs: 900,
  longestGapMs: 400,
  perSecond: 25,
};
const documents: Comparison = { written: 5000, found: 5000, lost: [], differing: [], strangers: [] };
const result = { hops: [{ from: '5.5.3', to: '5.6.16', seconds: 25.4, client: figures }], client: figures, documents };

describe('the end of the demo', () => {
  it('is a table with a row for each hop and the documents below', () => {
    const table = tableOf(result);
    expect(table[2]).toMatch(/^5\.5\.3 → 5\.6\.16\s+25\.4\s+1,234\s+3\s+0\s+140 ms\s+400 ms$/);
    expect(table.at(-1)).toBe('documents: 5,000 written, 5,000 found, 0 lost');
  });

  it('is a report with counts', () => {
    expect(reportOf(result)).toMatchObject({
      engine: 'elasticsearch',
      hops: [{ from: '5.5.3', to: '5.6.16', seconds: 25.4 }],
      client: { requests: 1234, retried: 3, failed: 0 },
      documents: { written: 5000, found: 5000, lost: 0 },
    });
  });

  it('is whole only when nothing failed, was lost, differs or was written by nobody', () => {
    expect(isWhole(result)).toBe(true);
    expect(isWhole({ ...result, client: { ...figures, failed: 1 } })).toBe(false);
    expect(isWhole({ ...result, documents: { ...documents, lost: ['a/1'] } })).toBe(false);
    expect(isWhole({ ...result, documents: { ...documents, differing: ['a/1'] } })).toBe(false);
    expect(isWhole({ ...result, documents: { ...documents, strangers: ['a/1'] } })).toBe(false);
  });
});
