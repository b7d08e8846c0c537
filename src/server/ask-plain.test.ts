import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { http } from './outside.ts';

let server: Server;
let url = '';
let connections = 0;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
const usual: typeof answer = (request, response, body) => {
  response.writeHead(request.url === '/missing' ? 404 : 200).end(`${request.method} ${request.url} ${body}`);
};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    answer(request, response, body);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  connections = 0;
  answer = usual;
});

const ask = (path = '/', more: { method?: string; body?: string; timeoutMs?: number } = {}) =>
  http({ method: 'GET', url: `${url}${path}`, timeoutMs: 10_000, ...more });

describe('plain HTTP', () => {
  it('gives every status as an answer, and sends what it is given', async () => {
    expect(await ask('/missing')).toEqual({ status: 404, body: 'GET /missing ' });
    expect(await ask('/make', { method: 'POST', body: 'grün' })).toEqual({ status: 200, body: 'POST /make grün' });
  });

  it('keeps its connection', async () => {
    server.closeAllConnections();
    await ask();
    connections = 0;
    for (let times = 0; times < 5; times += 1) await ask();
    expect(connections).toBe(0);
  });

  it('rejects when no answer comes in time, be it before or within the body, and when it is cut off', async () => {
    answer = () => undefined;
    await expect(ask('/slow', { timeoutMs: 200 })).rejects.toThrow('did not answer within 200 ms');
    answer = (_request, response) => response.write('half');
    await expect(ask('/half', { timeoutMs: 200 })).rejects.toThrow('did not answer within 200 ms');
    answer = (request, response) => response.write('half', () => request.socket.destroy());
    await expect(ask('/cut')).rejects.toThrow(/aborted|cut off/);
  });

  it('follows no redirect', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    await expect(ask()).rejects.toThrow('redirect to http://127.0.0.1:1/');
  });

  it('says who refused where nothing listens', async () => {
    const gone = createServer();
    await once(gone.listen(0, '127.0.0.1'), 'listening');
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await expect(http({ method: 'GET', url: `http://127.0.0.1:${port}/`, timeoutMs: 5_000 })).rejects.toThrow('ECONNREFUSED');
  });

  it('asks again on a new connection where the kept one was closed, but only what changes nothing', async () => {
    const times: string[] = [];
    for (const method of ['GET', 'POST']) {
      answer = usual;
      await ask();
      answer = (request, response, body) => {
        if (times.includes(method)) return usual(request, response, body);
        times.push(method);
        request.socket.destroy();
      };
      const asked = ask('/again', { method });
      if (method === 'GET') expect((await asked).body).toContain('GET /again');
      else await expect(asked).rejects.toThrow(/hang up|ECONNRESET/);
    }
    expect(times).toEqual(['GET', 'POST']);
  });
});
