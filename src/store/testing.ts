/** A real PostgreSQL for tests: one server for each test process, one fresh database for each call. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Log } from '../domain/index.ts';
import { connectionUrl } from './connection.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/index.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database, whoever is still connected to it. The server ends with the test process. */
  close(): Promise<void>;
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let server: Promise<EmbeddedPostgres> | undefined;

export async function withTestDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { connection } = await server;
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`create database ${database}`);
  return {
    url: connectionUrl({ ...connection, database }),
    close: () => asAdmin(`drop database if exists ${database} with (force)`),
  };

  async function asAdmin(statement: string): Promise<void> {
    const client = new pg.Client({ ...connection, database: 'postgres' });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}

async function startServer(): Promise<EmbeddedPostgres> {
  const stateDir = await mkdtemp(join(await realpath(tmpdir()), 'clusterlift-test-'));
  clearWhenWeEnd(stateDir);
  return startEmbeddedPostgres({ stateDir, log: silentLog, durability: 'none' });
}

/**
 * The server outlives its owner by design, and a test process may be killed without a word. Its end closes the pipe that
 * a shell reads from, which then ends the server and removes the folder.
 */
function clearWhenWeEnd(stateDir: string): void {
  const script =
    'cat; p="$1/postgres/data/postmaster.pid"; kill -QUIT "$(head -n 1 "$p")"; ' +
    'for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$p" ] && sleep 0.2; done; rm -rf "$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', stateDir], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  (shell.stdin as Socket | null)?.unref();
}
