/** Builds the console once for all tests of the project, when something that it is made from is newer than the build. */
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const builtFolder = join(root, 'console', 'dist');

export async function setup(): Promise<void> {
  const made = await changedAt(join(builtFolder, '.vite', 'manifest.json'));
  if (made > (await newest([join(root, 'console'), join(root, 'package-lock.json')]))) return;
  // In a process of its own, as a user builds it: in a test's environment React would be built for development.
  const args = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(root, 'console/vite.config.ts')];
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } });
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Folders count, too: theirs is the time at which a file was last taken away. */
async function newest(paths: readonly string[]): Promise<number> {
  let last = 0;
  for (const path of paths) {
    if (path === builtFolder) continue;
    const about = await stat(path);
    // The console's own folder changes with each build in it.
    if (!about.isDirectory() || path !== join(root, 'console')) last = Math.max(last, about.mtimeMs);
    if (about.isDirectory()) last = Math.max(last, await newest((await readdir(path)).map((name) => join(path, name))));
  }
  return last;
}
