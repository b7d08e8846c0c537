import { createServer, type Server } from 'node:net';
import { eventually } from './waiting.ts';

/** Far shorter than a node takes from its start to the moment when it wants its ports. */
const tryEveryMs = 20;

export interface Squatter {
  /** The port that it got hold of; waits until it has one. */
  taken(timeoutMs: number): Promise<number>;
  /** Gives it back. */
  leave(): Promise<void>;
}

/** Sits down on the first of these ports that becomes free, as another program of the machine might. */
export function squat(ports: readonly number[]): Squatter {
  let server: Server | null = null;
  let port: number | null = null;
  let ended = false;
  const sit = async () => {
    while (!ended && server === null) {
      for (const candidate of ports) {
        server = await listenOn(candidate);
        if (server === null) continue;
        port = candidate;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, tryEveryMs));
    }
  };
  const sitting = sit();
  return {
    taken: (timeoutMs) => eventually('a port becomes free', timeoutMs, () => port ?? undefined, tryEveryMs),
    leave: async () => {
      ended = true;
      await sitting;
      await new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())));
    },
  };
}

function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}
