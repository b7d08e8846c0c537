import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SignedRequest } from './signed-request.ts';
import { verifySigV4 } from './sigv4.ts';
import { readSigV4 } from './sigv4-claim.ts';
import {
  awsCaller,
  awsKey,
  later,
  listClusters,
  presigned,
  signedByHeader,
  testAuthenticator,
  updateVersion,
  verdictOf,
} from './testing-aws.ts';

const eks = ['eks'];

function withHeaders(request: SignedRequest, headers: Readonly<Record<string, string>>): SignedRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

function without(request: SignedRequest, name: string): SignedRequest {
  const { [name]: _, ...headers } = request.headers;
  return { ...request, headers };
}

function withAuthorization(request: SignedRequest, change: (authorization: string) => string): SignedRequest {
  return withHeaders(request, { authorization: change(request.headers.authorization ?? '') });
}

describe('a request that the official signer signed', () => {
  it.each([
    ['with a query', listClusters, {}],
    ['with a body', updateVersion, {}],
    ['with the hash of its body in a header', updateVersion, { checksum: true }],
    ['with an escaped path', { ...listClusters, path: '/tags/arn%3Aaws%3Aeks%3Aus-east-1%3A1%3Acluster%2Fc1' }, {}],
    ['with a path that is escaped in part', { ...listClusters, path: '/tags/arn:aws:eks:us-east-1:1:cluster%2Fc1' }, {}],
    ['with the root as its path', { ...listClusters, path: '/' }, {}],
    ['with blanks in a header', { ...listClusters, headers: { host: 'h', 'amz-sdk-request': '  attempt=1;   max=3 ' } }, {}],
  ])('is known by its key: %s', async (_, unsigned, signing) => {
    for (const request of [await signedByHeader(unsigned, signing), await presigned(unsigned, 60, signing)]) {
      const authentication = await testAuthenticator().request(request, eks);
      expect(authentication).toEqual({ kind: 'caller', caller: awsCaller, region: 'eu-central-1', service: 'eks' });
    }
  });

  it('agrees with the example that AWS has published', () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';
    const headers = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z', authorization };
    const request = { method: 'GET', path: '/', query: '', headers, body: Buffer.alloc(0) };
    const claim = readSigV4(request);
    if ('kind' in claim) throw new Error('it was not read');
    const key = { ...awsKey, id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
    const rules = { services: ['service'], region: 'us-east-1', presignedLastsMs: null };
    expect(verifySigV4(request, claim, key, rules, '2015-08-30T12:36:00.000Z').kind).toBe('caller');
  });

  it('means the same with a plus for a blank in its query', async () => {
    const request = await signedByHeader(listClusters);
    expect(request.query).toContain('a%20b');
    expect(await verdictOf({ ...request, query: request.query.replace('%20', '+') })).toBe('caller');
  });

  it('is refused for another secret, with the texts that an honest caller compares', async () => {
    const request = await signedByHeader(listClusters, { secret: 'another' });
    const digest = createHash('sha256').update('').digest('hex');
    const canonicalRequest = `GET
/clusters
include=a%20b%2F%C3%BC%2B&include=all&maxResults=100
host:127.0.0.1:7171
x-amz-date:20261124T100000Z

host;x-amz-date
${digest}`;
    const authentication = await testAuthenticator().request(request, eks);
    expect(authentication).toMatchObject({ because: 'mismatch', canonicalRequest });
    expect(JSON.stringify(authentication)).not.toContain(awsKey.secret);
  });
});

describe('the key', () => {
  it('must be one that there is and that is not revoked', async () => {
    const request = await signedByHeader(listClusters);
    const as = (id: string) => withAuthorization(request, (text) => text.replace(awsKey.id, id));
    expect(await verdictOf(as('LTAIother'))).toBe('unknown-key');
    expect(await verdictOf(as('LTAI\0other'))).toBe('unknown-key');
    const revoked = testAuthenticator(undefined, null, { ...awsKey, status: 'revoked' });
    expect(await revoked.request(request, eks)).toEqual({ kind: 'refused', because: 'revoked-key' });
  });

  it('comes without a session token: none was ever given', async () => {
    expect(await verdictOf(await signedByHeader(listClusters, { sessionToken: 'FwoG' }))).toBe('unknown-token');
    expect(await verdictOf(await presigned(listClusters, 60, { sessionToken: 'FwoG' }))).toBe('unknown-token');
  });
});

describe('the scope', () => {
  it('names a service that was expected', async () => {
    const request = await signedByHeader(listClusters, { service: 'sts' });
    expect(await testAuthenticator().request(request, eks)).toMatchObject({ because: 'wrong-scope', part: 'service' });
    expect(await verdictOf(request, ['eks', 'sts'])).toBe('caller');
  });

  it('names any region that can be one, or the only one', async () => {
    const of = async (region: string, only: string | null = null) =>
      testAuthenticator(undefined, only).request(await signedByHeader(listClusters, { region }), eks);
    expect(await of('local')).toMatchObject({ kind: 'caller', region: 'local' });
    expect(await of('us-gov-west-1')).toMatchObject({ kind: 'caller' });
    expect(await of('US East')).toMatchObject({ because: 'wrong-scope', part: 'region' });
    expect(await of('eu-west-1', 'eu-west-1')).toMatchObject({ kind: 'caller' });
    expect(await of('eu-west-2', 'eu-west-1')).toMatchObject({ because: 'wrong-scope', part: 'region' });
  });

  it('has the day of signing and the right end', async () => {
    const request = await signedByHeader(listClusters);
    const yesterday = withAuthorization(request, (text) => text.replace('/20261124/', '/20261123/'));
    expect(await testAuthenticator().request(yesterday, eks)).toMatchObject({ because: 'wrong-scope', part: 'date' });
    const ended = withAuthorization(request, (text) => text.replace('aws4_request', 'aws5_request'));
    expect(await testAuthenticator().request(ended, eks)).toMatchObject({ because: 'wrong-scope', part: 'terminator' });
  });
});

describe('the time', () => {
  it('may be five minutes off either way', async () => {
    const request = await signedByHeader(listClusters);
    expect(await verdictOf(request, eks, later(300))).toBe('caller');
    expect(await verdictOf(request, eks, later(-300))).toBe('caller');
    expect(await testAuthenticator(later(301)).request(request, eks)).toEqual({
      kind: 'refused',
      because: 'expired',
      signedAt: '20261124T100000Z',
      limit: '20261124T100001Z',
      now: '20261124T100501Z',
      windowMs: 300_000,
    });
    expect(await testAuthenticator(later(-301)).request(request, eks)).toEqual({
      kind: 'refused',
      because: 'not-yet-current',
      signedAt: '20261124T100000Z',
      limit: '20261124T095959Z',
      now: '20261124T095459Z',
      windowMs: 300_000,
    });
  });

  it('of a presigned request ends when it says', async () => {
    const request = await presigned(listClusters, 900);
    expect(await verdictOf(request, eks, later(900))).toBe('caller');
    expect(await testAuthenticator(later(901)).request(request, eks)).toMatchObject({ because: 'expired', windowMs: 900_000 });
    expect(await verdictOf(request, eks, later(-300))).toBe('caller');
    expect(await verdictOf(request, eks, later(-301))).toBe('not-yet-current');
  });

  it.each(['0', '604801', '-1', '1e3', '', '9999999999'])('does not last for %j seconds', async (expires) => {
    const request = await presigned(listClusters);
    const query = request.query.replace('X-Amz-Expires=60', `X-Amz-Expires=${expires}`);
    expect(await verdictOf({ ...request, query })).toBe('incomplete');
  });

  it.each(['yesterday', '20260231T100000Z', '2026-11-24T10:00:00Z', '20261124T250000Z'])('is not %s', async (date) => {
    expect(await verdictOf(withHeaders(await signedByHeader(listClusters), { 'x-amz-date': date }))).toBe('incomplete');
  });
});

describe('what must be signed', () => {
  it('is the host, and every x-amz- header that is there', async () => {
    const request = await signedByHeader(updateVersion);
    expect(await verdictOf(withHeaders(request, { 'x-amz-target': 'Another' }))).toBe('incomplete');
    expect(await verdictOf(withHeaders(request, { 'x-amzn-trace-id': 'Root=1', 'amz-sdk-request': 'attempt=1' }))).toBe('caller');
    const noHost = withAuthorization(request, (text) => text.replace(';host', ''));
    expect(await testAuthenticator().request(noHost, eks)).toMatchObject({
      because: 'incomplete',
      says: "'Host' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });

  it('is not what every object has', async () => {
    const request = withAuthorization(await signedByHeader(listClusters), (text) => text.replace('=host;', '=constructor;host;'));
    expect(await verdictOf(request)).toBe('incomplete');
  });

  it('is the body, whatever a header says of it', async () => {
    const request = await signedByHeader(updateVersion, { checksum: true });
    expect(await verdictOf({ ...request, body: Buffer.from('{"version": "1.38"}') })).toBe('payload-mismatch');
    for (const said of ['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', '']) {
      const unsigned = { ...updateVersion, headers: { ...updateVersion.headers, 'x-amz-content-sha256': said } };
      expect(await verdictOf(await signedByHeader(unsigned))).toBe('payload-mismatch');
    }
    const hoisted = { ...updateVersion, query: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' } };
    expect(await verdictOf(await presigned(hoisted))).toBe('payload-mismatch');
  });
});

describe('a signature that cannot be read', () => {
  it('is none where nothing speaks of one', async () => {
    const request = { ...(await signedByHeader(listClusters)), headers: { host: 'h' } };
    expect(await verdictOf(request)).toBe('missing');
    expect(await verdictOf(withHeaders(request, { authorization: ' ' }))).toBe('missing');
  });

  it.each([
    ['Credential', /Credential=[^,]+, /],
    ['SignedHeaders', /SignedHeaders=[^,]+, /],
    ['Signature', /, Signature=\w+/],
  ])('is told what it lacks: %s', async (name, part) => {
    const request = withAuthorization(await signedByHeader(listClusters), (text) => text.replace(part, ''));
    const says = `Authorization header requires '${name}' parameter.`;
    expect(await testAuthenticator().request(request, eks)).toEqual({ kind: 'refused', because: 'incomplete', says });
  });

  it('is told all that it lacks at once', async () => {
    const request = withHeaders(without(await signedByHeader(listClusters), 'x-amz-date'), {
      authorization: 'AWS4-HMAC-SHA256 x',
    });
    expect(await testAuthenticator().request(request, eks)).toMatchObject({
      says: "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    });
  });

  it.each([
    ['four elements', (text: string) => text.replace('/eks/', '/')],
    ['an empty element', (text: string) => text.replace('/eks/', '//')],
    ['a short signature', (text: string) => text.slice(0, -1)],
    ['a signature in upper case', (text: string) => text.replace(/[0-9a-f]+$/, (hex) => `A${hex.slice(1)}`)],
    ['headers in upper case', (text: string) => text.replace('=host', '=Host')],
    ['a header twice', (text: string) => text.replace('=host', '=host;host')],
    ['a part twice', (text: string) => `${text}, Signature=0`],
    ['another scheme', (text: string) => text.replace('SHA256', 'SHA512')],
    ['a password', () => 'Basic dXNlcjpzZWNyZXQ='],
  ])('is refused for %s, and is not said again', async (_, change) => {
    const authentication = await testAuthenticator().request(withAuthorization(await signedByHeader(listClusters), change), eks);
    expect(authentication).toMatchObject({ because: 'incomplete' });
    expect(JSON.stringify(authentication)).not.toContain('dXNlcjpzZWNyZXQ=');
  });

  it('is refused in a query that says a thing twice, or not at all', async () => {
    const request = await presigned(listClusters);
    expect(await verdictOf({ ...request, query: `${request.query}&X-Amz-Expires=900` })).toBe('incomplete');
    expect(await verdictOf({ ...request, query: `${request.query}&X%2DAmz-Expires=900` })).toBe('incomplete');
    expect(await verdictOf({ ...request, query: request.query.replace(/&X-Amz-SignedHeaders=[^&]+/, '') })).toBe('incomplete');
    expect(await verdictOf({ ...request, query: request.query.replace('SHA256', 'SHA1') })).toBe('incomplete');
  });
});
