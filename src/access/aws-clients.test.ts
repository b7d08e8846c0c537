import { createServer, type Server } from 'node:http';
import { DescribeUpdateCommand, EKSClient, TagResourceCommand, UpdateClusterVersionCommand } from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedRequest } from './signed-request.ts';
import { awsCaller, awsKey, later, testAuthenticator, verdictOf } from './testing-aws.ts';

let server: Server;
let endpoint = '';
let sent: SignedRequest[] = [];

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const [path = '', query = ''] = (incoming.url ?? '').split('?');
      const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
      sent.push({ method: incoming.method ?? '', path, query, headers, body: Buffer.concat(chunks) });
      const sts = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
      outgoing.end(sts ? '<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>' : '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  endpoint = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const config = () => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: awsKey.id, secretAccessKey: awsKey.secret },
});

async function requestsOf(calls: () => Promise<unknown>): Promise<readonly SignedRequest[]> {
  sent = [];
  await calls();
  expect(sent).not.toEqual([]);
  return sent;
}

describe('the official JavaScript client', () => {
  it('of EKS signs what is verified, and nothing else', async () => {
    const client = new EKSClient(config());
    const requests = await requestsOf(async () => {
      await client.send(new UpdateClusterVersionCommand({ name: 'prod-1', version: '1.37', clientRequestToken: 'a b+c/d' }));
      await client.send(new DescribeUpdateCommand({ name: 'prod-1', updateId: 'u/ü 1' }));
      await client.send(new TagResourceCommand({ resourceArn: 'arn:aws:eks:eu-central-1:1:cluster/prod-1', tags: { a: 'ü' } }));
    });
    const now = new Date().toISOString();
    for (const request of requests) {
      const authentication = await testAuthenticator(now).request(request, ['eks']);
      expect(authentication).toEqual({ kind: 'caller', caller: awsCaller, region: 'eu-central-1', service: 'eks' });
      expect(await verdictOf({ ...request, method: 'PUT' }, ['eks'], now)).toBe('mismatch');
      expect(await verdictOf({ ...request, path: `${request.path}2` }, ['eks'], now)).toBe('mismatch');
      expect(await verdictOf(request, ['sts'], now)).toBe('wrong-scope');
    }
  });

  it('of STS signs its form', async () => {
    const client = new STSClient(config());
    const [request] = await requestsOf(async () => void (await client.send(new GetCallerIdentityCommand({}))));
    expect(String(request?.body)).toContain('Action=GetCallerIdentity');
    expect(await verdictOf(request as SignedRequest, ['sts'], new Date().toISOString())).toBe('caller');
  });
});

/** Signed by botocore 1.43.11 at `signedAt`. */
const host = '127.0.0.1:7171';
const credential = 'AWS4-HMAC-SHA256 Credential=LTAItestid/20261124/eu-central-1/eks/aws4_request';
const recorded: readonly (SignedRequest & { readonly name: string })[] = [
  {
    name: 'an update',
    method: 'POST',
    path: '/clusters/prod-1/updates',
    query: '',
    headers: {
      host,
      'content-type': 'application/json',
      'x-amz-date': '20261124T100000Z',
      'content-length': '19',
      'amz-sdk-request': 'attempt=1',
      authorization: `${credential}, SignedHeaders=content-type;host;x-amz-date, Signature=cd69acb846366b3be83df304502de76bbf96f6cdf6d1fd580e0c598f3bf4d38e`,
    },
    body: Buffer.from('{"version": "1.37"}'),
  },
  {
    name: 'tags, with a path that is escaped in part',
    method: 'DELETE',
    path: '/tags/arn:aws:eks:eu-central-1:100000000000:cluster%2Fprod-1',
    query: 'tagKeys=c%2F%C3%BC&tagKeys=a%20b',
    headers: {
      host,
      'x-amz-date': '20261124T100000Z',
      'content-length': '0',
      authorization: `${credential}, SignedHeaders=host;x-amz-date, Signature=2d0b3ca40aa1916b8b90c35ca1d0288e93e0aedb58902abb33abd7f3f3006fa0`,
    },
    body: Buffer.alloc(0),
  },
  {
    name: 'a list, with Date instead of X-Amz-Date',
    method: 'GET',
    path: '/clusters',
    query: 'maxResults=100',
    headers: {
      host,
      date: 'Tue, 24 Nov 2026 10:00:00 -0000',
      authorization: `${credential}, SignedHeaders=date;host, Signature=bbe00282d2113baa294b40e913adfa51e1be7b70938b44e6ae129fa245c862c3`,
    },
    body: Buffer.alloc(0),
  },
];

describe('what Python’s client signed', () => {
  it.each(recorded)('is verified: $name', async ({ name: _, ...request }) => {
    expect(await verdictOf(request)).toBe('caller');
    expect(await verdictOf(request, ['eks'], later(301))).toBe('expired');
    expect(await verdictOf({ ...request, query: `${request.query}&force=true` })).toBe('mismatch');
  });
});
