import type { FastifyRequest } from 'fastify';
import type { SignedRequest } from '../domain/index.ts';

/** A request as its signature covers it: path and query as they were sent, the body as bytes. */
export function signedRequest(request: FastifyRequest): SignedRequest {
  const url = request.raw.url ?? '/';
  const mark = url.indexOf('?');
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : (value ?? ''),
  ]);
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: Object.fromEntries(headers),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}
