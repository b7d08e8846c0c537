/** EKS, STS and the review of tokens at one address, over http and over TLS, as the server has them. */
import Fastify from 'fastify';
import { createAwsAuthenticator } from '../../../src/access/index.ts';
import { createCertificates } from '../../../src/certificates/index.ts';
import { allows } from '../../../src/domain/index.ts';
import { accountId, callerArn, eksFace } from '../../../src/faces/eks/index.ts';
import { createFakeWorld, type FakeWorld } from '../../../src/faces/eks/testing.ts';
import { sampleCatalog, sampleCluster, sampleRequestedSpec } from '../../../src/faces/eks/testing-samples.ts';
import { tokenReviewFace } from '../../../src/faces/eks/token-review/index.ts';
import { stsFace } from '../../../src/faces/sts/index.ts';
import { tlsListener } from '../../../src/server/listen-tls.ts';
import { keys } from './signed-face.ts';

export interface TestCertificates {
  /** PEM. */
  readonly authority: string;
  readonly shown: { readonly certificate: string; readonly key: string };
}

export interface ThreeFaces {
  readonly http: string;
  readonly https: string;
  readonly world: FakeWorld;
  close(): Promise<void>;
}

const webhookToken = 'what-the-apiserver-presents';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export async function testCertificates(): Promise<TestCertificates> {
  const certificates = createCertificates();
  const notBefore = '2026-01-01T00:00:00.000Z';
  const notAfter = '2036-01-01T00:00:00.000Z';
  const authority = await certificates.authority('an authority of tests', notBefore, notAfter);
  const shown = await certificates.issue(authority, {
    ...{ commonName: 'localhost', organizations: [], dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], use: 'server' },
    notBefore,
    notAfter,
  });
  return { authority: authority.certificate, shown };
}

export async function serveThreeFaces({ shown }: TestCertificates): Promise<ThreeFaces> {
  const cluster = sampleCluster('prod-1');
  const secrets = { ...cluster.secrets, 'webhook-token': webhookToken };
  const world = createFakeWorld({ ...cluster, secrets });
  const parts = { now: () => new Date().toISOString(), newId: () => crypto.randomUUID(), log: silent };
  const store = { getKey: async (id: string) => keys.find((key) => key.id === id) };
  const aws = createAwsAuthenticator({ store, now: parts.now, region: null });
  const fastify = Fastify({ forceCloseConnections: true });
  await fastify.register(
    tokenReviewFace({
      ...parts,
      getCluster: async (id) => world.clusters.get(id),
      authenticate: aws.token,
      allows: ({ policy }, action, resource) => allows(policy, action, resource),
    }),
  );
  const identityOf = (caller: Parameters<typeof callerArn>[0]) => ({
    arn: callerArn(caller),
    userId: caller.keyId,
    account: accountId(caller.account),
  });
  await fastify.register(stsFace({ ...parts, authenticate: aws.request, identityOf }));
  await fastify.register(
    eksFace({
      ...parts,
      control: world.control,
      catalog: sampleCatalog,
      requestedSpec: sampleRequestedSpec,
      defaultVersion: '1.36',
      authenticate: (request) => aws.request(request, ['eks']),
    }),
  );
  const tls = tlsListener(fastify, async () => shown, silent);
  await fastify.listen({ host: '127.0.0.1', port: 0 });
  const { port } = await tls.listen({ address: '127.0.0.1', port: 0 });
  const plain = fastify.server.address();
  const plainPort = typeof plain === 'object' && plain !== null ? plain.port : 0;
  const close = () => fastify.close();
  return { http: `http://127.0.0.1:${plainPort}`, https: `https://127.0.0.1:${port}`, world, close };
}

/** As the apiserver of the one cluster asks; the status of the answer. */
export async function askReview({ http }: ThreeFaces, token: string): Promise<unknown> {
  const answer = await fetch(`${http}/kubernetes/authenticate/k8s-prod-1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${webhookToken}` },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
  });
  const { status } = (await answer.json()) as { readonly status: unknown };
  return status;
}
