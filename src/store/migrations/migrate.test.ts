import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openStore } from '../postgres-store.ts';
import { sampleKey } from '../samples.ts';
import { createSecretBox } from '../secret-box.ts';
import { silentLog, withTestDatabase } from '../testing.ts';

describe('migrations', () => {
  it('are made once when several servers start at once, and kept by the next start', async () => {
    const database = await withTestDatabase();
    const box = createSecretBox(randomBytes(32));
    const open = () => openStore({ url: database.url, box, log: silentLog });
    const stores = await Promise.all([open(), open(), open(), open()]);
    const key = sampleKey();
    await stores[0].insertKey(key);
    for (const store of stores) {
      expect(await store.getKey(key.id)).toEqual(key);
      await store.close();
    }
    const again = await open();
    expect(await again.getKey(key.id)).toEqual(key);
    await again.close();
    expect(await made(database.url)).toEqual(await written());
    await database.close();
  });

  it('leave everything outside their own schema alone', async () => {
    const database = await withTestDatabase();
    const store = await openStore({ url: database.url, box: createSecretBox(randomBytes(32)), log: silentLog });
    await store.close();
    expect(await query(database.url, `select tablename from pg_tables where schemaname = 'public'`)).toEqual([]);
    await database.close();
  });

  it('that cannot be made are told, and nothing is left open', async () => {
    const database = await withTestDatabase();
    await query(database.url, 'create schema clusterlift');
    await query(database.url, 'create table clusterlift.clusters (of_somebody_else integer)');
    const opening = openStore({ url: database.url, box: createSecretBox(randomBytes(32)), log: silentLog });
    await expect(opening).rejects.toThrow(/clusters.*already exists/);
    expect(await query(database.url, `select tablename from pg_tables where tablename = 'upgrades'`)).toEqual([]);
    const connected = `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await expect.poll(() => query(database.url, connected), { timeout: 10_000 }).toEqual([]);
    await database.close();
  });
});

/** Those that there are: each has a file. */
async function written(): Promise<readonly string[]> {
  const files = await readdir(new URL('.', import.meta.url));
  return files
    .filter((file) => /^\d{4}-/.test(file))
    .map((file) => file.replace('.ts', ''))
    .sort();
}

async function made(url: string): Promise<readonly string[]> {
  const rows = await query(url, 'select name from clusterlift.kysely_migration order by name');
  return rows.map((row) => row.name ?? '');
}

async function query(url: string, text: string): Promise<readonly Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(text)).rows;
  } finally {
    await client.end();
  }
}
