import type { Pool, QueryResultRow } from 'pg';
import { cleanText } from '../json.ts';
import { tableSchema } from '../migrations/index.ts';
import type { Tables } from '../tables.ts';

/** A statement that the database reads once a connection. Its parameters are lists of texts. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export function rowsOf<Row extends QueryResultRow>(
  pool: Pool,
  { name, text }: Statement,
  lists: readonly (readonly string[])[],
): Promise<readonly Row[]> {
  const values = lists.map((list) => list.map(cleanText));
  return pool.query<Row>({ name, text, values }).then(({ rows }) => rows);
}

export const named = (table: keyof Tables): string => `${tableSchema}.${table}`;

/** Another one after every change of the row: the transaction that wrote it, and where it lies. */
export const versionOf = (row: string): string => `${row}.xmin::text || ${row}.ctid::text`;

/** What is wrong with one row is no matter of those who asked for others. */
export function orError<Value>(read: () => Value): Value | Error {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
