/** An apiserver on the wire: who asks, and what it answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Process, Room } from '../processes/room.ts';
import { type ApiResponse, answer, holderOf } from '../rest/index.ts';
import { type Shown, shownBy } from './https.ts';
import type { Tokens } from './tokens.ts';

const anonymous: Shown = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

export function serveApiserver(room: Room, process: Process, tokens: Tokens) {
  return async (incoming: IncomingMessage, response: ServerResponse, body: string) => {
    const { apiserver } = process;
    const shown = await whoAsks(incoming, tokens, (token) => apiserver && holderOf(room.world, apiserver, token));
    if (shown === null) return write(response, unauthorized);
    const moment = { nowMs: room.clock.catchUp(), random: room.random };
    if (apiserver === null || process.phase === 'ended') {
      incoming.socket.destroy();
      return;
    }
    const [path = '/', query = ''] = splitAt(incoming.url ?? '/', '?');
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    );
    const method = incoming.method ?? 'GET';
    const request = { method, path, query: new URLSearchParams(query), headers, body, ...shown };
    const said = answer(room.world, apiserver, request, moment);
    // What it changed is followed up.
    room.clock.catchUp();
    // Whoever keeps a connection to one that goes away is told to find another.
    if (process.phase === 'ending') response.setHeader('connection', 'close');
    if (said.kind === 'answer') write(response, said, method === 'HEAD');
    else stream(response, said);
  };
}

/** Null: it shows a token that nobody knows. */
async function whoAsks(incoming: IncomingMessage, tokens: Tokens, own: (token: string) => Shown | null): Promise<Shown | null> {
  const shown = shownBy(incoming);
  if (shown !== null) return shown;
  const token = /^Bearer\s+(\S+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  return token === undefined ? anonymous : (own(token) ?? tokens(token));
}

const unauthorized: Extract<ApiResponse, { kind: 'answer' }> = {
  kind: 'answer',
  status: 401,
  headers: { 'content-type': 'application/json' },
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Unauthorized',
    reason: 'Unauthorized',
    code: 401,
  },
};

function write(
  response: ServerResponse,
  { status, headers, body }: Extract<ApiResponse, { kind: 'answer' }>,
  bare = false,
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(bare ? '' : text);
}

function stream(response: ServerResponse, { headers, open }: Extract<ApiResponse, { kind: 'watch' }>): void {
  response.writeHead(200, headers);
  response.flushHeaders();
  const leave = open(
    (event) => {
      if (!response.writableEnded) response.write(`${JSON.stringify(event)}\n`);
    },
    () => response.end(),
  );
  response.once('close', leave);
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
