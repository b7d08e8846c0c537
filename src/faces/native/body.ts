import type { FastifyInstance } from 'fastify';

/** Larger than any description of 99 nodes; what a caller may make the server hold. */
export const bodyLimitBytes = 1024 * 1024;

/** JSON is the one content type. An empty body is none, whatever its content type says. */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: bodyLimitBytes }, (request, body, done) => {
    const text = String(body);
    if (text.trim() === '') done(null, undefined);
    else parse(request, text, done);
  });
}
