import { describe, expect, it } from 'vitest';
import type { TokenAuthentication } from '../domain/index.ts';
import { awsCaller, awsKey, later, presigned, signedAt, testAuthenticator, word } from './testing-aws.ts';

const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };

function tokenOf(url: string): string {
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}

interface Made {
  readonly cluster?: string;
  readonly expires?: number;
  readonly query?: Readonly<Record<string, string>>;
  readonly service?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly from?: string;
  readonly host?: string;
}

/** As `aws eks get-token` makes it. */
async function token(made: Made = {}): Promise<string> {
  const host = made.host ?? '127.0.0.1:7171';
  const headers = made.headers ?? { host, 'x-k8s-aws-id': made.cluster ?? 'prod-1' };
  const unsigned = { method: 'GET', path: made.path ?? '/', query: made.query ?? query, headers, body: '' };
  const request = await presigned(unsigned, made.expires ?? 60, { service: made.service ?? 'sts' });
  return tokenOf(`${made.from ?? `http://${host}`}${request.path}?${request.query}`);
}

function check(text: string, cluster = 'prod-1', now = signedAt): Promise<TokenAuthentication> {
  return testAuthenticator(now).token(text, cluster);
}

describe('a token of aws eks get-token', () => {
  it('speaks for the key that made it, at the cluster that it was made for', async () => {
    const made = await token();
    expect(await check(made)).toEqual({ kind: 'caller', caller: awsCaller, region: 'eu-central-1', service: 'sts' });
    expect(word(await check(made, 'prod-2'))).toBe('mismatch');
    expect(word(await check(made, ''))).toBe('mismatch');
  });

  it('that Python’s client made is known, whatever the case of its host', async () => {
    const url =
      'http://Desk-Top:7171/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=LTAItestid%2F20261124%2Feu-central-1%2Fsts%2Faws4_request&X-Amz-Date=20261124T100000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=6f70ef1fb2902846fedd671fc7ecccb83475fa9ec14b527b94d4d88f7ed8beed';
    expect(word(await check(tokenOf(url)))).toBe('caller');
    expect(word(await check(tokenOf(url.replace('7171', '7172'))))).toBe('mismatch');
    expect(word(await check(tokenOf(url.replace('http:', 'https:'))))).toBe('caller');
  });

  it('that Go’s client made is known, which signs the host as it was given', async () => {
    expect(word(await check(await token({ host: 'Desk-Top:7171' })))).toBe('caller');
    expect(word(await check(await token({ host: 'desk-top:7171', from: 'http://Desk-Top:7171' })))).toBe('caller');
    expect(word(await check(await token({ host: 'DESK-TOP:7171', from: 'http://Desk-Top:7171' })))).toBe('mismatch');
  });

  it('lasts fifteen minutes from when it was signed, as clients that keep it expect', async () => {
    const made = await token();
    expect(word(await check(made, 'prod-1', later(900)))).toBe('caller');
    expect(await check(made, 'prod-1', later(901))).toMatchObject({ because: 'expired', windowMs: 900_000 });
    expect(word(await check(made, 'prod-1', later(-301)))).toBe('not-yet-current');
    expect(word(await check(await token({ expires: 900 })))).toBe('caller');
    expect(word(await check(await token({ expires: 901 })))).toBe('not-a-token');
  });

  it('has the host that was signed, without the port that its scheme has anyway', async () => {
    expect(word(await check(await token({ host: 'sts.example.org', from: 'https://sts.example.org:443' })))).toBe('caller');
    expect(word(await check(await token({ host: 'sts.example.org', from: 'http://sts.example.org:443' })))).toBe('mismatch');
    expect(word(await check(await token({ host: '[::1]:7171' })))).toBe('caller');
  });

  it('is for STS and nothing else', async () => {
    expect(await check(await token({ service: 'eks' }))).toMatchObject({ because: 'wrong-scope', part: 'service' });
  });

  it('is not one when it asks for anything else', async () => {
    expect(word(await check(await token({ query: { ...query, Action: 'AssumeRole' } })))).toBe('not-a-token');
    expect(word(await check(await token({ query: { Version: '2011-06-15' } })))).toBe('not-a-token');
    const twice = Buffer.from((await token()).slice('k8s-aws-v1.'.length), 'base64url').toString();
    expect(word(await check(tokenOf(`${twice}&Action=GetCallerIdentity`)))).toBe('not-a-token');
  });

  it('is not one without the name of its cluster among what was signed', async () => {
    const made = await token({ headers: { host: '127.0.0.1:7171' } });
    expect(await check(made)).toMatchObject({ because: 'not-a-token', says: 'The header x-k8s-aws-id is not signed.' });
  });

  it('does not open anything once its key is revoked', async () => {
    const revoked = testAuthenticator(signedAt, null, { ...awsKey, status: 'revoked' });
    expect(await revoked.token(await token(), 'prod-1')).toEqual({ kind: 'refused', because: 'revoked-key' });
  });

  it.each([
    ['nothing', ''],
    ['another kind of token', 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln'],
    ['the prefix alone', 'k8s-aws-v1.'],
    ['no base64url', 'k8s-aws-v1.a+b/c'],
    ['too much', `k8s-aws-v1.${'a'.repeat(8_192)}`],
    ['no URL', tokenOf('hello')],
    ['another scheme', tokenOf('file:///etc/passwd?Action=GetCallerIdentity')],
    ['a URL with a name and a password', tokenOf('http://a:b@h/?Action=GetCallerIdentity')],
    ['a URL that nobody signed', tokenOf('http://h/?Action=GetCallerIdentity')],
    ['a URL that is presigned in part', tokenOf('http://h/?Action=GetCallerIdentity&X-Amz-Signature=00')],
    ['two lines', tokenOf('http://h/?Action=GetCallerIdentity\nX: y')],
  ])('is not one: %s', async (_, text) => {
    expect(word(await check(text))).toBe('not-a-token');
  });
});
