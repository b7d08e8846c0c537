import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cluster, KubernetesCluster, TokenAuthentication } from '../../../domain/index.ts';
import { tokenReviewFace } from './index.ts';

const account = '123456789012';
const caller = { keyId: 'AKIDEXAMPLE00000', account, policy: null };
const arn = `arn:aws:iam::${account}:user/${caller.keyId}`;
const secret = 'the-token-of-this-cluster';
const signed: TokenAuthentication = { kind: 'caller', caller, region: 'eu-west-1', service: 'sts' };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function cluster(change: Partial<KubernetesCluster> = {}): KubernetesCluster {
  return {
    id: 'k8s-0123456789abcdef',
    engine: 'kubernetes',
    origin: 'created',
    name: 'prod',
    description: '',
    account,
    region: 'eu-west-1',
    tags: {},
    spec: { kind: 'kubernetes' } as KubernetesCluster['spec'],
    secrets: { 'webhook-token': secret },
    createdAt: '2026-11-25T10:00:00.000Z',
    updatedAt: '2026-11-25T10:00:00.000Z',
    provisioning: { state: 'ready' },
    deleteAfter: null,
    ...change,
  };
}

let fastify: FastifyInstance;
let clusters: Map<string, Cluster>;
let authentication: TokenAuthentication;
let allowed: string[];
/** What the face asked. */
let asked: { readonly token: string; readonly clusterName: string }[];
let decided: { readonly keyId: string; readonly action: string; readonly resource: string }[];

beforeEach(async () => {
  clusters = new Map([[cluster().id, cluster()]]);
  authentication = signed;
  allowed = ['eks:AccessKubernetesApi'];
  asked = [];
  decided = [];
  fastify = Fastify();
  await fastify.register(
    tokenReviewFace({
      getCluster: async (id) => {
        if (id === 'away') throw new Error('The database is away.');
        return clusters.get(id);
      },
      authenticate: async (token, clusterName) => {
        asked.push({ token, clusterName });
        return authentication;
      },
      allows: ({ keyId }, action, resource) => {
        decided.push({ keyId, action, resource });
        return allowed.includes(action);
      },
      log: silent,
    }),
  );
});
afterEach(() => fastify.close());

const review = {
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenReview',
  spec: { token: 'k8s-aws-v1.abc', audiences: ['x'] },
};

async function ask(body: unknown = review, bearer = secret, id = cluster().id, authorization = `Bearer ${bearer}`) {
  const response = await fastify.inject({
    method: 'POST',
    url: `/kubernetes/authenticate/${id}`,
    headers: { 'content-type': 'application/json', ...(bearer === '' ? {} : { authorization }) },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

describe('the review of a token', () => {
  it('names the user of a key that may do everything', async () => {
    expect(await ask()).toMatchObject({
      status: 200,
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        status: {
          authenticated: true,
          user: {
            username: arn,
            uid: `aws-iam-authenticator:${account}:${caller.keyId}`,
            groups: ['system:masters'],
            extra: { accessKeyId: [caller.keyId], arn: [arn], canonicalArn: [arn] },
          },
        },
      },
    });
    expect(asked).toEqual([{ token: 'k8s-aws-v1.abc', clusterName: 'prod' }]);
    const resource = `arn:aws:eks:eu-west-1:${account}:cluster/prod`;
    expect(decided).toEqual([{ keyId: caller.keyId, action: 'eks:AccessKubernetesApi', resource }]);
  });

  it('takes the secret as apiservers show it over plain HTTP, where it stands in the address', async () => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    expect((await ask(review, secret, cluster().id, basic(`apiserver:${secret}`))).body.status.authenticated).toBe(true);
    expect((await ask(review, secret, cluster().id, basic('apiserver:another'))).status).toBe(401);
    expect((await ask(review, secret, cluster().id, basic(secret))).status).toBe(401);
  });

  it('gives a key that may only look the group of viewers, and no other', async () => {
    allowed = ['eks:ViewKubernetesApi'];
    expect((await ask()).body.status.user.groups).toEqual(['clusterlift:viewers']);
  });

  it('knows nobody whose policy allows neither', async () => {
    allowed = ['eks:DescribeCluster'];
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.status).toEqual({
      authenticated: false,
      error: `User: ${arn} is not authorized to perform: eks:AccessKubernetesApi on resource: arn:aws:eks:eu-west-1:${account}:cluster/prod`,
    });
  });

  it('knows nobody of another account, whatever his policy says', async () => {
    authentication = { ...signed, caller: { ...caller, account: '999999999999' } };
    const { body } = await ask();
    expect(body.status.authenticated).toBe(false);
    expect(body.status.user).toBeUndefined();
    expect(decided).toEqual([]);
  });

  it('speaks the older version to who asks in it', async () => {
    expect((await ask({ ...review, apiVersion: 'authentication.k8s.io/v1beta1' })).body).toMatchObject({
      apiVersion: 'authentication.k8s.io/v1beta1',
      status: { authenticated: true },
    });
  });

  const time = { signedAt: '20261125T100000Z', limit: '20261125T100500Z', now: '20261125T101000Z', windowMs: 900_000 };
  it.each<[Extract<TokenAuthentication, { kind: 'refused' }>, RegExp | null]>([
    [{ kind: 'refused', because: 'not-a-token', says: 'A token begins with k8s-aws-v1.' }, null],
    [{ kind: 'refused', because: 'missing' }, null],
    [{ kind: 'refused', because: 'unknown-key' }, /not known or not active/],
    [{ kind: 'refused', because: 'revoked-key' }, /not known or not active/],
    [{ kind: 'refused', because: 'unknown-token' }, /not known or not active/],
    [{ kind: 'refused', because: 'incomplete', says: 'No host.' }, /^No host\.$/],
    [{ kind: 'refused', because: 'wrong-scope', part: 'service', says: 'Not sts.' }, /^Not sts\.$/],
    [{ kind: 'refused', because: 'payload-mismatch' }, /not signed for this cluster/],
    [{ kind: 'refused', because: 'mismatch', canonicalRequest: 'c', stringToSign: 's' }, /not signed for this cluster/],
    [{ kind: 'refused', because: 'expired', ...time }, /signed at 20261125T100000Z, and it is 20261125T101000Z/],
    [{ kind: 'refused', because: 'not-yet-current', ...time }, /signed at/],
  ])('knows nobody by a token that is refused: %o', async (refused, error) => {
    authentication = refused;
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.status.authenticated).toBe(false);
    if (error === null) expect(body.status).toEqual({ authenticated: false });
    else expect(body.status.error).toMatch(error);
    expect(decided).toEqual([]);
  });

  it.each([
    ['another token', 'the-token-of-another', cluster().id],
    ['no token', '', cluster().id],
    ['a cluster that is not there', secret, 'k8s-ffffffffffffffff'],
    ['an id that is none', secret, '%00'],
    ['a registered cluster, whose authentication is its owner’s', 'undefined', 'k8s-registered000000'],
    ['a cluster of another engine', secret, 'es-cn-0123456789abcdef'],
  ])('does not answer %s', async (_, bearer, id) => {
    clusters.set('k8s-registered000000', cluster({ id: 'k8s-registered000000', origin: 'registered', secrets: {} }));
    const spec = { kind: 'elasticsearch' } as unknown as Cluster['spec'];
    clusters.set('es-cn-0123456789abcdef', { ...cluster(), engine: 'elasticsearch', spec });
    const got = await ask(review, bearer, id);
    expect(got.status).toBe(401);
    expect(got.headers['www-authenticate']).toBe('Bearer');
    expect(asked).toEqual([]);
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['another kind', { ...review, kind: 'SubjectAccessReview' }],
    ['a version that does not exist', { ...review, apiVersion: 'v1' }],
    ['no token', { ...review, spec: {} }],
    ['a token that is no text', { ...review, spec: { token: 1 } }],
    ['a list', []],
    ['null', 'null'],
  ])('says that it cannot read %s', async (_, body) => {
    expect((await ask(body)).status).toBe(400);
    expect(asked).toEqual([]);
  });

  it('asks to be asked again when the database is away, and tells nothing more', async () => {
    const got = await ask(review, secret, 'away');
    expect([got.status, got.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.stringify(got.body)).not.toContain('database');
  });

  it('takes a token as long as a header can be', async () => {
    authentication = { kind: 'refused', because: 'not-a-token', says: 'It is too long.' };
    const token = 'x'.repeat(1_048_576);
    expect((await ask({ ...review, spec: { token } })).body.status).toEqual({ authenticated: false });
  });
});
