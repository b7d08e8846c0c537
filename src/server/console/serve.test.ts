import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveConsole } from './serve.ts';

let folder: string;
let fastify: FastifyInstance;
let readable = false;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clusterlift-console-'));
  readable = false;
  fastify = Fastify();
  await fastify.register(serveConsole({ folder: join(folder, 'dist'), isReadable: () => readable }));
});
afterEach(async () => {
  await fastify.close();
  rmSync(folder, { recursive: true });
});

const script = 'export const nothing = 0;\n'.repeat(100);

async function build(page = '<!doctype html><title>Console</title>'): Promise<void> {
  await mkdir(join(folder, 'dist/assets'), { recursive: true });
  await writeFile(join(folder, 'dist/assets/main-Ab3_d-9Z.js'), script);
  await writeFile(join(folder, 'dist/icon.svg'), '<svg/>');
  await writeFile(join(folder, 'dist/index.html'), page);
  await writeFile(join(folder, 'outside.txt'), 'not ours to show');
}

function get(url: string, headers: Record<string, string> = {}) {
  return fastify.inject({ url, headers });
}

describe('the console', () => {
  it('is one page at every address without an extension, asked about again each time', async () => {
    await build();
    for (const url of ['/console', '/console/', '/console/clusters/es-cn-1', '/console/plans?x=a.js']) {
      const answer = await get(url);
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 200, 'text/html; charset=utf-8']);
      expect([answer.body, answer.headers['cache-control']]).toEqual(['<!doctype html><title>Console</title>', 'no-cache']);
    }
    const { etag } = (await get('/console')).headers;
    expect((await get('/console', { 'if-none-match': String(etag) })).statusCode).toBe(304);
  });

  it('lets a page load nothing from elsewhere, run nothing that is written into it, and be framed by nobody', async () => {
    await build();
    for (const url of ['/console', '/console/assets/main-Ab3_d-9Z.js', '/console/none.js']) {
      const { headers } = await get(url);
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'self';.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('keeps what is named by its content in caches for ever, and is packed for whoever takes that', async () => {
    await build();
    const plain = await get('/console/assets/main-Ab3_d-9Z.js');
    expect([plain.body, plain.headers['content-encoding']]).toEqual([script, undefined]);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const packed = await get('/console/assets/main-Ab3_d-9Z.js', { 'accept-encoding': 'br, gzip' });
    expect([gunzipSync(packed.rawPayload).toString(), packed.headers['content-type']]).toEqual([
      script,
      'text/javascript; charset=utf-8',
    ]);
    expect(packed.rawPayload.length).toBeLessThan(script.length / 10);
    expect((await get('/console/icon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it('has its own files and no others', async () => {
    await build();
    for (const path of [
      'none.js',
      '../outside.txt',
      '..%2foutside.txt',
      '%2e%2e/outside.txt',
      'assets/../../outside.txt',
      '/etc/x.txt',
    ]) {
      const answer = await get(`/console/${path}`);
      expect([path, answer.statusCode, answer.body.includes('not ours')]).toEqual([path, 404, false]);
    }
  });

  it('says how it is built where it has not been, and is there as soon as it is, also when it is built anew', async () => {
    const before = await get('/console');
    expect([before.statusCode, before.body]).toEqual([503, expect.stringContaining('npm run build')]);
    await build();
    expect((await get('/console')).body).toContain('Console');
    await build('<!doctype html><title>Newer</title>');
    utimesSync(join(folder, 'dist/index.html'), 1, 1);
    expect((await get('/console')).body).toContain('Newer');
  });

  it('asks nobody for a key over a network that reads along', async () => {
    await build();
    readable = true;
    const answer = await get('/console');
    expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('tls')]);
  });
});
