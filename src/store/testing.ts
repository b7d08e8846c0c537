/** A real PostgreSQL for tests: one server for a whole test run, a fresh database for each call. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../domain/index.ts';
import { type Connection, connectionUrl } from './connection.ts';
import { startEmbeddedPostgres } from './embedded/index.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database, whoever is still connected to it. The server ends with the test run. */
  close(): Promise<void>;
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const serverStartLimitMs = 60_000;
let server: Promise<Connection> | undefined;

export async function withTestDatabase(): Promise<TestDatabase> {
  server ??= shareServer();
  const connection = await server;
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

/** Unpacked binaries stay from one test run to the next: unpacking takes longer than starting the server. */
export async function testBinariesDir(): Promise<string> {
  const folder = join(await realpath(tmpdir()), `clusterlift-test-binaries-${process.getuid?.() ?? 'us'}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await refuseUnlessOurs(folder);
  return folder;
}

/** The first of a run's processes that comes starts the server; the others find how to reach it. */
async function shareServer(): Promise<Connection> {
  // A runner has a process for each test file; the runner itself is the parent of them all.
  const run = process.env.VITEST === undefined ? process.pid : process.ppid;
  const stateDir = join(await realpath(tmpdir()), `clusterlift-test-${process.getuid?.() ?? 'us'}-${run}`);
  const told = join(stateDir, 'connection.json');
  if (await makeFolder(stateDir)) {
    clearAfter(run, stateDir);
    const binariesDir = await testBinariesDir();
    const { connection } = await startEmbeddedPostgres({ stateDir, log: silentLog, binariesDir, durability: 'none' });
    await writeFile(`${told}.draft`, JSON.stringify(connection), { mode: 0o600 });
    await rename(`${told}.draft`, told);
    return connection;
  }
  await refuseUnlessOurs(stateDir);
  for (const deadline = Date.now() + serverStartLimitMs; Date.now() < deadline; await sleep(50)) {
    const text = await readFile(told, 'utf8').catch(() => null);
    if (text !== null) return JSON.parse(text) as Connection;
  }
  throw new Error(`No test has started the database server of ${stateDir} in time.`);
}

async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o711 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Anybody can make a folder of that name: what is read and run from it must have been put there by us. */
async function refuseUnlessOurs(folder: string): Promise<void> {
  const { uid, mode } = await lstat(folder);
  if (uid !== (process.getuid?.() ?? uid) || (mode & 0o022) !== 0) throw new Error(`${folder} is not ours alone. Remove it.`);
}

/** The server outlives its owner by design, and a test run may be killed without a word: a shell looks after that. */
function clearAfter(run: number, stateDir: string): void {
  const script =
    'while kill -0 "$2"; do sleep 0.5; done; p="$1/postgres/data/postmaster.pid"; kill -QUIT "$(head -n 1 "$p")"; ' +
    'for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$p" ] && sleep 0.2; done; rm -rf "$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', stateDir, String(run)], { cwd: '/', stdio: 'ignore', detached: true });
  shell.unref();
}
