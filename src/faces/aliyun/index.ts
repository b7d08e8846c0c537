/**
 * The face of Alibaba Cloud Elasticsearch (2017-06-13), `/openapi`: it reads signed requests in every encoding that
 * official clients send, asks control, and answers in the API's own shapes. coverage.md lists what is faithful.
 * It does not know: any rule of an upgrade, SQL, processes.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication, SignedRequest } from '../../domain/index.ts';
import { noteCall, noteEnd, onlyLooks } from '../called.ts';
import { signedRequest } from '../signed-request.ts';
import { isAway, statusOf } from '../thrown.ts';
import { authenticationError } from './authentication.ts';
import { readBody } from './body.ts';
import type { Answer, Call, FaceParts } from './call.ts';
import { type ApiError, errorBody, errorTable, fail } from './errors.ts';
import { instancesOnly } from './instances-only.ts';
import { refusedByPolicy } from './permission.ts';
import { queryPairs } from './query.ts';
import { findOperation } from './routes.ts';
import { createThrottle, type ThrottleLimits, usualThrottle } from './throttle.ts';

export { tokenLifetimeMs } from './operations/replay.ts';

export interface AliyunFaceOptions extends FaceParts {
  readonly authenticate: (request: SignedRequest) => Promise<Authentication>;
  readonly throttle?: ThrottleLimits;
}

const bodyLimitBytes = 1024 * 1024;
/** HTTP methods that this API has, and those that a stranger may try. */
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;

export function aliyunFace(given: AliyunFaceOptions): FastifyPluginAsync {
  const options = { ...given, control: instancesOnly(given.control) };
  const throttle = createThrottle(options.throttle ?? usualThrottle);
  return async (fastify) => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyLimitBytes }, (_, body, done) => done(null, body));
    fastify.setErrorHandler((error, request, reply) => send(options, request, reply, fastifyError(options, error)));
    fastify.setNotFoundHandler((request, reply) => send(options, request, reply, fail('InvalidApi.NotFound')));
    const handler = async (request: FastifyRequest, reply: FastifyReply) =>
      send(options, request, reply, await answer(options, throttle, request));
    for (const url of ['/', '/*']) fastify.route({ method: [...methods], url, handler });
  };
}

/** What no instance is called is not looked for: a store need not bear every text. */
function isId(name: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(name);
}

/** For the server: a path that fastify itself cannot decode never reaches the face, but is answered in its shape. */
export function answerBadPath(request: FastifyRequest, reply: FastifyReply, newId: () => string): FastifyReply {
  return send({ newId }, request, reply, fail('InvalidApi.NotFound'));
}

/** What carries no instance in its path names its instances where nothing of it has been read yet. */
function aboutOf({ InstanceId }: Readonly<Record<string, string>>): string {
  return InstanceId === undefined ? '*' : `instances/${InstanceId}`;
}

type Throttle = ReturnType<typeof createThrottle>;

async function answer(options: AliyunFaceOptions, throttle: Throttle, request: FastifyRequest): Promise<Answer> {
  const signed = signedRequest(request);
  const found = findOperation(signed.method, pathBelow(signed.path));
  if (found === undefined) return fail('InvalidApi.NotFound');
  const authentication = await options.authenticate(signed);
  if (authentication.kind === 'refused') return authenticationError(authentication);
  const { caller } = authentication;
  const action = `elasticsearch:${found.route.name}`;
  if (!onlyLooks(found.route.name)) noteCall(request, { face: 'aliyun', caller, action, about: aboutOf(found.names) });
  const waitMs = throttle(caller.keyId, options.now());
  if (waitMs !== null) return { ...fail('Throttling.User'), retryAfterMs: waitMs };
  if (!Object.values(found.names).every(isId)) return fail('InstanceNotFound');
  const query = queryPairs(signed.query);
  if (query === null) return fail('InvalidParameter.Format', 'The query has a broken escape or a character that cannot be read.');
  const body = readBody(signed.headers['content-type'] ?? '', signed.body);
  if (body.kind === 'unreadable') return fail('InvalidParameter.Format', body.says);
  const call: Call = { caller, path: found.names, query, body: body.body, headers: signed.headers };
  return refusedByPolicy(options, found.route, call) ?? found.route.run(options, call);
}

function pathBelow(path: string): string {
  return path.replace(/^\/openapi/, '');
}

/** What fastify itself has to say of a request, and what was thrown: only the latter is our fault. */
function fastifyError(options: AliyunFaceOptions, error: unknown): ApiError {
  const status = statusOf(error);
  if (status === 413) return fail('RequestTooLarge', `At most ${bodyLimitBytes} bytes are read.`);
  if (status >= 400 && status < 500) return fail('InvalidParameter.Format');
  options.log.error({ err: error }, 'A request to the Alibaba face failed.');
  return isAway(error) ? fail('ServiceUnavailable') : fail('InternalServerError');
}

function send(
  options: Pick<AliyunFaceOptions, 'newId'>,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): FastifyReply {
  const requestId = options.newId().toUpperCase();
  reply.header('x-acs-request-id', requestId);
  if (answer.kind === 'reply') {
    const result = answer.result === undefined ? {} : { Result: answer.result };
    return reply.code(200).send({ RequestId: requestId, ...result, ...answer.beside });
  }
  noteEnd(request, { code: answer.code });
  if (answer.retryAfterMs !== undefined) reply.header('x-acs-retry-after', String(answer.retryAfterMs));
  return reply.code(errorTable[answer.code].status).send(errorBody(answer, requestId, request.headers.host ?? 'localhost'));
}
