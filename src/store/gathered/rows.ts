import type { Selectable } from 'kysely';
import type { Pool } from 'pg';
import type { Tables } from '../tables.ts';
import { Kept } from './kept.ts';
import { named, orError, rowsOf, type Statement, versionOf } from './statement.ts';

export interface Rows<Table extends keyof Tables, Value> {
  readonly table: Table;
  /** Those that `read` asks for. Not all: a statement that was prepared would break when another server's migration adds one. */
  readonly columns: readonly (keyof Tables[Table] & string)[];
  readonly read: (row: Selectable<Tables[Table]>) => Value;
  readonly keptMax: number;
}

interface Versioned {
  readonly id: string;
  readonly version: string;
}

/** Rows of a table by their ids, in the order in which they are asked for. */
export function rowReads<Table extends keyof Tables, Value>(
  pool: Pool,
  { table, columns, read, keptMax }: Rows<Table, Value>,
): (ids: readonly string[]) => Promise<readonly (Value | Error | undefined)[]> {
  const kept = new Kept<Value>(keptMax);
  const from = `from ${named(table)} r where r.id = any ($1::text[])`;
  const versions: Statement = { name: `versions of ${table}`, text: `select r.id, ${versionOf('r')} as version ${from}` };
  const wanted = columns.map((column) => `r.${column}`).join(', ');
  const wholeRows: Statement = { name: `rows of ${table}`, text: `select ${wanted}, ${versionOf('r')} as version ${from}` };
  return async (ids) => {
    const found = new Map<string, Value | Error>();
    const changed: string[] = [];
    for (const { id, version } of await rowsOf<Versioned>(pool, versions, [ids])) {
      const known = kept.get(id, version);
      if (known === undefined) changed.push(id);
      else found.set(id, known);
    }
    if (changed.length > 0)
      for (const row of await rowsOf<Selectable<Tables[Table]> & Versioned>(pool, wholeRows, [changed])) {
        const value = orError(() => read(row));
        if (!(value instanceof Error)) kept.set(row.id, row.version, value);
        found.set(row.id, value);
      }
    return ids.map((id) => found.get(id));
  };
}
