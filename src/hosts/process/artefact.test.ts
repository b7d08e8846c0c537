import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtefactSource } from '../../domain/index.ts';
import { fetchArtefact, readyHome } from './artefact.ts';

const folder = mkdtempSync(join(tmpdir(), 'clusterlift-artefact-'));
const signal = new AbortController().signal;
let server: Server;
let base = '';
let archive: Buffer;
let asked = 0;

beforeAll(async () => {
  mkdirSync(join(folder, 'made', 'thing-1.0', 'bin'), { recursive: true });
  writeFileSync(join(folder, 'made', 'thing-1.0', 'bin', 'run'), '#!/bin/sh\n', { mode: 0o700 });
  execFileSync('tar', ['-czf', join(folder, 'thing.tar.gz'), '-C', join(folder, 'made'), 'thing-1.0']);
  archive = readFileSync(join(folder, 'thing.tar.gz'));
  server = createServer((request, response) => {
    asked += 1;
    if (request.url === '/thing.tar.gz') response.end(archive);
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

describe('an artefact from an archive URL', () => {
  it('is fetched, checked and unpacked once; the next asker finds it ready', async () => {
    const cache = newCache();
    const first = await fetchArtefact(cache, [source('/thing.tar.gz')], signal);
    const before = asked;
    const again = await fetchArtefact(cache, [source('/thing.tar.gz')], signal);
    expect(again).toEqual(first);
    expect(asked).toBe(before);
    expect(first.kind === 'ready' && existsSync(join(first.home, 'bin', 'run'))).toBe(true);
  });

  it('is refused with both checksums when it is not what the catalog says, and leaves nothing behind', async () => {
    const cache = newCache();
    const wrong = source('/thing.tar.gz', 'a'.repeat(64));
    const ended = await fetchArtefact(cache, [wrong], signal);
    expect(ended.kind === 'failed' && ended.because).toContain(sha256());
    expect(readyHome(cache, wrong)).toBeNull();
    expect(readdirSync(join(cache, 'artefacts'))).toEqual([]);
  });

  it('is not taken when it was cut off, or is not there', async () => {
    for (const path of ['/cut.tar.gz', '/missing.tar.gz']) {
      const cache = newCache();
      expect((await fetchArtefact(cache, [source(path)], signal)).kind).toBe('failed');
      expect(readdirSync(join(cache, 'artefacts'))).toEqual([]);
    }
  });

  it('comes whole to two who ask at once', async () => {
    const cache = newCache();
    const [one, two] = await Promise.all([
      fetchArtefact(cache, [source('/thing.tar.gz')], signal),
      fetchArtefact(cache, [source('/thing.tar.gz')], signal),
    ]);
    expect(one.kind).toBe('ready');
    expect(two).toEqual(one);
    expect(readdirSync(join(cache, 'artefacts'))).toHaveLength(1);
  });

  it('comes from the next source when the first does not have it', async () => {
    const sources = [source('/missing.tar.gz'), { kind: 'folder', path: join(folder, 'made', 'thing-1.0') } as const];
    expect(await fetchArtefact(newCache(), sources, signal)).toEqual({ kind: 'ready', home: join(folder, 'made', 'thing-1.0') });
    const none = await fetchArtefact(newCache(), [{ kind: 'folder', path: '/nowhere' }], signal);
    expect(none).toEqual({ kind: 'failed', because: 'There is no folder /nowhere.' });
  });
});
