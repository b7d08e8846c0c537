import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type ConsoleFile, consoleFiles } from './files.ts';

export const consolePrefix = '/console';
export const consoleFolder = fileURLToPath(new URL('../../../console/dist', import.meta.url));

/** Nothing from elsewhere, nothing written into a page, and no page of anybody else around ours. */
const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const yearSeconds = 365 * 24 * 60 * 60;

export interface ConsoleOptions {
  readonly folder: string;
  /** Whether what is typed into a page would cross the network readable. */
  readonly isReadable: (request: FastifyRequest) => boolean;
}

/** Every address without an extension is the page, which finds out itself what to show there. */
export function serveConsole({ folder, isReadable }: ConsoleOptions): FastifyPluginAsync {
  const files = consoleFiles(folder);
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(headers);
    if (isReadable(request)) return say(reply, 403, notHere);
    const path = (request.params as { readonly '*'?: string })['*'] ?? '';
    const isFile = /\.\w+$/.test(path);
    const file = isFile ? await files.find(path) : await files.page();
    if (file !== undefined) return send(request, reply, file);
    return isFile ? say(reply, 404, 'The console has no such file.') : say(reply, 503, notBuilt);
  };
  return async (fastify) => {
    for (const url of [consolePrefix, `${consolePrefix}/*`]) fastify.get(url, answer);
  };
}

const notBuilt = 'The console has not been built. Run npm run build in the folder of Clusterlift, and load this page again.';
const notHere =
  'An access key typed here would cross the network readable. Configure tls, or open the console from the machine that Clusterlift runs on.';

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(`${text}\n`);
}

function send(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  reply
    .type(file.type)
    .header('etag', file.tag)
    .header('vary', 'accept-encoding')
    .header('cache-control', file.isForEver ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
  if (request.headers['if-none-match'] === file.tag) return reply.code(304).send();
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (!takesGzip || file.gzipped === null) return reply.send(file.bytes);
  return reply.header('content-encoding', 'gzip').send(file.gzipped);
}
