import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Events, FaceParts } from './call.ts';

/** Sends frames until they end, the caller goes away or the server closes; whichever it is, nothing is left behind. */
export function sendEvents(reply: FastifyReply, { frames }: Events, { closing }: FaceParts): FastifyReply {
  const gone = new AbortController();
  const stream = Readable.from(frames(AbortSignal.any([gone.signal, closing])), { objectMode: false });
  // The connection's own close: a stream made from a generator closes only after the generator has come to its end.
  reply.raw.once('close', () => gone.abort());
  return reply
    .code(200)
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache, no-transform')
    .header('x-accel-buffering', 'no')
    .send(stream);
}

/** One event on the wire. JSON has no line breaks, so `data` is one line. */
export function frame(event: string, data: unknown, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

export const heartbeat = ': still here\n\n';
/** How long a client waits before it connects again. */
export const opening = 'retry: 1000\n\n';
