import type { FaceReport } from './run.ts';
import type { Session } from './session.ts';

const sorts = ['signed', 'broken signature', 'random bytes'] as const;

/** Statuses by face and sort of request, in markdown. */
export function tableOf(reports: readonly FaceReport[]): string {
  const lines = reports.flatMap(({ face, statuses }) => sorts.map((sort) => ({ face, sort, counts: statuses[sort] })));
  const columns = [...new Set(lines.flatMap(({ counts }) => [...counts.keys()]))].sort();
  const rows = lines.map(({ face, sort, counts }) => [face, sort, ...columns.map((status) => String(counts.get(status) ?? ''))]);
  return inMarkdown([['face', 'sort of request', ...columns], ['---', '---', ...columns.map(() => '--:')], ...rows]);
}

/** Of the server of each face, in MiB. */
export function memoryTable(of: readonly { readonly face: string; readonly residentMiB: Session['residentMiB'] }[]): string {
  const rows = of.map(({ face, residentMiB: { begin, warm, end } }) => [
    face,
    ...[begin, warm, end].map((mib) => mib.toFixed(0)),
  ]);
  return inMarkdown([['face', 'begin', 'warm', 'end (MiB)'], ['---', '--:', '--:', '--:'], ...rows]);
}

function inMarkdown(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
