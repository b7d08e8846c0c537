import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsAuthentication, AwsRefusal } from '../../domain/index.ts';
import { type ServedSts, serveSts } from './testing.ts';

const caller = { keyId: 'AKIDEXAMPLE', account: '123456789012', policy: null };
const arn = 'arn:aws:iam::123456789012:user/AKIDEXAMPLE';

let face: ServedSts;
let authentication: AwsAuthentication | Error;
let asked: { readonly services: readonly string[]; readonly query: string; readonly body: string }[];

beforeEach(async () => {
  authentication = { kind: 'caller', caller, region: 'us-east-1', service: 'sts' };
  asked = [];
  face = await serveSts({
    authenticate: async ({ query, body }, services) => {
      asked.push({ services, query, body: body.toString() });
      if (authentication instanceof Error) throw authentication;
      return authentication;
    },
  });
});
afterEach(() => face.close());

function credential(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261125/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

/** A form, as every SDK posts it. */
async function post(form: Record<string, string>, service = 'sts', type = 'application/x-www-form-urlencoded; charset=utf-8') {
  const response = await fetch(face.endpoint, {
    method: 'POST',
    headers: { 'content-type': type, authorization: credential(service) },
    body: new URLSearchParams(form).toString(),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function errorOf(text: string): { readonly code: string | undefined; readonly message: string | undefined } {
  return { code: /<Code>(.*?)<\/Code>/.exec(text)?.[1], message: /<Message>(.*?)<\/Message>/s.exec(text)?.[1] };
}

describe('the face of STS and its neighbours', () => {
  it('says who is calling, as a form and as a presigned address', async () => {
    const form = await post({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    expect(form.status).toBe(200);
    expect(form.headers.get('content-type')).toContain('text/xml');
    const requestId = form.headers.get('x-amzn-requestid');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(form.text.replaceAll(/\n\s*/g, '')).toBe(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn>` +
        `<UserId>AKIDEXAMPLE</UserId><Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}` +
        '</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
    );
    const query =
      'Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=AKIDEXAMPLE%2F20261125%2Fus-east-1%2Fsts%2Faws4_request';
    const presigned = await fetch(`${face.endpoint}/?${query}`);
    expect([presigned.status, await presigned.text()]).toEqual([200, expect.stringContaining(`<Arn>${arn}</Arn>`)]);
    expect(asked).toEqual([
      { services: ['sts'], query: '', body: 'Action=GetCallerIdentity&Version=2011-06-15' },
      { services: ['sts'], query, body: '' },
    ]);
  });

  it('answers in JSON whoever asks for JSON', async () => {
    const headers = { accept: 'application/json', authorization: credential('sts') };
    const response = await fetch(`${face.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`, { headers });
    expect(await response.json()).toEqual({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Arn: arn, UserId: 'AKIDEXAMPLE', Account: '123456789012' },
        ResponseMetadata: { RequestId: response.headers.get('x-amzn-requestid') },
      },
    });
  });

  it('denies IAM’s GetUser in a way that Terraform passes over', async () => {
    const got = await post({ Action: 'GetUser', Version: '2010-05-08' }, 'iam');
    expect(got.status).toBe(403);
    expect(errorOf(got.text).code).toBe('AccessDenied');
    expect(got.text).toContain('https://iam.amazonaws.com/doc/2010-05-08/');
    expect(asked.map(({ services }) => services)).toEqual([['iam']]);
  });

  it('has no stacks of CloudFormation', async () => {
    const form = { Version: '2010-05-15' };
    const list = await post({ ...form, Action: 'ListStacks', 'StackStatusFilter.member.1': 'CREATE_COMPLETE' }, 'cloudformation');
    expect([list.status, list.text]).toEqual([200, expect.stringContaining('<StackSummaries/>')]);
    const one = await post({ ...form, Action: 'DescribeStacks', StackName: 'eksctl-<blue>-cluster' }, 'cloudformation');
    expect([one.status, errorOf(one.text)]).toEqual([
      400,
      { code: 'ValidationError', message: 'Stack with id eksctl-&lt;blue&gt;-cluster does not exist' },
    ]);
    const all = await post({ ...form, Action: 'DescribeStacks' }, 'cloudformation');
    expect([all.status, all.text]).toEqual([200, expect.stringContaining('<Stacks/>')]);
  });

  it.each([
    ['AssumeRole', 'sts', '2011-06-15'],
    ['GetCallerIdentity', 'sts', '2010-01-01'],
    ['GetCallerIdentity', 'iam', '2010-05-08'],
    ['CreateStack', 'cloudformation', '2010-05-15'],
    ['constructor', 'sts', ''],
    ['__proto__', 'sts', ''],
  ])('does not offer %s of %s, version "%s"', async (action, service, version) => {
    const got = await post({ Action: action, ...(version === '' ? {} : { Version: version }) }, service);
    expect([got.status, errorOf(got.text).code]).toEqual([400, 'InvalidAction']);
  });

  it('asks for an action where a signed request names none', async () => {
    const got = await post({});
    expect([got.status, errorOf(got.text).code]).toEqual([400, 'MissingAction']);
    const json = await post({ Action: 'GetCallerIdentity' }, 'sts', 'application/json');
    expect([json.status, errorOf(json.text).code]).toEqual([400, 'MissingAction']);
  });

  it('has nothing for somebody with a browser', async () => {
    const got = await fetch(face.endpoint);
    expect([got.status, await got.json()]).toEqual([404, expect.anything()]);
    expect(asked).toEqual([]);
  });

  const time = { signedAt: '20261125T100000Z', limit: '20261125T100500Z', now: '20261125T101000Z', windowMs: 300_000 };
  const refusals: readonly (readonly [AwsRefusal, number, string, RegExp])[] = [
    [{ kind: 'refused', because: 'missing' }, 403, 'MissingAuthenticationToken', /missing/],
    [{ kind: 'refused', because: 'unknown-key' }, 403, 'InvalidClientTokenId', /security token .* invalid/],
    [{ kind: 'refused', because: 'revoked-key' }, 403, 'InvalidClientTokenId', /security token .* invalid/],
    [{ kind: 'refused', because: 'unknown-token' }, 403, 'InvalidClientTokenId', /security token .* invalid/],
    [{ kind: 'refused', because: 'incomplete', says: 'No <date>.' }, 400, 'IncompleteSignature', /^No &lt;date&gt;\.$/],
    [{ kind: 'refused', because: 'payload-mismatch' }, 403, 'SignatureDoesNotMatch', /does not match/],
    [{ kind: 'refused', because: 'wrong-scope', part: 'service', says: 'It is scoped.' }, 403, 'SignatureDoesNotMatch', /scoped/],
    [
      { kind: 'refused', because: 'mismatch', canonicalRequest: '', stringToSign: '' },
      403,
      'SignatureDoesNotMatch',
      /^The request signature we calculated does not match/,
    ],
    [
      { kind: 'refused', because: 'expired', ...time },
      403,
      'SignatureDoesNotMatch',
      /^Signature expired: 20261125T100000Z is now earlier than 20261125T100500Z \(20261125T101000Z - 5 min\.\)$/,
    ],
    [{ kind: 'refused', because: 'not-yet-current', ...time }, 403, 'SignatureDoesNotMatch', /^Signature not yet current: /],
  ];
  it.each(refusals)('answers %o', async (refusal, status, code, message) => {
    authentication = refusal;
    const got = await post({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    expect([got.status, errorOf(got.text).code]).toEqual([status, code]);
    expect(errorOf(got.text).message).toMatch(message);
    expect(got.text).toContain('<Type>Sender</Type>');
  });

  it('asks for another attempt when the keys cannot be read', async () => {
    authentication = new Error('The database is away.');
    const got = await post({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    expect([got.status, errorOf(got.text).code]).toEqual([503, 'ServiceUnavailable']);
    expect(got.text).not.toContain('database');
  });

  it('reads no more than it must', async () => {
    const got = await post({ Action: 'GetCallerIdentity', Padding: 'x'.repeat(100_000) });
    expect([got.status, errorOf(got.text).code]).toEqual([400, 'MalformedInput']);
    expect(asked).toEqual([]);
  });
});
