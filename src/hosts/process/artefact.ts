import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ArtefactSource } from '../../domain/index.ts';
import { findProgram } from './program.ts';
import { fetchPublished, keepPublished, readPublished } from './published-checksum.ts';

const run = promisify(execFile);
const downloadTimeoutMs = 15 * 60_000;
const progressMs = 5_000;

type Told = (says: string) => void;

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

export interface Fetching {
  readonly cacheDir: string;
  /** Whether archives are downloaded of what is built on this machine otherwise. */
  readonly downloads: boolean;
}

/** Tries the sources in turn; the first that can be had serves. `told` hears now and then how far it is. */
export async function fetchArtefact(
  fetching: Fetching,
  sources: readonly ArtefactSource[],
  signal: AbortSignal,
  told: (says: string) => void = () => undefined,
): Promise<Fetched> {
  const { cacheDir } = fetching;
  const reasons: string[] = [];
  for (const source of sources) {
    const home = readyHome(cacheDir, source);
    if (home !== null) return { kind: 'ready', home };
    const hindrance = hindranceOf(fetching, sources, source);
    if (hindrance !== null) {
      reasons.push(hindrance);
      continue;
    }
    try {
      return { kind: 'ready', home: await fetchOne(cacheDir, source, signal, told) };
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { kind: 'failed', because: reasons.length === 0 ? 'the catalog names no source for it' : reasons.join(' ') };
}

/**
 * Why a source that does not lie ready is not even tried, with what to do; null: it is. Of what is built on this machine the
 * archives are some hundred megabytes that nobody asked for: they are downloaded where the configuration says so.
 */
export function hindranceOf(
  { cacheDir, downloads }: Fetching,
  sources: readonly ArtefactSource[],
  source: ArtefactSource,
): string | null {
  switch (source.kind) {
    case 'folder':
      return `There is no folder ${source.path}.`;
    case 'component':
      return `There is no component ${source.name} in ${join(cacheDir, 'components')}: run \`npm run components\`.`;
    case 'maven':
      return findProgram('mvn') === null ? 'Maven (mvn) was not found: install it, for example the package maven.' : null;
    case 'archive':
      return downloads || !sources.some(({ kind }) => kind === 'component')
        ? null
        : `${source.url} is downloaded only where the configuration says \`downloads: true\`.`;
  }
}

async function fetchOne(cacheDir: string, source: ArtefactSource, signal: AbortSignal, told: Told): Promise<string> {
  if (source.kind === 'folder' || source.kind === 'component') throw new Error('Nothing is fetched of it.');
  if ('sha256' in source) return fetchBy(cacheDir, source, { sha256: source.sha256, saidBy: 'the catalog' }, signal, told);
  const sha256 = await fetchPublished(source, signal);
  const home = await fetchBy(cacheDir, source, { sha256, saidBy: source.sha256Url }, signal, told);
  keepPublished(cacheDir, source, sha256);
  return home;
}

type Fetchable = Extract<ArtefactSource, { kind: 'archive' | 'maven' }>;

async function fetchBy(
  cacheDir: string,
  source: Fetchable,
  { sha256, saidBy }: { readonly sha256: string; readonly saidBy: string },
  signal: AbortSignal,
  told: Told,
): Promise<string> {
  const home = homeBy(cacheDir, sha256);
  if (existsSync(home)) return home;
  const artefacts = join(cacheDir, 'artefacts');
  await mkdir(artefacts, { recursive: true, mode: 0o755 });
  // Each asker unpacks in a folder of its own; the rename lets one of them win and the others use what is there.
  const scratch = await mkdtemp(join(artefacts, 'unpacking-'));
  try {
    const archive =
      source.kind === 'maven'
        ? await fromMaven(source.coordinate, signal, told)
        : await fromUrl(source.url, scratch, signal, told);
    await check(archive, sha256, saidBy);
    return await unpack(archive, scratch, home, signal);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fromMaven(coordinate: string, signal: AbortSignal, told: Told): Promise<string> {
  told(`Maven gets ${coordinate}.`);
  const [group = '', artifact = '', version = '', extension = 'zip'] = coordinate.split(':');
  try {
    await run('mvn', ['-q', '-B', 'dependency:get', '-Dtransitive=false', `-Dartifact=${coordinate}`], {
      signal,
      timeout: downloadTimeoutMs,
    });
  } catch {
    throw new Error(`Maven could not get ${coordinate}.`);
  }
  return join(homedir(), '.m2', 'repository', ...group.split('.'), artifact, version, `${artifact}-${version}.${extension}`);
}

async function fromUrl(url: string, folder: string, signal: AbortSignal, told: Told): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(downloadTimeoutMs)]) });
  if (!response.ok || response.body === null) throw new Error(`${url} answered HTTP ${response.status}.`);
  const file = join(folder, url.endsWith('.zip') ? 'artefact.zip' : 'artefact.tar.gz');
  await writeFile(
    file,
    counted(response.body, (bytes) => told(progress(url, bytes, response.headers.get('content-length')))),
  );
  return file;
}

/** The same chunks; tells how much there was at the beginning and then now and then. */
async function* counted(body: AsyncIterable<Uint8Array>, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let toldAt = performance.now();
  tell(bytes);
  for await (const chunk of body) {
    yield chunk;
    bytes += chunk.length;
    if (performance.now() - toldAt < progressMs) continue;
    toldAt = performance.now();
    tell(bytes);
  }
}

function progress(url: string, bytes: number, contentLength: string | null): string {
  const inMegabytes = (count: number) => Math.round(count / 1_000_000);
  const all = Number(contentLength ?? 0);
  return `${url} is being downloaded: ${inMegabytes(bytes)}${all > 0 ? ` of ${inMegabytes(all)}` : ''} MB.`;
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
