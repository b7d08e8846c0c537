import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for a server. Short, because a unix socket's path is; readable, because members may run as another account. */
export async function makeStateFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `cl-${purpose}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** CLUSTERLIFT_KEEP=1 leaves it, with the server's log and its members', for a look at what went wrong. */
export async function removeStateFolder(folder: string): Promise<void> {
  if (process.env.CLUSTERLIFT_KEEP === '1') return;
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
