import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';

export interface Folders {
  /** What belongs to the embedded server. */
  readonly root: string;
  readonly data: string;
  readonly sockets: string;
}

/** The kernel's limit is 104 (macOS) to 108 bytes; PostgreSQL wants the whole path of the socket below it. */
const socketPathLimitBytes = 100;
const socketFile = '/.s.PGSQL.5432.lock';

/**
 * The folders of a state folder's server. An unprivileged account must be able to walk to them: where a parent folder
 * forbids that (a state folder below root's home), they lie in `fallback` instead, always in the same place.
 */
export async function chooseFolders(
  stateDir: string,
  account: Account | null,
  fallback = '/var/lib/clusterlift',
): Promise<Folders> {
  const state = await realpath(stateDir);
  const key = createHash('sha256').update(state).digest('hex').slice(0, 12);
  if (account !== null) await openForPassage(state);
  const closed = account === null ? null : await firstClosed(state);
  const root = closed === null ? join(state, 'postgres') : await fallbackRoot(fallback, key, closed);
  await mkdir(root, { recursive: true, mode: 0o755 });
  if (account !== null) await openForPassage(root);
  const sockets = await socketFolder(root, key);
  return { root, data: join(root, 'data'), sockets };
}

/** The first folder on the way that others may not pass, or null. */
export async function firstClosed(path: string): Promise<string | null> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return folder;
    if (folder === dirname(folder)) return null;
  }
}

async function fallbackRoot(fallback: string, key: string, closed: string): Promise<string> {
  const root = join(fallback, `postgres-${key}`);
  try {
    await mkdir(root, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new Error(
      `The database runs as an unprivileged account, which cannot reach it below ${closed}, and ${root} cannot be made. ` +
        'Give a --state-dir that every account can pass (such as /var/lib/clusterlift), or set DATABASE_URL.',
      { cause },
    );
  }
  const stillClosed = await firstClosed(await realpath(root));
  if (stillClosed !== null)
    throw new Error(
      `The database runs as an unprivileged account, which cannot pass ${stillClosed}. ` +
        `Allow it (chmod o+x ${stillClosed}), give another --state-dir, or set DATABASE_URL.`,
    );
  return root;
}

/** Others may pass through, not list it: what is secret in there has a mode of its own. */
async function openForPassage(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011);
}

async function socketFolder(root: string, key: string): Promise<string> {
  const candidates = [
    join(root, 'run'),
    join(await realpath(tmpdir()), `clusterlift-${key}`),
    join(await realpath('/tmp'), `clusterlift-${key}`),
  ];
  for (const candidate of candidates) {
    if (Buffer.byteLength(candidate + socketFile) <= socketPathLimitBytes) return candidate;
  }
  throw new Error(`No folder for the database's socket is short enough: tried ${candidates.join(', ')}.`);
}

/** Makes a folder the server's own. It may lie where anybody can make one, so it must be a real folder and ours. */
export async function claimFolder(folder: string, account: Account | null): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  const us = process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || (found.uid !== us && found.uid !== account?.uid))
    throw new Error(`${folder} is needed for the database's socket but belongs to somebody else. Remove it and start again.`);
  if (account !== null && found.uid !== account.uid) await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
}
