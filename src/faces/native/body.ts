import type { FastifyInstance } from 'fastify';

/** Larger than any description of 99 nodes; what a caller may make the server hold. */
export const bodyLimitBytes = 1024 * 1024;

/** Deeper than any settings of a cluster; what comes after may go down by calling itself. */
const deepest = 32;

/** JSON is the one content type. An empty body is none, whatever its content type says. */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: bodyLimitBytes }, (request, body, done) => {
    const text = String(body);
    if (text.trim() === '') done(null, undefined);
    else
      parse(request, text, (error, value) => {
        if (error === null && isDeeperThan(deepest, value)) done(tooDeep());
        else done(error, value);
      });
  });
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}

function tooDeep(): Error {
  return Object.assign(new Error(`The body is nested more than ${deepest} deep.`), { statusCode: 400 });
}
