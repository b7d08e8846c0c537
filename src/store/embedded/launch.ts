import { spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Supervision } from './supervise.ts';

const logLimitBytes = 20 * 1024 * 1024;

/** Starts the server in a session of its own, so that neither our end nor a Ctrl-C at our terminal ends it. */
export function launchPostgres(options: Supervision): { readonly pid: number | undefined; ended(): boolean } {
  const { folders, account, durability, binaries } = options;
  const settings: Record<string, string> = {
    listen_addresses: '',
    port: String(options.port),
    unix_socket_directories: folders.sockets,
    unix_socket_permissions: '0700',
    max_connections: '200',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Bad input is answered by us; the server's log is for the server's own troubles.
    log_min_error_statement: 'panic',
  };
  // Commits stay synchronous: what is written to the system survives the server's death, only not the machine's.
  if (durability === 'none') Object.assign(settings, { fsync: 'off', full_page_writes: 'off' });
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openLog(logPath(folders.root));
  try {
    const child = spawn(binaries.postgres, ['-D', folders.data, ...flags], {
      ...account,
      cwd: '/',
      env: { PATH: process.env.PATH, TZ: 'UTC' },
      stdio: ['ignore', output, output],
      detached: true,
    });
    let gone = false;
    child.on('exit', () => {
      gone = true;
    });
    child.on('error', (error) => {
      gone = true;
      options.log.error({ err: error }, 'The database server cannot be run.');
    });
    child.unref();
    return { pid: child.pid, ended: () => gone };
  } finally {
    closeSync(output);
  }
}

export async function lastLines(root: string): Promise<readonly string[]> {
  try {
    return (await readFile(logPath(root), 'utf8')).trim().split('\n').slice(-5);
  } catch {
    return [];
  }
}

function logPath(root: string): string {
  return join(root, 'postgres.log');
}

/** One earlier log is kept. */
function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logLimitBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
