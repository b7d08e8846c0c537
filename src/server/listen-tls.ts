import { createServer, type Server } from 'node:https';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../domain/index.ts';
import type { Config } from './config.ts';

/** What a TLS listener shows, both PEM. */
export interface Shown {
  readonly certificate: string;
  readonly key: string;
}

export interface TlsListener {
  /** Once fastify is ready. The port is the one that was found, where 0 was asked for. */
  listen(at: Config['listen']): Promise<{ readonly port: number }>;
}

/** Certificates run out while servers run: what is shown is read, or made, anew. */
const showAgainMs = 24 * 60 * 60_000;

/** The same routes on a socket of their own that speaks TLS, beside the plain one. It ends with fastify. */
export function tlsListener(fastify: FastifyInstance, show: () => Promise<Shown>, log: Log): TlsListener {
  let open: Server | null = null;
  let timer: NodeJS.Timeout | undefined;
  fastify.addHook('preClose', async () => {
    clearInterval(timer);
    if (open !== null) await close(open);
  });
  return {
    listen: async ({ address, port }) => {
      const server = createServer(contextOf(await show()), (request, response) => fastify.routing(request, response));
      server.keepAliveTimeout = fastify.server.keepAliveTimeout;
      server.requestTimeout = fastify.server.requestTimeout;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, address, () => resolve());
      });
      open = server;
      timer = setInterval(() => void showAgain(server, show, log), showAgainMs).unref();
      const bound = server.address();
      return { port: typeof bound === 'object' && bound !== null ? bound.port : port };
    },
  };
}

function contextOf({ certificate, key }: Shown) {
  return { cert: certificate, key };
}

async function showAgain(server: Server, show: () => Promise<Shown>, log: Log): Promise<void> {
  try {
    server.setSecureContext(contextOf(await show()));
  } catch (err) {
    log.warn({ err }, 'The certificate of the TLS listener could not be read again; it goes on with the one it has.');
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
