import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface StubRequest {
  readonly method: string;
  /** Below the prefix of the API, with its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A status and a body; or a function that writes the answer itself. */
export type StubAnswer = { readonly status?: number; readonly body: unknown } | ((response: ServerResponse) => void);

/** `'GET /clusters'` to its answer; a list is answered one after the other, the last one for ever. */
export type Routes = Readonly<Record<string, StubAnswer | readonly StubAnswer[]>>;

export interface StubServer {
  readonly url: string;
  readonly requests: StubRequest[];
  close(): Promise<void>;
}

const prefix = '/api/v1';

/** A server that answers what a test says, and an error of the API for everything else. */
export async function stubServer(routes: Routes): Promise<StubServer> {
  const requests: StubRequest[] = [];
  const asked = new Map<string, number>();
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      const route = `${request.method} ${request.path.split('?')[0]}`;
      const times = asked.get(route) ?? 0;
      asked.set(route, times + 1);
      answer(response, answerFor(routes, route, times));
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<StubRequest> {
  const body = await text(incoming);
  return {
    method: incoming.method ?? '',
    path: (incoming.url ?? '').replace(prefix, ''),
    headers: incoming.headers,
    body: body === '' ? undefined : (JSON.parse(body) as unknown),
  };
}

function answerFor(routes: Routes, route: string, times: number): StubAnswer {
  const known = routes[route];
  if (known === undefined)
    return { status: 404, body: { error: { code: 'no-such-path', says: `The test has no answer for ${route}.` } } };
  if (Array.isArray(known)) return known[Math.min(times, known.length - 1)] as StubAnswer;
  return known as StubAnswer;
}

function answer(response: ServerResponse, known: StubAnswer): void {
  if (typeof known === 'function') {
    known(response);
    return;
  }
  response.writeHead(known.status ?? 200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(known.body));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export function refusedWith(
  status: number,
  code: string,
  says: string,
  more: { readonly remedy?: string; readonly details?: unknown } = {},
) {
  return { status, body: { error: { code, says, ...more } } };
}
