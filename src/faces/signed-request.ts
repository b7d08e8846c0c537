import type { FastifyRequest } from 'fastify';
import type { SignedRequest } from '../domain/index.ts';

const nothing = Buffer.alloc(0);

/** A request as its signature covers it: path and query as they were sent, the body as bytes. */
export function signedRequest(request: FastifyRequest): SignedRequest {
  const url = request.raw.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const name in request.headers) {
    const value = request.headers[name];
    headers[name] = Array.isArray(value) ? value.join(',') : (value ?? '');
  }
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : nothing,
  };
}
