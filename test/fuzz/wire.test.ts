import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Wire } from './wire.ts';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const request = Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Answers whatever it hears, and tells of every connection. */
async function aServer(onAnswered: (socket: Socket, connections: number) => void) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const number = connections;
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(answer, () => onAnswered(socket, number)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const wire = new Wire((server.address() as AddressInfo).port);
  ends.push(() => {
    wire.close();
    server.close();
  });
  return { wire, connections: () => connections };
}

describe('a connection that requests are thrown over', () => {
  it('is kept while the server keeps it', async () => {
    const { wire, connections } = await aServer(() => undefined);
    for (let turn = 0; turn < 3; turn += 1) expect((await wire.send(request, 'GET'))?.status).toBe(200);
    expect(connections()).toBe(1);
  });

  it.each([
    ['ended', (socket: Socket) => socket.end()],
    ['closed', (socket: Socket) => socket.destroy()],
    ['spoken on unasked', (socket: Socket) => socket.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n')],
  ])('is made again where it was %s between two requests', async (_, befall) => {
    const { wire, connections } = await aServer((socket, number) => {
      if (number === 1) setImmediate(befall, socket);
    });
    expect((await wire.send(request, 'GET'))?.status).toBe(200);
    await vi.waitFor(() => expect(wire.kept).toBe(false), { timeout: 10_000, interval: 5 });
    expect((await wire.send(request, 'GET'))?.status).toBe(200);
    expect(connections()).toBe(2);
  });
});
