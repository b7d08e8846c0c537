/**
 * Clusterlift's own HTTP API, `/api/v1`: it checks requests against schemas, asks control, and answers in JSON, with the
 * events of an upgrade as they happen. Its OpenAPI document is made from the same schemas.
 * It does not know: any rule of an upgrade, SQL, processes.
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { noteCall, noteEnd } from '../called.ts';
import { bodyLimitBytes, readJsonBodies } from './body.ts';
import type { Answer, Browser, Call, FaceParts } from './call.ts';
import { documentOf, documentOptions, documentSchema, routeSchema, sharedSchemas } from './document.ts';
import { type ApiError, errorBody, errorTable, fail } from './errors.ts';
import { sendEvents } from './event-stream.ts';
import { createHopCounts } from './hop-counts.ts';
import type { Operation } from './operation.ts';
import { actionOf, nameOf, refusedByPolicy } from './permission.ts';
import { operations } from './routes.ts';
import { isFromConsole, isOfOwnOrigin, sessionCookie, sessionTokenOf } from './session-cookie.ts';
import { thrownError } from './thrown.ts';
import { unstorableKey, validatorFor } from './validation.ts';
import { type Doors, type Known, whoCalls } from './who-calls.ts';

export { badUrlAnswer } from './thrown.ts';

export interface NativeFaceOptions extends Omit<FaceParts, 'closing' | 'hopsOf'>, Doors {}

const knownAs = 'nativeCaller';
/** Whoever calls what anybody may call. */
const anybody: Known = { kind: 'known', caller: { keyId: '', account: '', policy: { Statement: [] } }, session: null };

export function nativeFace(options: NativeFaceOptions): FastifyPluginAsync {
  return async (fastify) => {
    const closing = new AbortController();
    const parts: FaceParts = { ...options, closing: closing.signal, hopsOf: createHopCounts(options.control) };
    await fastify.register(swagger, documentOptions(fastify.prefix));
    for (const schema of sharedSchemas) fastify.addSchema(schema);
    fastify.decorateRequest(knownAs, null);
    fastify.setValidatorCompiler(({ schema, httpPart }) => validatorFor(schema, httpPart));
    // What an answer holds is chosen member by member in translate/; the schemas describe it and tests compare the two.
    fastify.setSerializerCompiler(() => (value) => JSON.stringify(value));
    readJsonBodies(fastify);
    fastify.addHook('onRequest', (request, reply) => authenticate(options, request, reply));
    fastify.addHook('preClose', async () => closing.abort());
    fastify.setErrorHandler((error, { routeOptions }, reply) =>
      sendError(reply, thrownError(error, options.log, routeOptions.bodyLimit)),
    );
    fastify.setNotFoundHandler((_, reply) => sendError(reply, fail('no-such-path', 'This API has no such path.')));
    for (const operation of operations) mount(fastify, parts, options, operation);
    fastify.get('/openapi.json', { exposeHeadRoute: false, schema: documentSchema }, async () =>
      documentOf(fastify.swagger(), operations),
    );
    refuseOtherMethods(fastify);
  };
}

async function authenticate(options: NativeFaceOptions, request: FastifyRequest, reply: FastifyReply) {
  const { config } = request.routeOptions as { readonly config: { readonly admits?: Operation['admits'] } };
  const who = config.admits === 'anybody' ? anybody : await whoCalls(options, request);
  if (who.kind === 'error') return sendError(reply, who);
  request.setDecorator(knownAs, who);
  return undefined;
}

function mount(fastify: FastifyInstance, parts: FaceParts, options: NativeFaceOptions, operation: Operation): void {
  fastify.route({
    method: operation.method,
    url: operation.path,
    exposeHeadRoute: false,
    config: { admits: operation.admits } as object,
    bodyLimit: operation.bodyMaxBytes ?? bodyLimitBytes,
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
        ...whoIn(request),
        browser: browserOf(request),
        params: request.params,
        query: request.query,
        body: request.body,
        headers: request.headers,
        stillAllowed: async () => (await whoCalls(options, request)).kind === 'known',
      };
      noteFor(request, operation, call);
      const answer = (await refusedByPolicy(parts, operation, call)) ?? (await operation.run(parts, call));
      if (answer.kind === 'reply' && answer.by !== undefined) noteFor(request, operation, { ...call, caller: answer.by });
      return send(fastify, parts, reply, answer);
    },
  });
}

/** Nothing is noted of what looks only, nor of what nobody did who is known. */
function noteFor(request: FastifyRequest, operation: Operation, call: Call): void {
  if (operation.method === 'GET' || call.caller.keyId === '') return;
  const [action, about] = [actionOf(operation), nameOf(operation.concerns(call))];
  noteCall(request, { face: 'native', caller: call.caller, isSession: call.session !== null, action, about });
}

function whoIn(request: FastifyRequest): Pick<Call, 'caller' | 'session'> {
  const { caller, session } = request.getDecorator<Known>(knownAs);
  return { caller, session };
}

function browserOf(request: FastifyRequest): Browser {
  return {
    isOwn: isOfOwnOrigin(request),
    token: sessionTokenOf(request),
    cookie: (token, maxAgeSeconds) => sessionCookie(request, token, maxAgeSeconds),
  };
}

function send(fastify: FastifyInstance, parts: FaceParts, reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.kind === 'error') return sendError(reply, answer);
  if (answer.kind === 'events') return sendEvents(reply, answer, parts);
  if (answer.location !== undefined) {
    noteEnd(reply.request, { made: answer.location });
    reply.header('location', `${fastify.prefix}${answer.location}`);
  }
  if (answer.cookie !== undefined) reply.header('set-cookie', answer.cookie).header('cache-control', 'no-store');
  return reply.code(answer.status).send(answer.body);
}

function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  const { status } = errorTable[error.code];
  noteEnd(reply.request, { code: error.code });
  if (status === 503) reply.header('retry-after', '1');
  // A browser that is asked for a password by this header shows a window of its own before the console's page.
  if (status === 401 && !isFromConsole(reply.request))
    reply.header('www-authenticate', 'Basic realm="Clusterlift", charset="UTF-8"');
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
