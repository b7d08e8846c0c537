import type { FaceReport } from './run.ts';

const sorts = ['signed', 'broken signature', 'random bytes'] as const;

/** Statuses by face and sort of request, in markdown. */
export function tableOf(reports: readonly FaceReport[]): string {
  const lines = reports.flatMap(({ face, statuses }) => sorts.map((sort) => ({ face, sort, counts: statuses[sort] })));
  const columns = [...new Set(lines.flatMap(({ counts }) => [...counts.keys()]))].sort();
  const rows = lines.map(({ face, sort, counts }) => [face, sort, ...columns.map((status) => String(counts.get(status) ?? ''))]);
  const all = [['face', 'sort of request', ...columns], ['---', '---', ...columns.map(() => '--:')], ...rows];
  return all.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
