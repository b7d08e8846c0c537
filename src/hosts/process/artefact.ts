import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ArtefactSource } from '../../domain/index.ts';
import { fetchPublished, keepPublished, readPublished } from './published-checksum.ts';

const run = promisify(execFile);
const downloadTimeoutMs = 15 * 60_000;

export type Fetched = { readonly kind: 'ready'; readonly home: string } | { readonly kind: 'failed'; readonly because: string };

/** The unpacked artefact's folder, if it lies ready; null if not. */
export function readyHome(cacheDir: string, source: ArtefactSource): string | null {
  if (source.kind === 'folder') return existsSync(source.path) ? source.path : null;
  if (source.kind === 'component') {
    const link = join(cacheDir, 'components', source.name);
    // Where it leads now: a member goes on with what it was started from when the component is built anew.
    return existsSync(link) ? realpathSync(link) : null;
  }
  const sha256 = 'sha256' in source ? source.sha256 : readPublished(cacheDir, source);
  const home = sha256 === null ? null : homeBy(cacheDir, sha256);
  return home !== null && existsSync(home) ? home : null;
}

function homeBy(cacheDir: string, sha256: string): string {
  return join(cacheDir, 'artefacts', sha256.slice(0, 16));
}

/** Tries the sources in turn; the first that can be had serves. */
export async function fetchArtefact(cacheDir: string, sources: readonly ArtefactSource[], signal: AbortSignal): Promise<Fetched> {
  const reasons: string[] = [];
  for (const source of sources) {
    const home = readyHome(cacheDir, source);
    if (home !== null) return { kind: 'ready', home };
    try {
      return { kind: 'ready', home: await fetchOne(cacheDir, source, signal) };
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { kind: 'failed', because: reasons.length === 0 ? 'the catalog names no source for it' : reasons.join(' ') };
}

async function fetchOne(cacheDir: string, source: ArtefactSource, signal: AbortSignal): Promise<string> {
  if (source.kind === 'folder') throw new Error(`There is no folder ${source.path}.`);
  if (source.kind === 'component')
    throw new Error(`There is no component ${source.name} in ${join(cacheDir, 'components')}: run \`npm run components\`.`);
  if ('sha256' in source) return fetchBy(cacheDir, source, source.sha256, 'the catalog', signal);
  const sha256 = await fetchPublished(source, signal);
  const home = await fetchBy(cacheDir, source, sha256, source.sha256Url, signal);
  keepPublished(cacheDir, source, sha256);
  return home;
}

type Fetchable = Extract<ArtefactSource, { kind: 'archive' | 'maven' }>;

async function fetchBy(
  cacheDir: string,
  source: Fetchable,
  sha256: string,
  saidBy: string,
  signal: AbortSignal,
): Promise<string> {
  const home = homeBy(cacheDir, sha256);
  if (existsSync(home)) return home;
  const artefacts = join(cacheDir, 'artefacts');
  await mkdir(artefacts, { recursive: true, mode: 0o755 });
  // Each asker unpacks in a folder of its own; the rename lets one of them win and the others use what is there.
  const scratch = await mkdtemp(join(artefacts, 'unpacking-'));
  try {
    const archive =
      source.kind === 'maven' ? await fromMaven(source.coordinate, signal) : await fromUrl(source.url, scratch, signal);
    await check(archive, sha256, saidBy);
    return await unpack(archive, scratch, home, signal);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fromMaven(coordinate: string, signal: AbortSignal): Promise<string> {
  const [group = '', artifact = '', version = '', extension = 'zip'] = coordinate.split(':');
  try {
    await run('mvn', ['-q', '-B', 'dependency:get', '-Dtransitive=false', `-Dartifact=${coordinate}`], {
      signal,
      timeout: downloadTimeoutMs,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error('Maven (mvn) was not found: install it, for example the package maven.');
    throw new Error(`Maven could not get ${coordinate}.`);
  }
  return join(homedir(), '.m2', 'repository', ...group.split('.'), artifact, version, `${artifact}-${version}.${extension}`);
}

async function fromUrl(url: string, folder: string, signal: AbortSignal): Promise<string> {
  const { writeFile } = await import('node:fs/promises');
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(downloadTimeoutMs)]) });
  if (!response.ok || response.body === null) throw new Error(`${url} answered HTTP ${response.status}.`);
  const file = join(folder, url.endsWith('.zip') ? 'artefact.zip' : 'artefact.tar.gz');
  await writeFile(file, response.body);
  return file;
}

async function check(file: string, sha256: string, saidBy: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  if (found !== sha256) throw new Error(`The artefact’s SHA-256 is ${found}, ${saidBy} says ${sha256}.`);
}

/** Unpacks, takes the archive's single top folder, and makes it readable for the account that members run as. */
async function unpack(archive: string, scratch: string, home: string, signal: AbortSignal): Promise<string> {
  const into = join(scratch, 'unpacked');
  await mkdir(into);
  const zip = archive.endsWith('.zip');
  await run(zip ? 'unzip' : 'tar', zip ? ['-q', archive, '-d', into] : ['-xzf', archive, '-C', into], { signal });
  const [top, ...others] = await readdir(into);
  if (top === undefined) throw new Error('The artefact is empty.');
  const root = others.length === 0 ? join(into, top) : into;
  await run('chmod', ['-R', 'a+rX', root], { signal });
  try {
    await rename(root, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
  return home;
}
