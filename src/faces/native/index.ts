/**
 * Clusterlift's own HTTP API, `/api/v1`: it checks requests against schemas, asks control, and answers in JSON, with the
 * events of an upgrade as they happen. Its OpenAPI document is made from the same schemas.
 * It does not know: any rule of an upgrade, SQL, processes.
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/index.ts';
import { readJsonBodies } from './body.ts';
import type { Answer, Call, FaceParts } from './call.ts';
import { documentOf, documentOptions, documentSchema, routeSchema, sharedSchemas } from './document.ts';
import { type ApiError, errorBody, errorTable, fail } from './errors.ts';
import { sendEvents } from './event-stream.ts';
import { createHopCounts } from './hop-counts.ts';
import type { Operation } from './operation.ts';
import { refusedByPolicy } from './permission.ts';
import { operations } from './routes.ts';
import { thrownError } from './thrown.ts';
import { unstorableKey, validatorFor } from './validation.ts';

export { badUrlAnswer } from './thrown.ts';

export interface NativeFaceOptions extends Omit<FaceParts, 'closing' | 'hopsOf'> {
  /** HTTP Basic; undefined for whatever is not an active key with its own secret. */
  readonly authenticate: (authorization: string | undefined) => Promise<Caller | undefined>;
}

const callerOf = 'nativeCaller';

export function nativeFace(options: NativeFaceOptions): FastifyPluginAsync {
  return async (fastify) => {
    const closing = new AbortController();
    const parts: FaceParts = { ...options, closing: closing.signal, hopsOf: createHopCounts(options.control) };
    await fastify.register(swagger, documentOptions(fastify.prefix));
    for (const schema of sharedSchemas) fastify.addSchema(schema);
    fastify.decorateRequest(callerOf, null);
    fastify.setValidatorCompiler(({ schema, httpPart }) => validatorFor(schema, httpPart));
    // What an answer holds is chosen member by member in translate/; the schemas describe it and tests compare the two.
    fastify.setSerializerCompiler(() => (value) => JSON.stringify(value));
    readJsonBodies(fastify);
    fastify.addHook('onRequest', (request, reply) => authenticate(options, request, reply));
    fastify.addHook('preClose', async () => closing.abort());
    fastify.setErrorHandler((error, _, reply) => sendError(reply, thrownError(error, options.log)));
    fastify.setNotFoundHandler((_, reply) => sendError(reply, fail('no-such-path', 'This API has no such path.')));
    for (const operation of operations) mount(fastify, parts, options, operation);
    fastify.get('/openapi.json', { exposeHeadRoute: false, schema: documentSchema }, async () =>
      documentOf(fastify.swagger(), operations),
    );
    refuseOtherMethods(fastify);
  };
}

async function authenticate(options: NativeFaceOptions, request: FastifyRequest, reply: FastifyReply) {
  const caller = await options.authenticate(request.headers.authorization);
  if (caller !== undefined) {
    request.setDecorator(callerOf, caller);
    return undefined;
  }
  reply.header('www-authenticate', 'Basic realm="Clusterlift", charset="UTF-8"');
  const says = 'An active access key is needed: its id as the user name, its secret as the password.';
  return sendError(reply, fail('unauthenticated', says));
}

function mount(fastify: FastifyInstance, parts: FaceParts, options: NativeFaceOptions, operation: Operation): void {
  fastify.route({
    method: operation.method,
    url: operation.path,
    exposeHeadRoute: false,
    schema: routeSchema(operation),
    preValidation: async (request) => {
      if (operation.bodyOptional === true) request.body ??= {};
    },
    handler: async (request, reply) => {
      const unstorable = unstorableKey(request.body);
      if (unstorable !== null)
        return sendError(
          reply,
          fail('bad-input', `${unstorable} has a character that cannot be kept.`, { details: { key: unstorable } }),
        );
      const call: Call = {
        caller: request.getDecorator<Caller>(callerOf),
        params: request.params,
        query: request.query,
        body: request.body,
        headers: request.headers,
        stillAllowed: async () => (await options.authenticate(request.headers.authorization)) !== undefined,
      };
      const denied = await refusedByPolicy(parts, operation, call);
      return send(fastify, parts, reply, denied ?? (await operation.run(parts, call)));
    },
  });
}

function send(fastify: FastifyInstance, parts: FaceParts, reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.kind === 'error') return sendError(reply, answer);
  if (answer.kind === 'events') return sendEvents(reply, answer, parts);
  if (answer.location !== undefined) reply.header('location', `${fastify.prefix}${answer.location}`);
  return reply.code(answer.status).send(answer.body);
}

function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  const { status } = errorTable[error.code];
  if (status === 503) reply.header('retry-after', '1');
  return reply.code(status).type('application/json; charset=utf-8').send(errorBody(error));
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

/** A path that is there with another method than it has is a mistake of its own kind, and is told so. */
function refuseOtherMethods(fastify: FastifyInstance): void {
  const paths = new Map<string, string[]>([['/openapi.json', ['GET']]]);
  for (const { path, method } of operations) paths.set(path, [...(paths.get(path) ?? []), method]);
  for (const [url, allowed] of paths) {
    fastify.route({
      method: methods.filter((method) => !allowed.includes(method)),
      url,
      schema: { hide: true },
      handler: async (_, reply) => {
        reply.header('allow', allowed.join(', '));
        return sendError(reply, fail('wrong-method', `This path has ${allowed.join(' and ')} only.`));
      },
    });
  }
}
