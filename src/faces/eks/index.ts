/**
 * The face of Amazon EKS (2017-11-01): it reads requests signed with AWS Signature Version 4 as official clients send
 * them, asks control, and answers in the API's own shapes. coverage.md lists what is faithful and what is inferred.
 * It does not know: any rule of an upgrade, SQL, processes, how a control plane is run.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type AwsAuthentication, type Caller, judgeByPolicy, type SignedRequest } from '../../domain/index.ts';
import { noteCall, noteEnd, onlyLooks } from '../called.ts';
import { signedRequest } from '../signed-request.ts';
import { isAway, statusOf } from '../thrown.ts';
import { authenticationError, denied, missingToken } from './authentication.ts';
import { readBody } from './body.ts';
import type { Answer, Call, FaceParts } from './call.ts';
import { type ApiError, errorBody, errorTable, fail } from './errors.ts';
import { queryPairs } from './query.ts';
import { type FoundRoute, findRoute, resourcesOf, roots } from './routes.ts';

export { accountId, callerArn, clusterArn } from './arn.ts';
export type { FaceControl, RequestedCluster } from './call.ts';

export interface EksFaceOptions extends FaceParts {
  readonly authenticate: (request: SignedRequest) => Promise<AwsAuthentication>;
}

const bodyLimitBytes = 1024 * 1024;
/** HTTP methods that this API has, and those that a stranger may try. */
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;

/** Answers whatever is below the paths of this API, which stand at the root; nothing beside them. */
export function eksFace(options: EksFaceOptions): FastifyPluginAsync {
  return async (fastify) => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyLimitBytes }, (_, body, done) => done(null, body));
    fastify.setErrorHandler((error, _, reply) => send(options, reply, thrownError(options, error)));
    const handler = async (request: FastifyRequest, reply: FastifyReply) =>
      send(options, reply, await answer(options, signedRequest(request), request));
    for (const root of roots) {
      for (const url of [`/${root}`, `/${root}/*`]) fastify.route({ method: [...methods], url, handler });
    }
  };
}

/** Whether a path is below one of this API. */
export function isEksPath(path: string): boolean {
  return roots.has(path.split(/[/?]/)[1] ?? '');
}

/** For the server, of a request that fits no route: whoever signs for AWS hears what its gateway says of it. */
export function isSignedForAws({ headers, url }: Pick<FastifyRequest, 'headers' | 'url'>): boolean {
  return /^AWS4-/.test(headers.authorization ?? '') || /[?&]X-Amz-Signature=/.test(url);
}

/** For the server: a path that fits no route, or that fastify itself cannot decode, never reaches the face. */
export function answerNoSuchPath(reply: FastifyReply, options: Pick<FaceParts, 'newId' | 'now'>): FastifyReply {
  return send(options, reply, missingToken());
}

async function answer(options: EksFaceOptions, signed: SignedRequest, request: FastifyRequest): Promise<Answer> {
  const found = findRoute(signed.method, signed.path);
  if (found === undefined) return missingToken();
  const authentication = await options.authenticate(signed);
  if (authentication.kind === 'refused') return authenticationError(authentication);
  const { caller, region } = authentication;
  const read = readBody(signed.body);
  const about = { place: { account: caller.account, region }, path: found.names, body: read.kind === 'body' ? read.body : {} };
  const action = `eks:${found.route.name}`;
  if (!onlyLooks(found.route.name))
    noteCall(request, { face: 'eks', caller, action, about: resourcesOf(found.route, about, undefined).at(-1) ?? '*' });
  if (caller.policy !== null) {
    const resources = resourcesOf(found.route, about, await nodegroupIdOf(options, caller, found, region));
    const verdicts = resources.map((resource) => judgeByPolicy(caller.policy, action, resource));
    if (verdicts.includes('explicit-deny') || !verdicts.includes('allowed'))
      return denied(caller, action, resources[0] ?? '*', verdicts);
  }
  if (read.kind === 'unreadable') return fail('InvalidParameterException', read.says);
  const query = queryPairs(signed.query);
  if (query === null)
    return fail('InvalidParameterException', 'The query has a broken escape or a character that cannot be stored.');
  const call: Call = { operation: found.route.name, caller, query, ...about };
  return found.route.run(options, call);
}

/** Policies may name a node group in full, as its ARN has it; undefined for what is none, or not there. */
async function nodegroupIdOf(
  { control }: EksFaceOptions,
  caller: Caller,
  { route, names }: FoundRoute,
  region: string,
): Promise<string | undefined> {
  if (route.resource !== 'nodegroup') return undefined;
  const cluster = await control.clusterByName(caller, 'kubernetes', region, names.name ?? '');
  if (cluster?.spec.kind !== 'kubernetes') return undefined;
  const id = cluster.spec.nodegroups.find(({ name }) => name === names.nodegroupName)?.face.id;
  return typeof id === 'string' ? id : undefined;
}

/** What fastify itself has to say of a request, and what was thrown: only the latter is our fault. */
function thrownError(options: EksFaceOptions, error: unknown): ApiError {
  const status = statusOf(error);
  if (status === 413) return fail('RequestEntityTooLargeException', `A request body has at most ${bodyLimitBytes} bytes.`);
  if (status < 500) return fail('InvalidParameterException', 'The request could not be read.');
  options.log.error({ err: error }, 'A request of the EKS API failed.');
  return isAway(error)
    ? fail('ServiceUnavailableException', 'The service is unavailable for a moment. Send the same request again.')
    : fail('ServerException', 'The request has failed because of an unknown error.');
}

function send(options: Pick<FaceParts, 'newId' | 'now'>, reply: FastifyReply, answer: Answer): FastifyReply {
  reply.header('x-amzn-RequestId', options.newId());
  // SDKs set their clock by it after a refusal for skew: it must be the clock that signatures are judged by.
  reply.header('date', httpDate(options.now()));
  reply.header('content-type', 'application/json');
  if (answer.kind === 'reply') return reply.code(200).send(bytesOf(answer.body));
  noteEnd(reply.request, { code: answer.code });
  reply.header('x-amzn-errortype', answer.code);
  return reply.code(errorTable[answer.code].status).send(bytesOf(errorBody(answer)));
}

let dated = { second: '', date: '' };

/** As HTTP writes a moment: the same for all answers of a second. */
function httpDate(now: string): string {
  const second = now.slice(0, 19);
  if (second !== dated.second) dated = { second, date: new Date(now).toUTCString() };
  return dated.date;
}

/** Of answers that are given again as they were. */
const bytes = new WeakMap<object, Buffer>();

/** As bytes: to a text fastify adds a charset, which the service does not have. */
function bytesOf(body: object): Buffer {
  const known = bytes.get(body);
  if (known !== undefined) return known;
  const made = Buffer.from(JSON.stringify(body));
  bytes.set(body, made);
  return made;
}
