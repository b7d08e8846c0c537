/** The files of the built console. All are read at once and known by name: no path leads to anything else. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Null where it would not be smaller. */
  readonly gzipped: Buffer | null;
  readonly tag: string;
  /** Its name says what is in it, so that it never changes. */
  readonly isForEver: boolean;
}

export interface ConsoleFiles {
  /** By its path below the console's; undefined where there is none. */
  find(path: string): Promise<ConsoleFile | undefined>;
  /** The page that every address of the console begins with; undefined where the console has not been built. */
  page(): Promise<ConsoleFile | undefined>;
}

const page = 'index.html';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

export function consoleFiles(folder: string): ConsoleFiles {
  let read: { readonly build: string; readonly files: Promise<ReadonlyMap<string, ConsoleFile>> } | null = null;
  // It may be built anew while the server runs.
  const current = async () => {
    const build = await buildOf(folder);
    if (build === null) return null;
    // What could not be read, because it was being written, is read again the next time.
    if (read?.build !== build) read = { build, files: readAll(folder) };
    const { files } = read;
    return files.catch(() => {
      if (read?.files === files) read = null;
      return null;
    });
  };
  return {
    find: async (path) => (await current())?.get(path),
    page: async () => (await current())?.get(page),
  };
}

/** Another text for every build; null where there is none. */
async function buildOf(folder: string): Promise<string | null> {
  const times = await Promise.all(
    [join(folder, page), join(folder, 'assets')].map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => null,
      ),
    ),
  );
  return times[0] === null ? null : times.join(' ');
}

async function readAll(folder: string): Promise<ReadonlyMap<string, ConsoleFile>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const name = (path: string) => relative(folder, path).split(sep).join('/');
  return new Map(await Promise.all(paths.map(async (path) => [name(path), await readOne(path, name(path))] as const)));
}

const packed = promisify(gzip);

async function readOne(path: string, name: string): Promise<ConsoleFile> {
  const bytes = await readFile(path);
  const gzipped = await packed(bytes, { level: constants.Z_BEST_COMPRESSION });
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    bytes,
    gzipped: gzipped.length < bytes.length ? gzipped : null,
    tag: `"${createHash('sha256').update(bytes).digest('base64url')}"`,
    isForEver: /^assets\/.*-[\w-]{8}\.\w+$/.test(name),
  };
}
