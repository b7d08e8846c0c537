import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pieces } from './random-bytes.ts';

/** How long is waited for words from a server that need not say any. */
const patienceMs = 1_500;
const betweenPiecesMs = 2;

/** Statuses of whatever was answered before the connection ended, or before nobody waited any longer. */
export function sendBytes(port: number, { pieces, ends }: Pieces): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const done = () => {
      clearTimeout(limit);
      socket.destroy();
      const text = Buffer.concat(heard).toString('latin1');
      resolve([...text.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, status]) => Number(status)));
    };
    const limit = setTimeout(done, ends ? patienceMs : patienceMs / 5);
    socket.on('data', (chunk: Buffer) => heard.push(chunk));
    socket.on('close', done).on('error', () => undefined);
    void write();

    async function write(): Promise<void> {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (pieces.length > 1) await pause(betweenPiecesMs);
      }
      if (ends) socket.end();
    }
  });
}
