import { stripVTControlCharacters } from 'node:util';
import type { Paint } from './paint.ts';

/** Columns as wide as their widest cell, two spaces apart; the last one runs on. */
export function table(paint: Paint, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => shownLength(row[column] ?? ''))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : padded(cell, widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${[heads.map((head) => paint('bold', head)), ...rows].map(line).join('\n')}\n`;
}

/** `name  value` lines below a heading. */
export function properties(paint: Paint, pairs: readonly (readonly [string, string])[], indent = '  '): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${indent}${paint('dim', name.padEnd(width))}  ${value}\n`).join('');
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - shownLength(text)));
}

function shownLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
