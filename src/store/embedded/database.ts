import pg from 'pg';
import type { Connection } from '../connection.ts';

const duplicateDatabase = '42P04';
const uniqueViolation = '23505';

/** Makes the database where there is none yet. */
export async function ensureDatabase(admin: Connection, name: string): Promise<void> {
  const client = new pg.Client({ ...admin, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code !== duplicateDatabase && code !== uniqueViolation) throw error;
  } finally {
    await client.end();
  }
}
