export interface TableShape {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Below a rule of its own: the sum of all. */
  readonly last?: readonly string[];
}

/** Lines of a table: the first column to the left, the others to the right. */
export function drawTable({ heads, rows, last }: TableShape): readonly string[] {
  const all = [heads, ...rows, ...(last === undefined ? [] : [last])];
  const widths = heads.map((_, column) => Math.max(...all.map((cells) => (cells[column] ?? '').length)));
  const draw = (cells: readonly string[]) =>
    widths
      .map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width)))
      .join('   ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [draw(heads), rule, ...rows.map(draw), ...(last === undefined ? [] : [rule, draw(last)])];
}
