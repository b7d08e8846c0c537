import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCertificates } from '../certificates/index.ts';
import type { Identity, Tls } from '../domain/index.ts';
import { engineIo, http } from './outside.ts';

const certificates = createCertificates();
const validity = {
  notBefore: new Date(Date.now() - 60_000).toISOString(),
  notAfter: new Date(Date.now() + 3_600_000).toISOString(),
};
const none = { organizations: [], dnsNames: [], ipAddresses: [] };
let authority: Identity;
let admin: Tls;
let server: Server;
let url = '';
let connections = 0;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;

beforeAll(async () => {
  authority = await certificates.authority('ca', validity.notBefore, validity.notAfter);
  const names = { dnsNames: ['apiserver'], ipAddresses: ['127.0.0.1', '127.0.0.9'] };
  const shown = await certificates.issue(authority, { ...validity, ...none, ...names, commonName: 'server', use: 'server' });
  admin = await identity('admin');
  server = createServer(
    { ca: authority.certificate, cert: shown.certificate, key: shown.key, requestCert: true, rejectUnauthorized: true },
    async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      answer(request, response, body);
    },
  );
  server.on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  connections = 0;
  answer = (request, response, body) => {
    const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject;
    response.writeHead(request.url === '/missing' ? 404 : 200).end(`${request.method} ${request.url} ${CN} ${body}`);
  };
});

async function identity(commonName: string): Promise<Tls> {
  const issued = await certificates.issue(authority, { ...validity, ...none, commonName, use: 'client' });
  return { authority: authority.certificate, ...issued };
}
const ask = (tls: Tls, path = '/', more: { method?: string; body?: string; timeoutMs?: number } = {}) =>
  http({ method: 'GET', url: `${url}${path}`, timeoutMs: 10_000, tls, ...more });

describe('HTTP with an authority and a certificate of one’s own', () => {
  it('shows the certificate and gives every status as an answer', async () => {
    expect(await ask(admin, '/missing')).toEqual({ status: 404, body: 'GET /missing admin ' });
    const told = await ask(admin, '/make', { method: 'POST', body: 'grün' });
    expect(told).toEqual({ status: 200, body: 'POST /make admin grün' });
  });

  it('keeps its connection, and never uses that of another certificate', async () => {
    const [one, other] = [await identity('one'), await identity('other')];
    for (let times = 0; times < 3; times += 1) expect((await ask(one)).body).toContain(' one ');
    expect(connections).toBe(1);
    expect((await ask(other)).body).toContain(' other ');
    expect((await ask(one)).body).toContain(' one ');
    expect(connections).toBe(2);
  });

  it('rejects a server that the authority did not sign, and one that shows another name', async () => {
    const strangers = await certificates.authority('ca', validity.notBefore, validity.notAfter);
    await expect(ask({ ...admin, authority: strangers.certificate })).rejects.toThrow(/certificate/);
    await expect(ask({ ...admin, serverName: 'another' })).rejects.toThrow(/another/);
    await expect(ask({ ...admin, serverName: '127.0.0.8' })).rejects.toThrow(/127\.0\.0\.8/);
    for (const serverName of ['apiserver', '127.0.0.9']) expect((await ask({ ...admin, serverName })).status).toBe(200);
  });

  it('rejects where the server wants a certificate and none is shown', async () => {
    await expect(ask({ authority: authority.certificate })).rejects.toThrow(/certificate required|ECONNRESET|hang up|alert/);
  });

  it('rejects when no answer comes in time, be it before or within the body', async () => {
    answer = () => undefined;
    await expect(ask(admin, '/slow', { timeoutMs: 200 })).rejects.toThrow('did not answer within 200 ms');
    answer = (_request, response) => response.write('half');
    await expect(ask(admin, '/half', { timeoutMs: 200 })).rejects.toThrow('did not answer within 200 ms');
  });

  it('asks again on a new connection where the kept one was closed, but only what changes nothing', async () => {
    const mine = await identity('mine');
    const times: string[] = [];
    const cut = (request: IncomingMessage) => {
      times.push(`${request.method}`);
      request.socket.destroy();
    };
    const usual = answer;
    for (const method of ['GET', 'POST']) {
      answer = usual;
      await ask(mine);
      answer = (request, response, body) => {
        if (times.filter((one) => one === method).length === 0) cut(request);
        else usual(request, response, body);
      };
      const asked = ask(mine, '/again', { method });
      if (method === 'GET') expect((await asked).body).toContain('GET /again mine');
      else await expect(asked).rejects.toThrow(/hang up|ECONNRESET/);
    }
    expect(times).toEqual(['GET', 'POST']);
  });

  it('is part of what engines get, and so are certificates', async () => {
    const io = engineIo({});
    expect((await io.http({ method: 'GET', url, timeoutMs: 10_000, tls: admin })).status).toBe(200);
    expect((await io.certificates.authority('x', validity.notBefore, validity.notAfter)).certificate).toContain(
      'BEGIN CERTIFICATE',
    );
  });
});
