/**
 * The question that the apiservers of clusters that we made ask: who does this bearer token belong to? It is Kubernetes' own
 * TokenReview, at `/kubernetes/authenticate/CLUSTER`. The tokens are those of `aws eks get-token`.
 * It does not know: what anybody may do inside a cluster; it names groups, and the cluster's RBAC says the rest.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import {
  type Caller,
  type Cluster,
  type KubernetesCluster,
  type Log,
  type TokenAuthentication,
  webhookTokenSecret,
} from '../../../domain/index.ts';
import { type ReviewAnswer, readReview, reviewAnswer } from './review.ts';
import { userOf } from './user.ts';

export interface TokenReviewOptions {
  /** With its secrets. Apiservers call for themselves, not for an account. */
  readonly getCluster: (id: string) => Promise<Cluster | undefined>;
  /** Who a token of `aws eks get-token`, made for the cluster of this name, speaks for. */
  readonly authenticate: (token: string, clusterName: string) => Promise<TokenAuthentication>;
  /** Whether the policy of the caller's key allows an action on that ARN. */
  readonly allows: (caller: Caller, action: string, resource: string) => boolean;
  readonly log: Log;
}

/** A header of 1 MiB is the most that an apiserver reads. */
const bodyLimitBytes = 1_500_000;
const retryAfterSeconds = 1;

export function tokenReviewFace(options: TokenReviewOptions): FastifyPluginAsync {
  return async (fastify) => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyLimitBytes }, (_, body, done) => done(null, body));
    fastify.setErrorHandler((error, _, reply) => sendError(options.log, error, reply));
    fastify.post('/kubernetes/authenticate/:clusterId', (request, reply) => handle(options, request, reply));
  };
}

async function handle(options: TokenReviewOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { clusterId } = request.params as { readonly clusterId: string };
  const cluster = await askingCluster(options, clusterId, request.headers.authorization ?? '');
  if (cluster === null) {
    reply.header('www-authenticate', 'Bearer');
    return reply.code(401).send({ message: 'The bearer token is not that of this cluster.' });
  }
  const review = readReview(request.body);
  if (review.kind === 'unreadable') return reply.code(400).send({ message: review.says });
  return reply.send(reviewAnswer(review, await answer(options, cluster, review.token)));
}

/** Null where it is not the cluster that it says it is, be it that there is none: nobody learns which ids exist. */
async function askingCluster(
  { getCluster }: TokenReviewOptions,
  id: string,
  authorization: string,
): Promise<KubernetesCluster | null> {
  const given = shownSecret(authorization);
  if (given === undefined || !/^[\w-]{1,128}$/.test(id)) return null;
  const cluster = await getCluster(id);
  const secret = cluster?.secrets[webhookTokenSecret] ?? '';
  if (cluster?.spec.kind !== 'kubernetes' || secret === '' || !same(given, secret)) return null;
  return { ...cluster, spec: cluster.spec };
}

/** Over plain HTTP an apiserver shows no bearer token, but what stands in the address that it was given. */
function shownSecret(authorization: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic) (\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') return credentials === '' ? undefined : credentials;
  return /^apiserver:(.+)$/.exec(Buffer.from(credentials, 'base64').toString())?.[1];
}

/** In a time that tells nothing of how much was right. */
function same(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

async function answer(options: TokenReviewOptions, cluster: KubernetesCluster, token: string): Promise<ReviewAnswer> {
  const authentication = await options.authenticate(token, cluster.name);
  if (authentication.kind === 'refused') return refusalOf(authentication);
  return userOf(authentication.caller, cluster, options.allows);
}

/**
 * A token of somebody else's is nobody's here, and no error: apiservers remember that for a while. Of one of ours that is
 * not taken their logs tell why.
 */
function refusalOf(refused: Extract<TokenAuthentication, { kind: 'refused' }>): ReviewAnswer {
  switch (refused.because) {
    case 'not-a-token':
    case 'missing':
      return { kind: 'unknown', says: null };
    case 'expired':
    case 'not-yet-current':
      return { kind: 'unknown', says: `The token was signed at ${refused.signedAt}, and it is ${refused.now}.` };
    case 'incomplete':
    case 'wrong-scope':
      return { kind: 'unknown', says: refused.says };
    case 'unknown-key':
    case 'revoked-key':
    case 'unknown-token':
      return { kind: 'unknown', says: 'The token was signed with a key that is not known or not active.' };
    case 'mismatch':
    case 'payload-mismatch':
      return { kind: 'unknown', says: 'The token was not signed for this cluster by the key that it names.' };
  }
}

/** What fastify itself has to say, and a database that is away: apiservers ask again after that. */
function sendError(log: Log, error: unknown, reply: FastifyReply): FastifyReply {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return reply.code(status).send({ message: 'The request could not be read.' });
  log.error({ err: error }, 'A review of a token failed.');
  return reply
    .code(503)
    .header('retry-after', String(retryAfterSeconds))
    .send({ message: 'Keys cannot be read for the moment. Ask again.' });
}
