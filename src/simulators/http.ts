import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Dropped } from './hold.ts';

export interface Answer {
  readonly status: number;
  /** A string is sent as plain text. */
  readonly body: unknown;
  /** Called once the answer has gone out. */
  readonly sent?: () => Promise<void>;
}

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface Listener {
  readonly port: number;
  /** Resolves when nothing listens on the port any more; what is in hand is cut off. */
  close(): Promise<void>;
}

/** Listens on loopback. Rejects when the port is taken. */
export async function listenOn(
  port: number,
  answer: (incoming: Incoming) => Promise<Answer>,
  address = '127.0.0.1',
): Promise<Listener> {
  const server: Server = createServer((request, response) => {
    serve(request, response, answer).catch(() => request.socket.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a listening server has a port');
  return {
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (incoming: Incoming) => Promise<Answer>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const body = await textOf(request);
  const url = new URL(request.url ?? '/', 'http://simulated');
  try {
    const { status, body: said, sent } = await answer({ method: request.method ?? 'GET', url, body, signal: gone.signal });
    const text = typeof said === 'string' ? said : JSON.stringify(said);
    response.writeHead(status, {
      'content-type': typeof said === 'string' ? 'text/plain; charset=UTF-8' : 'application/json; charset=UTF-8',
      'content-length': Buffer.byteLength(text),
    });
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      response.end(request.method === 'HEAD' ? '' : text, resolve);
    });
    await sent?.();
  } catch (error) {
    if (!(error instanceof Dropped) && !response.headersSent && !response.destroyed) {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`the simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return;
    }
    request.socket.destroy();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
