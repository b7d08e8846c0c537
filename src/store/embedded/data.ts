import { spawn } from 'node:child_process';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../domain/index.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { draftFolder, sweepDrafts } from './drafts.ts';
import type { Folders } from './folders.ts';

const initdbLimitMs = 120_000;

/** Makes the data folder at the first start: whole or not at all, even when it is killed meanwhile or two do it at once. */
export async function prepareData(options: {
  readonly binaries: Binaries;
  readonly folders: Folders;
  readonly account: Account | null;
  readonly password: string;
  readonly superuser: string;
  readonly log: Log;
}): Promise<void> {
  const { folders, account, log } = options;
  await sweepDrafts(folders.root).catch((error: unknown) =>
    log.warn({ err: error }, 'Drafts of killed starts could not be swept.'),
  );
  if (await isThere(folders.data)) {
    await refuseOtherMajor(folders.data, options.binaries.major);
    return;
  }
  const draft = draftFolder(folders.root);
  const passwordFile = join(draft, 'password');
  try {
    await mkdir(draft, { mode: 0o700 });
    if (account !== null) await chown(draft, account.uid, account.gid);
    // initdb reads it as the server's account, and it must be a real file.
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (account !== null) await chown(passwordFile, account.uid, account.gid);
    await initdb(options, join(draft, 'data'), passwordFile);
    await rename(join(draft, 'data'), folders.data);
    log.info({ folder: folders.data }, 'Made the database folder.');
  } catch (error) {
    if (!(await isThere(folders.data))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function initdb(
  options: { binaries: Binaries; account: Account | null; superuser: string },
  target: string,
  passwordFile: string,
): Promise<void> {
  const flags = ['--auth=scram-sha-256', '--locale=C.UTF-8', '--encoding=UTF8', '--no-instructions'];
  const child = spawn(options.binaries.initdb, ['-D', target, '-U', options.superuser, `--pwfile=${passwordFile}`, ...flags], {
    ...options.account,
    cwd: '/',
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: initdbLimitMs,
  });
  const said: string[] = [];
  child.stdout.on('data', (text) => said.push(String(text)));
  child.stderr.on('data', (text) => said.push(String(text)));
  const end = await new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? null : `it ended with ${code ?? signal}`));
  });
  if (end !== null) {
    const lines = said.join('').trim().split('\n').slice(-5).join(' ');
    throw new Error(`initdb could not make the database folder: ${end}. ${lines}`);
  }
}

async function refuseOtherMajor(data: string, major: string): Promise<void> {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  if (found !== major)
    throw new Error(
      `${data} was made by PostgreSQL ${found}; this Clusterlift brings ${major}. ` +
        `Start the earlier Clusterlift, dump the database, and load it into an empty state folder.`,
    );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
