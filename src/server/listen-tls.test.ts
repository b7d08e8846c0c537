import { request } from 'node:https';
import { createServer } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificates } from '../certificates/index.ts';
import { type Shown, type TlsListener, tlsListener } from './listen-tls.ts';

const at = { address: '127.0.0.1', port: 0 };
const from = '2026-01-01T00:00:00.000Z';
const until = '2036-01-01T00:00:00.000Z';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let authority: Shown;
let shown: Shown;
let fastify: FastifyInstance;
let tls: TlsListener;

function get(port: number, path: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${port}${path}`;
    const outgoing = request(url, { ca: authority.certificate, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

beforeEach(async () => {
  const certificates = createCertificates();
  authority = await certificates.authority('an authority', from, until);
  shown = await certificates.issue(authority, {
    commonName: 'localhost',
    organizations: [],
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
    use: 'server',
    notBefore: from,
    notAfter: until,
  });
  fastify = Fastify({ forceCloseConnections: true });
  fastify.get('/protocol', (incoming) => Promise.resolve({ protocol: incoming.protocol }));
  fastify.get('/never', () => new Promise(() => undefined));
  tls = tlsListener(fastify, async () => shown, silent);
  await fastify.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => fastify.close());

describe('the TLS listener', () => {
  it('answers what the plain one answers, and knows that it speaks TLS', async () => {
    const { port } = await tls.listen(at);
    expect(await get(port, '/protocol')).toEqual({ status: 200, body: '{"protocol":"https"}' });
    expect((await get(port, '/nothing')).status).toBe(404);
    const plain = fastify.server.address();
    const plainPort = typeof plain === 'object' && plain !== null ? plain.port : 0;
    expect(await (await fetch(`http://127.0.0.1:${plainPort}/protocol`)).json()).toEqual({ protocol: 'http' });
  });

  it('ends with fastify, open requests and all', async () => {
    const { port } = await tls.listen(at);
    const open = get(port, '/never').catch((error: NodeJS.ErrnoException) => error.code);
    await get(port, '/protocol');
    await fastify.close();
    expect(await open).toBe('ECONNRESET');
    expect(await get(port, '/protocol').catch((error: NodeJS.ErrnoException) => error.code)).toBe('ECONNREFUSED');
  });

  it('says which port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const bound = taken.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    await expect(tls.listen({ address: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    taken.close();
  });
});
