/**
 * The few calls outside EKS that its clients make at the same address, in the query protocol (a form, or a presigned
 * GET): who am I (STS), and the looks of Terraform and eksctl at IAM and CloudFormation.
 * It does not know: clusters, control, any other operation of these services.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { AwsAuthentication, Caller, Instant, Log, SignedRequest } from '../../domain/index.ts';
import { signedRequest } from '../signed-request.ts';
import { statusOf } from '../thrown.ts';
import { type Answer, answerAction, type Identity } from './actions.ts';
import { authenticationError } from './authentication.ts';
import { errorXml, fail, type QueryError } from './errors.ts';
import { type QueryRequest, readQueryRequest, type Service } from './request.ts';
import { jsonOf, xmlOf } from './result.ts';

export interface StsFaceOptions {
  readonly authenticate: (request: SignedRequest, services: readonly string[]) => Promise<AwsAuthentication>;
  readonly identityOf: (caller: Caller) => Identity;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly log: Log;
}

const bodyLimitBytes = 64 * 1024;

/** Answers `/` and nothing below. */
export function stsFace(options: StsFaceOptions): FastifyPluginAsync {
  return async (fastify) => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyLimitBytes }, (_, body, done) => done(null, body));
    fastify.setErrorHandler((error, request, reply) => send(options, request, reply, 'sts', thrownError(options.log, error)));
    fastify.route({ method: ['GET', 'POST'], url: '/', handler: (request, reply) => handle(options, request, reply) });
  };
}

async function handle(options: StsFaceOptions, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const signed = signedRequest(request);
  const read = readQueryRequest(signed);
  // Somebody with a browser, not a client of these services.
  if (read === null) return reply.callNotFound();
  return send(options, request, reply, read.service, await answer(options, signed, read));
}

async function answer(options: StsFaceOptions, signed: SignedRequest, read: QueryRequest): Promise<Answer> {
  const authentication = await options.authenticate(signed, [read.service]);
  if (authentication.kind === 'refused') return authenticationError(authentication);
  return answerAction(read, options.identityOf(authentication.caller));
}

/** What fastify itself has to say of a request, and what was thrown: only the latter is our fault. */
function thrownError(log: Log, error: unknown): QueryError {
  const status = statusOf(error);
  if (status >= 400 && status < 500) return fail('MalformedInput');
  log.error({ err: error }, 'A request to the face of STS failed.');
  return fail('ServiceUnavailable');
}

/** JSON where a client asks for it and for nothing else, as these services do. */
function send(
  options: Pick<StsFaceOptions, 'newId' | 'now'>,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
  answer: Answer,
): FastifyReply {
  const requestId = options.newId();
  reply.header('x-amzn-requestid', requestId);
  // SDKs set their clock by it after a refusal for skew: it must be the clock that signatures are judged by.
  reply.header('date', new Date(options.now()).toUTCString());
  if (answer.kind === 'error') {
    reply.code(answer.status).type('text/xml');
    return reply.send(errorXml(answer, service, requestId));
  }
  const json = /^application\/json\b/.test(request.headers.accept ?? '');
  if (json) return reply.type('application/json').send(jsonOf(answer, requestId));
  return reply.type('text/xml').send(xmlOf(answer, service, requestId));
}
