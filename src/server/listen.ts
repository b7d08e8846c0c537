import { readFileSync } from 'node:fs';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createAliyunAuthenticator, createAwsAuthenticator, createBasicAuthenticator, createSessions } from '../access/index.ts';
import { addressInUrl, compareVersions, judgeByPolicy, type KubernetesCatalog, type Log } from '../domain/index.ts';
import { requestedSpec } from '../engines/kubernetes/index.ts';
import { aliyunFace, answerBadPath } from '../faces/aliyun/index.ts';
import { accountId, answerNoSuchPath, callerArn, eksFace, isEksPath, isSignedForAws } from '../faces/eks/index.ts';
import { tokenReviewFace } from '../faces/eks/token-review/index.ts';
import { badUrlAnswer, nativeFace } from '../faces/native/index.ts';
import { stsFace } from '../faces/sts/index.ts';
import { keepAuditTrail } from './audit-trail.ts';
import type { Composition } from './compose.ts';
import type { Config } from './config.ts';
import { consoleFolder, consolePrefix, serveConsole } from './console/index.ts';
import { type TlsListener, tlsListener } from './listen-tls.ts';
import { newId, newSessionToken, now, pause } from './outside.ts';
import { tlsIdentity } from './tls-identity.ts';

const aliyunPrefix = '/openapi';
const nativePrefix = '/api/v1';
/** Whoever has not sent a whole request by then is not waited for. */
const requestTimeoutMs = 60_000;

/** Faces are chosen by path. `/healthz`, `/readyz` and `/metrics` are the only unsigned ones. */
export async function listen(config: Config, composition: Composition, log: Log): Promise<FastifyInstance> {
  const { control, rehearsals, store, catalog, kubernetesCatalog, metrics } = composition;
  const fastify: FastifyInstance = Fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 10 * 1024 * 1024,
    requestTimeout: requestTimeoutMs,
    routerOptions: { maxParamLength: 4_096 },
    frameworkErrors: refuseBadUrl,
    ...(config.tls === null || config.listenTls !== null
      ? {}
      : { https: { cert: readFileSync(config.tls.certFile), key: readFileSync(config.tls.keyFile) } }),
  } as object);
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.request(faceOf(request.url), reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  keepAuditTrail(fastify, { store, now, newId, log });
  fastify.setNotFoundHandler(answerNothingHere);
  // A body that cannot be read says nothing more about a path that there is not.
  fastify.setErrorHandler((error, request, reply) => (request.is404 ? answerNothingHere(request, reply) : reply.send(error)));
  fastify.get('/healthz', async () => ({ status: 'alive' }));
  fastify.get('/readyz', (_, reply) => ready(store, reply));
  fastify.get('/metrics', async (_, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  await fastify.register(
    aliyunFace({
      control,
      authenticate: createAliyunAuthenticator({ store, now }),
      now,
      newId,
      log,
      catalog,
      defaultRegion: config.region,
      pause,
    }),
    { prefix: aliyunPrefix },
  );
  const basic = createBasicAuthenticator({ store });
  const sessions = createSessions({ store, now, newToken: newSessionToken });
  await fastify.register(
    async (scope) => {
      scope.addHook('onRequest', refusePlainHttp);
      await scope.register(
        nativeFace({
          ...{ control, rehearsals, authenticate: basic, sessions, now, log, catalog, pause, requestedSpec },
          defaultRegion: config.region,
        }),
      );
    },
    { prefix: nativePrefix },
  );
  await fastify.register(serveConsole({ folder: consoleFolder, isReadable }));
  const aws = createAwsAuthenticator({ store, now, region: null });
  await fastify.register(
    tokenReviewFace({
      getCluster: (id) => store.getCluster(id),
      authenticate: (token, clusterName) => aws.token(token, clusterName),
      allows: (caller, action, resource) => judgeByPolicy(caller.policy, action, resource) === 'allowed',
      log,
    }),
  );
  await fastify.register(
    stsFace({
      authenticate: (request, services) => aws.request(request, services),
      identityOf: (caller) => ({ arn: callerArn(caller), userId: caller.keyId, account: accountId(caller.account) }),
      now,
      newId,
      log,
    }),
  );
  await fastify.register(
    eksFace({
      control,
      authenticate: (request) => aws.request(request, ['eks']),
      catalog: kubernetesCatalog,
      requestedSpec: (request) => requestedSpec(request),
      defaultVersion: newestVersion(kubernetesCatalog),
      now,
      newId,
      log,
    }),
  );
  const tls = tlsListener(fastify, () => tlsIdentity(config, now()), log);
  await fastify.ready();
  // A server that answers on one of its addresses is up on both.
  if (config.listenTls !== null) await listenWithTls(config, config.listenTls, tls, log);
  await fastify.listen({ host: config.listen.address, port: config.listen.port });
  return fastify;
}

async function listenWithTls(config: Config, at: Config['listen'], tls: TlsListener, log: Log): Promise<void> {
  const { port } = await tls.listen(at);
  const { authorityFile } = await tlsIdentity(config, now());
  const trust =
    authorityFile === null ? '' : ` Clients are to trust ${authorityFile} (AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE).`;
  log.info({ authorityFile }, `Listening on https://${addressInUrl(at.address)}:${port}.${trust}`);
}

/** What a cluster runs that names no version. */
function newestVersion(catalog: KubernetesCatalog): string {
  return (
    catalog.releases
      .map((release) => release.version)
      .toSorted(compareVersions)
      .at(-1) ?? ''
  );
}

function faceOf(url: string): string {
  if (url.startsWith(aliyunPrefix)) return 'aliyun';
  if (url.startsWith(nativePrefix)) return 'native';
  if (url.startsWith(consolePrefix)) return 'console';
  return isEksPath(url) ? 'eks' : 'other';
}

function answerNothingHere(request: FastifyRequest, reply: FastifyReply) {
  if (isSignedForAws(request)) return answerNoSuchPath(reply, { newId, now });
  const byBrowser = /\btext\/html\b/.test(request.headers.accept ?? '');
  if (request.method === 'GET' && request.url === '/' && byBrowser) return reply.redirect(consolePrefix);
  const says =
    `Nothing is here. ${consolePrefix} is for people, ${nativePrefix} is Clusterlift’s own API, ${aliyunPrefix} Alibaba Cloud’s; ` +
    'that of EKS is at the root.';
  return reply.code(404).send({ error: { code: 'not-found', says } });
}

/** A path whose route cannot even be looked up: a broken escape. */
function refuseBadUrl(_: unknown, request: FastifyRequest, reply: FastifyReply) {
  const face = faceOf(request.url);
  if (face === 'aliyun') return answerBadPath(request, reply, newId);
  if (face === 'eks') return answerNoSuchPath(reply, { newId, now });
  const { status, body } = badUrlAnswer();
  return reply.code(status).send(body);
}

async function ready(store: Composition['store'], reply: FastifyReply) {
  try {
    await store.ping();
    return reply.send({ status: 'ready' });
  } catch {
    return reply.code(503).send({ status: 'not ready', because: 'The database does not answer.' });
  }
}

/** Whether what it brings has crossed a network without TLS. */
function isReadable({ protocol, socket: { remoteAddress } }: FastifyRequest): boolean {
  const near = remoteAddress === undefined || /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress);
  return protocol === 'http' && !near;
}

/** A secret in a header is for loopback or TLS only. */
async function refusePlainHttp(request: FastifyRequest, reply: FastifyReply) {
  if (!isReadable(request)) return;
  return reply.code(403).send({
    error: {
      code: 'plain-http',
      says: 'The access key’s secret would cross the network readable. Configure `tls`, or reach this API from the same machine.',
    },
  });
}
