import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsRefusal, PolicyDocument } from '../../domain/index.ts';
import { notOfferedRoutes } from './not-offered.ts';
import { findRoute, routes } from './routes.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, sampleCaller, serveFace } from './testing.ts';
import { sampleCluster, sampleRegion } from './testing-samples.ts';

let world: FakeWorld;
let face: ServedFace;
beforeEach(async () => {
  world = createFakeWorld(sampleCluster('prod-1'));
  face = await serveFace(world);
});
afterEach(() => face.close());

const names = (told: { readonly body: Readonly<Record<string, unknown>> }) =>
  (told.body.clusterVersions as readonly { clusterVersion: string }[]).map(({ clusterVersion }) => clusterVersion);

describe('the wire', () => {
  it('answers in plain JSON with a request id and the date that signatures are judged by', async () => {
    const told = await face.ask('GET', '/clusters/prod-1');
    expect(told.status).toBe(200);
    expect(told.headers.get('content-type')).toBe('application/json');
    expect(told.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(told.headers.get('date')).toBe('Wed, 25 Nov 2026 10:00:00 GMT');
    expect((told.body.cluster as { createdAt: number }).createdAt).toBe(1_795_600_800.25);
  });

  it('puts the code of an error into a header only, and every member of its shape into the body', async () => {
    const told = await face.ask('POST', '/clusters/other/updates', { version: '1.37' });
    expect([told.status, told.errorType]).toEqual([404, 'ResourceNotFoundException']);
    expect(told.body).toEqual({
      clusterName: 'other',
      nodegroupName: null,
      fargateProfileName: null,
      addonName: null,
      subscriptionId: null,
      message: 'No cluster found for name: other.',
    });
  });

  it('takes an ARN in the path encoded as a whole, in part, and not at all but for its slashes', async () => {
    const paths = [
      'arn%3Aaws%3Aeks%3Aeu-central-1%3A123456789012%3Acluster%2Fprod-1',
      'arn:aws:eks:eu-central-1:123456789012:cluster%2Fprod-1',
      'arn:aws:eks:eu-central-1:123456789012:cluster%2fprod%2D1',
    ];
    for (const path of paths) {
      expect(await face.ask('GET', `/tags/${path}`)).toMatchObject({ status: 200, body: { tags: {} } });
      expect((await face.ask('POST', `/tags/${path}`, { tags: { a: path } })).status).toBe(200);
      expect((await face.ask('DELETE', `/tags/${path}?tagKeys=a`)).body).toEqual({});
    }
  });

  it('takes what eksctl sends: every parameter, the type empty', async () => {
    const told = await face.ask('GET', '/cluster-versions?clusterType=&defaultOnly=false&includeAll=false');
    expect(names(told)).toEqual(['1.37', '1.36', '1.35', '1.34']);
  });

  it('takes members that are null for absent, and members that nobody knows', async () => {
    const told = await face.ask('POST', '/clusters/prod-1/updates', {
      version: '1.37',
      force: null,
      rollbackConfig: null,
      odd: 1,
    });
    expect(told).toMatchObject({ status: 200, body: { update: { status: 'InProgress' } } });
    expect(world.starts[0]?.policy).toEqual({ maxHops: 1, policyFindings: 'hold' });
  });

  it('answers a path that is not of this API as the gateway does, where a signature shows that EKS was meant', async () => {
    const missing = {
      status: 403,
      errorType: 'MissingAuthenticationTokenException',
      body: { message: 'Missing Authentication Token' },
    };
    expect(await face.ask('PUT', '/clusters/prod-1')).toMatchObject(missing);
    expect(await face.ask('GET', '/clusters/prod-1/odd')).toMatchObject(missing);
    expect(await face.ask('GET', '/clusters/%zz')).toMatchObject(missing);
    expect(await face.ask('GET', '/clusters/%00')).toMatchObject(missing);
    const signed = await fetch(`${face.endpoint}/odd`, { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x' } });
    expect([signed.status, await signed.json()]).toEqual([403, missing.body]);
    const stranger = await fetch(`${face.endpoint}/odd`);
    expect([stranger.status, stranger.headers.get('x-amzn-errortype')]).toEqual([404, null]);
  });

  it('refuses a body that is too large', async () => {
    const told = await face.ask('POST', '/clusters', { name: 'x'.repeat(1024 * 1024) });
    expect(told).toMatchObject({ status: 413, errorType: 'RequestEntityTooLargeException' });
  });

  it('says ServerException for a bug, and ServiceUnavailableException while the database is away', async () => {
    const thrown = async (error: Error) => {
      const failing = await serveFace(world, {
        control: { ...world.control, clusterViewByName: () => Promise.reject(error) },
      });
      const told = await failing.ask('GET', '/clusters/prod-1');
      await failing.close();
      return [told.status, told.errorType];
    };
    expect(await thrown(new Error('a bug'))).toEqual([500, 'ServerException']);
    expect(await thrown(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }))).toEqual([
      503,
      'ServiceUnavailableException',
    ]);
  });
});

describe('bad input', () => {
  it.each<[string, string, unknown]>([
    ['POST', '/clusters/prod-1/updates', undefined],
    ['POST', '/clusters/prod-1/updates', '{'],
    ['POST', '/clusters/prod-1/updates', '[]'],
    ['POST', '/clusters/prod-1/updates', '"1.37"'],
    ['POST', '/clusters/prod-1/updates', {}],
    ['POST', '/clusters/prod-1/updates', { version: 1.37 }],
    ['POST', '/clusters/prod-1/updates', { version: '' }],
    ['POST', '/clusters/prod-1/updates', { version: '1.37\0' }],
    ['POST', '/clusters/prod-1/updates', { version: '1.37', force: 'true' }],
    ['POST', '/clusters/prod-1/updates', { version: '1.37', force: 1 }],
    ['POST', '/clusters/prod-1/updates', { version: '1.37', rollbackConfig: { timeoutMinutes: 119 } }],
    ['POST', '/clusters/prod-1/updates', { version: '1.37', rollbackConfig: { timeoutMinutes: 10_081 } }],
    ['POST', '/clusters/prod-1/updates', { version: '1.37', clientRequestToken: 'short' }],
    ['POST', '/clusters/prod-1/updates', { version: '1.37', clientRequestToken: 7 }],
    ['POST', '/clusters/prod-1/updates', `{"version":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['POST', '/clusters', { name: 'new' }],
    ['POST', '/clusters', { name: 'new', roleArn: 'r', resourcesVpcConfig: {} }],
    ['POST', '/clusters', { name: 'new', roleArn: 'r', resourcesVpcConfig: [] }],
    ['POST', '/clusters', { name: ['new'], roleArn: 'r', resourcesVpcConfig: {} }],
    ['POST', '/clusters/prod-1/update-config', { deletionProtection: 'yes' }],
    ['POST', '/clusters/prod-1/update-config', { logging: { clusterLogging: {} } }],
    ['POST', '/clusters/prod-1/insights', { maxResults: 0 }],
    ['POST', '/clusters/prod-1/insights', { maxResults: 1.5 }],
    ['POST', '/clusters/prod-1/insights', { nextToken: '???' }],
    ['GET', '/clusters?maxResults=', undefined],
    ['GET', '/clusters?maxResults=abc', undefined],
    ['GET', '/clusters?maxResults=101', undefined],
    ['GET', '/clusters?nextToken=%zz', undefined],
    ['GET', '/clusters?nextToken=%00', undefined],
    ['GET', '/clusters?nextToken=abc', undefined],
    ['GET', '/cluster-versions?defaultOnly=1', undefined],
    ['GET', '/cluster-versions?status=odd', undefined],
    ['GET', '/clusters/prod-1/updates/%ff', undefined],
    ['GET', `/clusters/prod-1/updates/${'u'.repeat(3000)}`, undefined],
    ['GET', `/clusters/${'c'.repeat(3000)}`, undefined],
    ['GET', '/clusters/__proto__', undefined],
    ['POST', '/tags/arn%3Aaws%3Aeks%3Aeu-central-1%3A123456789012%3Acluster%2Fprod-1', { tags: { a: 1 } }],
    ['DELETE', '/tags/arn%3Aaws%3Aeks%3Aeu-central-1%3A123456789012%3Acluster%2Fprod-1', undefined],
  ])('of %s %s %j is refused with its reason, and changes nothing', async (method, path, body) => {
    const told = await face.ask(method, path, body);
    if (path === '/clusters?maxResults=') expect(told.status).toBe(200);
    else expect([400, 403, 404]).toContain(told.status);
    if (told.status !== 200) expect(told.errorType).toMatch(/Exception$/);
    if (told.status !== 200) expect(String(told.body.message).length).toBeGreaterThan(10);
    expect([...world.clusters.keys(), world.starts.length]).toEqual(['k8s-prod-1', 0]);
  });

  it('of a version that is missing is an InvalidParameterException', async () => {
    const told = await face.ask('POST', '/clusters/prod-1/updates', { clientRequestToken: 'x'.repeat(36) });
    expect(told).toMatchObject({
      status: 400,
      errorType: 'InvalidParameterException',
      body: { message: 'version is required.' },
    });
  });
});

describe('operations', () => {
  it('that are not offered say so, in the API’s own shape', async () => {
    for (const { method, path, name } of notOfferedRoutes) {
      const told = await face.ask(method, path.replaceAll(/\{\w+\}/g, 'x'), method === 'POST' ? {} : undefined);
      expect(told).toMatchObject({ status: 400, errorType: 'InvalidRequestException' });
      expect(told.body.message).toBe(`${name} is not offered here.`);
    }
  });

  it('are all 70 of the API, each by a route of its own', () => {
    expect(new Set(routes.map(({ name }) => name)).size).toBe(70);
    for (const { method, path, name } of routes) {
      const found = findRoute(method, path.replaceAll(/\{\w+\}/g, 'x'));
      expect(found?.route.name).toBe(name);
    }
  });
});

describe('who is calling', () => {
  const scope = {
    kind: 'refused',
    because: 'wrong-scope',
    part: 'service',
    says: 'Credential should be scoped to correct service.',
  } as const;
  const beside = { signedAt: '20191209T104625Z', limit: '20191210T033904Z', now: '20191210T034404Z', windowMs: 300_000 } as const;
  const mismatch = { kind: 'refused', because: 'mismatch', canonicalRequest: '', stringToSign: '' } as const;

  it.each<[AwsRefusal, string, string]>([
    [{ kind: 'refused', because: 'missing' }, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
    [{ kind: 'refused', because: 'incomplete', says: 'No date.' }, 'IncompleteSignatureException', 'No date.'],
    [
      { kind: 'refused', because: 'unknown-key' },
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    [
      { kind: 'refused', because: 'revoked-key' },
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    [
      { kind: 'refused', because: 'unknown-token' },
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    [scope, 'InvalidSignatureException', scope.says],
    [mismatch, 'InvalidSignatureException', 'The request signature we calculated does not match'],
    [
      { kind: 'refused', because: 'payload-mismatch' },
      'InvalidSignatureException',
      'The request signature we calculated does not match',
    ],
    [
      { kind: 'refused', because: 'expired', ...beside },
      'InvalidSignatureException',
      'Signature expired: 20191209T104625Z is now earlier than 20191210T033904Z (20191210T034404Z - 5 min.)',
    ],
    [
      { kind: 'refused', because: 'not-yet-current', ...beside },
      'InvalidSignatureException',
      'Signature not yet current: 20191209T104625Z is still later than 20191210T033904Z (20191210T034404Z + 5 min.)',
    ],
  ])('refuses %j as the gateway does', async (refusal, code, says) => {
    const refusing = await serveFace(world, { authenticate: async () => refusal });
    const told = await refusing.ask('POST', '/clusters/prod-1/updates', { version: '1.37' });
    await refusing.close();
    expect([told.status, told.errorType]).toEqual([403, code]);
    expect(Object.keys(told.body)).toEqual(['message']);
    expect(told.body.message).toContain(says);
    expect(world.starts).toEqual([]);
  });

  async function asking(policy: PolicyDocument) {
    return serveFace(world, {
      authenticate: async () => ({ kind: 'caller', caller: { ...sampleCaller, policy }, region: sampleRegion, service: 'eks' }),
    });
  }

  it('is held to the policy of the key, in IAM’s own sentence', async () => {
    const limited = await asking({
      Statement: [
        {
          Effect: 'Allow',
          Action: ['eks:DescribeCluster', 'eks:UpdateClusterVersion'],
          Resource: 'arn:aws:eks:*:*:cluster/prod-*',
        },
        { Effect: 'Allow', Action: 'eks:TagResource', Resource: 'cluster/prod-1' },
      ],
    });
    expect((await limited.ask('GET', '/clusters/prod-1')).status).toBe(200);
    expect((await limited.ask('POST', '/clusters/prod-1/updates', { version: '1.37' })).status).toBe(200);
    const arn = encodeURIComponent('arn:aws:eks:eu-central-1:123456789012:cluster/prod-1');
    expect((await limited.ask('POST', `/tags/${arn}`, { tags: { a: 'b' } })).status).toBe(200);
    const refused = async (method: string, path: string, body?: unknown) => {
      const { status, errorType, body: told } = await limited.ask(method, path, body);
      expect([status, errorType]).toEqual([403, 'AccessDeniedException']);
      return told;
    };
    const user = 'User: arn:aws:iam::123456789012:user/AKIASAMPLE is not authorized to perform:';
    expect(await refused('POST', '/clusters/test-1/updates', { version: '1.37' })).toEqual({
      message: `${user} eks:UpdateClusterVersion on resource: arn:aws:eks:eu-central-1:123456789012:cluster/test-1`,
    });
    expect((await refused('DELETE', '/clusters/prod-1')).message).toContain('eks:DeleteCluster on resource:');
    expect((await refused('GET', '/clusters')).message).toContain(
      'eks:ListClusters on resource: arn:aws:eks:eu-central-1:123456789012:cluster/*',
    );
    expect((await refused('GET', '/cluster-versions')).message).toContain('arn:aws:eks:eu-central-1:123456789012:*');
    expect((await refused('POST', '/clusters', { name: 'prod-2' })).message).toContain('cluster/prod-2');
    await limited.close();
  });

  it('is told of a statement that forbids', async () => {
    const limited = await asking({
      Statement: [
        { Effect: 'Allow', Action: 'eks:*', Resource: '*' },
        { Effect: 'Deny', Action: 'eks:DeleteCluster', Resource: 'cluster/prod-*' },
      ],
    });
    expect((await limited.ask('GET', '/clusters/prod-1')).status).toBe(200);
    expect((await limited.ask('DELETE', '/clusters/prod-1')).body.message).toContain(
      'with an explicit deny in an identity-based policy',
    );
    expect(world.clusters.get('k8s-prod-1')?.provisioning.state).toBe('ready');
    await limited.close();
  });
});
