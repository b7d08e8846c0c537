/** The front door: connections are passed on as they are, in turn to servers that are up. */
import { connect, createServer, type Socket } from 'node:net';
import type { Server } from '../processes/door.ts';
import type { Listening } from './https.ts';

const triesMax = 4;

export interface DoorOptions {
  readonly host: string;
  readonly port: number;
  readonly open: () => boolean;
  /** Servers that are up, in the order of the configuration. */
  readonly up: () => readonly Server[];
}

/** Rejects when the address is taken. */
export async function listenDoor({ host, port, open, up }: DoorOptions): Promise<Listening> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer({ pauseOnConnect: true }, (client) => {
    keep(client);
    if (!open()) {
      client.destroy();
      return;
    }
    passOn(client, 1);
  });
  const passOn = (client: Socket, tries: number) => {
    const servers = up();
    const to = servers[turn % Math.max(1, servers.length)];
    turn += 1;
    if (to === undefined || tries > triesMax) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: to.host, port: to.port });
    keep(upstream);
    const again = () => passOn(client, tries + 1);
    upstream.once('error', again);
    upstream.once('connect', () => {
      upstream.off('error', again);
      client.pipe(upstream).pipe(client);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
    });
  };
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
