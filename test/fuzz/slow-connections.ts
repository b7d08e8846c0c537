/** Clients that take for ever: each sends a byte now and then, and never the end. */
import { connect, type Socket } from 'node:net';

const everyMs = 1_000;
const heads = [
  'POST /clusters HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n',
  'POST /openapi/tags HTTP/1.1\r\nhost: a\r\n',
  'G',
] as const;

export interface SlowConnections {
  /** Those that the server has not ended yet. */
  open(): number;
  close(): void;
}

export function openSlowConnections(port: number, count: number): SlowConnections {
  const sockets = new Set<Socket>();
  for (let index = 0; index < count; index += 1) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', () => undefined);
    socket.write(heads[index % heads.length] ?? '');
  }
  const timer = setInterval(() => {
    for (const socket of sockets) socket.write('x');
  }, everyMs);
  return {
    open: () => sockets.size,
    close: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
