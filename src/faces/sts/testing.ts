/** The face on a real loopback socket, for tests. */
import Fastify from 'fastify';
import { type StsFaceOptions, stsFace } from './index.ts';

export interface ServedSts {
  readonly endpoint: string;
  close(): Promise<void>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export async function serveSts(options: Pick<StsFaceOptions, 'authenticate'> & Partial<StsFaceOptions>): Promise<ServedSts> {
  const fastify = Fastify({ forceCloseConnections: true });
  await fastify.register(
    stsFace({
      identityOf: ({ keyId, account }) => ({ arn: `arn:aws:iam::${account}:user/${keyId}`, userId: keyId, account }),
      now: () => new Date().toISOString(),
      newId: () => crypto.randomUUID(),
      log: silent,
      ...options,
    }),
  );
  await fastify.listen({ host: '127.0.0.1', port: 0 });
  const address = fastify.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { endpoint: `http://127.0.0.1:${port}`, close: () => fastify.close() };
}
