import { once } from 'node:events';
import { createServer as createPlain } from 'node:http';
import { createServer as createTls } from 'node:https';
import { type AddressInfo, createServer as createMute, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates } from '../../certificates/index.ts';
import type { Identity } from '../../domain/index.ts';
import { answers } from './answers.ts';

const open: Server[] = [];
let shown: Identity;
beforeAll(async () => {
  const notBefore = '2020-01-01T00:00:00.000Z';
  const certificates = createCertificates();
  const authority = await certificates.authority('nobody trusts it', notBefore, '2030-01-01T00:00:00.000Z');
  // Run out, and of another name: what is asked for is whether anybody is there.
  const names = { commonName: 'another', organizations: [], dnsNames: ['another'], ipAddresses: [] };
  shown = await certificates.issue(authority, { ...names, use: 'server', notBefore, notAfter: '2021-01-01T00:00:00.000Z' });
});
afterAll(async () => {
  for (const server of open) await new Promise((resolve) => server.close(resolve));
});

async function portOf(server: Server): Promise<number> {
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
const identity = () => ({ cert: shown.certificate, key: shown.key });

describe('whether a process has come up', () => {
  it('is told by any HTTP status', async () => {
    const port = await portOf(createPlain((_request, response) => response.writeHead(503).end('not yet')));
    expect(await answers(`http://127.0.0.1:${port}/readyz`)).toBe(true);
  });

  it('is told over TLS too, whatever certificate is shown, and wherever one is asked for', async () => {
    const refusing = createTls(identity(), (_request, response) => response.writeHead(401).end());
    expect(await answers(`https://127.0.0.1:${await portOf(refusing)}/readyz`)).toBe(true);
    const asking = createTls({ ...identity(), requestCert: true, rejectUnauthorized: true });
    expect(await answers(`https://127.0.0.1:${await portOf(asking)}/health`)).toBe(true);
  });

  it('is not told by a closed port, by one that speaks no HTTP, or by one that does not speak TLS', async () => {
    const mute = createMute((socket) => socket.resume().end('no HTTP\r\n'));
    const port = await portOf(mute);
    expect(await answers(`http://127.0.0.1:${port}/`)).toBe(false);
    expect(await answers(`https://127.0.0.1:${port}/`)).toBe(false);
    expect(await answers('https://127.0.0.1:1/')).toBe(false);
  });
});
