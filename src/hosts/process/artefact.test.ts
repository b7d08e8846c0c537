import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtefactSource } from '../../domain/index.ts';
import { fetchArtefact, readyHome } from './artefact.ts';
import { createProcessHost } from './index.ts';

const hasTar = spawnSync('tar', ['--version']).status === 0;
if (!hasTar) console.info('Artefacts from archives: left out, as tar is not installed, which opens them.');
const folder = mkdtempSync(join(tmpdir(), 'clusterlift-artefact-'));
const signal = new AbortController().signal;
let server: Server;
let base = '';
let archive: Buffer;
let asked = 0;
const published = new Map<string, string>();

beforeAll(async () => {
  mkdirSync(join(folder, 'made', 'thing-1.0', 'bin'), { recursive: true });
  writeFileSync(join(folder, 'made', 'thing-1.0', 'bin', 'run'), '#!/bin/sh\n', { mode: 0o700 });
  if (hasTar) execFileSync('tar', ['-czf', join(folder, 'thing.tar.gz'), '-C', join(folder, 'made'), 'thing-1.0']);
  archive = hasTar ? readFileSync(join(folder, 'thing.tar.gz')) : Buffer.alloc(0);
  server = createServer((request, response) => {
    asked += 1;
    if (request.url === '/thing.tar.gz') response.end(archive);
    else if (request.url !== undefined && published.has(request.url)) response.end(published.get(request.url));
    else if (request.url === '/cut.tar.gz') {
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, archive.length / 2));
      response.destroy();
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const sha256 = () => createHash('sha256').update(archive).digest('hex');
const source = (path: string, sum = sha256()): ArtefactSource => ({ kind: 'archive', url: `${base}${path}`, sha256: sum });
const newCache = () => mkdtempSync(join(folder, 'cache-'));
const fetchFrom = (cacheDir: string, sources: readonly ArtefactSource[], until: AbortSignal) =>
  fetchArtefact({ cacheDir, downloads: false }, sources, until);

describe.runIf(hasTar)('an artefact from an archive URL', () => {
  it('is fetched, checked and unpacked once; the next asker finds it ready', async () => {
    const cache = newCache();
    const first = await fetchFrom(cache, [source('/thing.tar.gz')], signal);
    const before = asked;
    const again = await fetchFrom(cache, [source('/thing.tar.gz')], signal);
    expect(again).toEqual(first);
    expect(asked).toBe(before);
    expect(first.kind === 'ready' && existsSync(join(first.home, 'bin', 'run'))).toBe(true);
  });

  it('is refused with both checksums when it is not what the catalog says, and leaves nothing behind', async () => {
    const cache = newCache();
    const wrong = source('/thing.tar.gz', 'a'.repeat(64));
    const ended = await fetchFrom(cache, [wrong], signal);
    expect(ended.kind === 'failed' && ended.because).toContain(sha256());
    expect(readyHome(cache, wrong)).toBeNull();
    expect(readdirSync(join(cache, 'artefacts'))).toEqual([]);
  });

  it('is not taken when it was cut off, or is not there', async () => {
    for (const path of ['/cut.tar.gz', '/missing.tar.gz']) {
      const cache = newCache();
      expect((await fetchFrom(cache, [source(path)], signal)).kind).toBe('failed');
      expect(readdirSync(join(cache, 'artefacts'))).toEqual([]);
    }
  });

  it('comes whole to two who ask at once', async () => {
    const cache = newCache();
    const [one, two] = await Promise.all([
      fetchFrom(cache, [source('/thing.tar.gz')], signal),
      fetchFrom(cache, [source('/thing.tar.gz')], signal),
    ]);
    expect(one.kind).toBe('ready');
    expect(two).toEqual(one);
    expect(readdirSync(join(cache, 'artefacts'))).toHaveLength(1);
  });

  it('comes from the next source when the first does not have it', async () => {
    const sources = [source('/missing.tar.gz'), { kind: 'folder', path: join(folder, 'made', 'thing-1.0') } as const];
    expect(await fetchFrom(newCache(), sources, signal)).toEqual({ kind: 'ready', home: join(folder, 'made', 'thing-1.0') });
    const none = await fetchFrom(newCache(), [{ kind: 'folder', path: '/nowhere' }], signal);
    expect(none).toEqual({ kind: 'failed', because: 'There is no folder /nowhere.' });
  });
});

describe.runIf(hasTar)('an artefact whose checksum is published beside it', () => {
  const beside = (list: string): ArtefactSource => ({
    kind: 'archive',
    url: `${base}/thing.tar.gz`,
    sha256Url: `${base}${list}`,
  });

  it('is checked against the one that stands alone in its file, or beside its name in a list', async () => {
    published.set('/thing.tar.gz.sha256', `${sha256()}\n`);
    published.set('/SHA256SUMS', `${'b'.repeat(64)}  other.tar.gz\n${sha256().toUpperCase()} *./dist/thing.tar.gz\n`);
    for (const list of ['/thing.tar.gz.sha256', '/SHA256SUMS']) {
      const cache = newCache();
      const fetched = await fetchFrom(cache, [beside(list)], signal);
      expect(fetched).toEqual({ kind: 'ready', home: readyHome(cache, source('/thing.tar.gz')) });
      expect(readyHome(cache, beside(list))).toBe(fetched.kind === 'ready' && fetched.home);
    }
  });

  it('stays what it was, and is not asked for again, when something else is published later', async () => {
    const cache = newCache();
    published.set('/thing.tar.gz.sha256', sha256());
    expect(readyHome(cache, beside('/thing.tar.gz.sha256'))).toBeNull();
    const first = await fetchFrom(cache, [beside('/thing.tar.gz.sha256')], signal);
    published.set('/thing.tar.gz.sha256', 'b'.repeat(64));
    const before = asked;
    expect(await fetchFrom(cache, [beside('/thing.tar.gz.sha256')], signal)).toEqual(first);
    expect(asked).toBe(before);
  });

  it('is not fetched twice where it lies ready by its checksum', async () => {
    const cache = newCache();
    const first = await fetchFrom(cache, [source('/thing.tar.gz')], signal);
    published.set('/again.sha256', sha256());
    const before = asked;
    expect(await fetchFrom(cache, [beside('/again.sha256')], signal)).toEqual(first);
    expect(asked).toBe(before + 1);
  });

  it('is refused when it is not what was published, or when nothing was published of it', async () => {
    published.set('/wrong.sha256', 'c'.repeat(64));
    published.set('/foreign', `${sha256()}  other.tar.gz\n${sha256()}  another.tar.gz\n`);
    const becauses = [];
    for (const list of ['/wrong.sha256', '/foreign', '/nothing']) {
      const cache = newCache();
      const ended = await fetchFrom(cache, [beside(list)], signal);
      becauses.push(ended.kind === 'failed' ? ended.because.replaceAll(base, '') : '');
      expect(readyHome(cache, beside(list))).toBeNull();
    }
    expect(becauses).toEqual([
      `The artefact’s SHA-256 is ${sha256()}, /wrong.sha256 says ${'c'.repeat(64)}.`,
      '/foreign holds no SHA-256 of thing.tar.gz.',
      '/nothing answered HTTP 404.',
    ]);
  });
});

describe.runIf(hasTar)('a component that this machine built', () => {
  it('is the folder that its name leads to now', async () => {
    const cache = newCache();
    mkdirSync(join(cache, 'components', '.built', 'a'), { recursive: true });
    symlinkSync(join('.built', 'a'), join(cache, 'components', 'thing-1.0'));
    const home = join(realpathSync(cache), 'components', '.built', 'a');
    expect(await fetchFrom(cache, [{ kind: 'component', name: 'thing-1.0' }], signal)).toEqual({ kind: 'ready', home });
  });

  const component: ArtefactSource = { kind: 'component', name: 'thing-1.0' };
  const missing = (cache: string) =>
    `There is no component thing-1.0 in ${join(cache, 'components')}: run \`npm run components\`.`;

  it('is missing with the command that builds it, and its archive is not downloaded unseen', async () => {
    const cache = newCache();
    expect(await fetchFrom(cache, [component], signal)).toEqual({ kind: 'failed', because: missing(cache) });
    const before = asked;
    expect(await fetchFrom(cache, [component, source('/thing.tar.gz')], signal)).toEqual({
      kind: 'failed',
      because: `${missing(cache)} ${base}/thing.tar.gz is downloaded only where the configuration says \`downloads: true\`.`,
    });
    expect(asked).toBe(before);
  });

  it('comes from its archive where the configuration says so, which is told, and once it lies ready in any case', async () => {
    const cache = newCache();
    const told: string[] = [];
    const sources = [component, source('/thing.tar.gz')];
    const ended = await fetchArtefact({ cacheDir: cache, downloads: true }, sources, signal, (says) => told.push(says));
    expect(ended).toEqual({ kind: 'ready', home: readyHome(cache, source('/thing.tar.gz')) });
    expect(told[0]).toMatch(/\/thing\.tar\.gz is being downloaded: 0(?: of 0)? MB\.$/);
    expect(await fetchFrom(cache, sources, signal)).toEqual(ended);
  });

  it('is told of with its release by the host that gets it ready', async () => {
    const told: string[] = [];
    const options = { stateDir: newCache(), cacheDir: newCache(), javaHomes: [], nowMs: Date.now, downloads: true };
    const release = { version: '1.36', build: 'eks.3' };
    const ticket = { clusterId: 'c1', generation: 1 };
    const host = createProcessHost(options);
    const end = await host.prefetch(ticket, release, [component, source('/thing.tar.gz')], signal, (says) => told.push(says));
    expect(end).toEqual({ kind: 'done', says: '1.36 (eks.3) lies ready.' });
    expect(told[0]).toMatch(/^1\.36 \(eks\.3\): http.*\/thing\.tar\.gz is being downloaded: 0/);
  });
});
