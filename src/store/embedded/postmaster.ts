import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** What postmaster.pid tells of a running server. */
export interface Postmaster {
  readonly pid: number;
  readonly sockets: string;
  readonly port: number;
}

/** The server that the pid file names, if a process with that id is alive and is a PostgreSQL server. */
export async function runningPostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = await readLines(join(data, 'postmaster.pid'));
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  if (!(await looksLikePostgres(pid))) return undefined;
  return { pid, port: Number(lines[3] ?? ''), sockets: lines[4] ?? '' };
}

/**
 * Removes a pid file whose number now belongs to some other program: PostgreSQL itself would refuse to start for fear
 * that this is its own server.
 */
export async function removeStalePidFile(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const pid = Number((await readLines(path))[0]);
  if (Number.isInteger(pid) && pid > 0 && isAlive(pid) && !(await looksLikePostgres(pid))) await rm(path, { force: true });
}

/** A dead process that nobody has waited for (in a container whose first process reaps nobody) is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    // `1234 (name) S ...`: the name may hold anything, the state comes after its last bracket.
    return !/^\) [ZX]/.test(/\)[^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[0] ?? '');
  } catch {
    return true;
  }
}

/** True when the server of this very data folder lets us in. */
export async function answers(
  where: { readonly sockets: string; readonly port: number; readonly password: string; readonly user: string },
  data: string,
  limitMs: number,
): Promise<boolean> {
  const client = new pg.Client({
    host: where.sockets,
    port: where.port,
    user: where.user,
    password: where.password,
    database: 'postgres',
    connectionTimeoutMillis: limitMs,
    query_timeout: limitMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function readLines(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
  } catch {
    return [];
  }
}

/** Process ids are used again. Where the process table cannot be read, an alive process is believed to be the server. */
async function looksLikePostgres(pid: number): Promise<boolean> {
  try {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    // A dead process that nobody has waited for yet has no command line.
    return command.split('\0')[0]?.includes('postgres') === true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return true;
    // Gone meanwhile, or a system without /proc.
    return process.platform !== 'linux' && isAlive(pid);
  }
}
