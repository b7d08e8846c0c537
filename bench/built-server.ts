import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds dist/ as a package has it, and gives the environment in which a server runs from there: nothing is transpiled while it starts. */
export async function buildServer(): Promise<Readonly<Record<string, string>>> {
  const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  await run(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root });
  return { CLUSTERLIFT_USE_DIST: '1' };
}
