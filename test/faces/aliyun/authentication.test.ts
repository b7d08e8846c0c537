import { createHash, createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleId } from '../../../src/faces/aliyun/testing-samples.ts';
import { type SignedFace, secret, serveSigned } from './signed-face.ts';

let face: SignedFace;
beforeEach(async () => {
  face = await serveSigned();
});
afterEach(() => face.close());

const path = `/openapi/instances/${sampleId}/actions/upgrade-version`;
const body = '{"version":"6.7"}';
type Headers = Record<string, string>;

function acs3(change: Headers = {}, key = secret, unsigned: readonly string[] = []): Headers {
  const headers: Headers = {
    host: face.endpoint,
    'content-type': 'application/json',
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': createHash('sha256').update(body).digest('hex'),
    ...change,
  };
  const names = Object.keys(headers)
    .filter((name) => !unsigned.includes(name) && headers[name] !== '')
    .sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = ['POST', path, 'dryRun=true', lines, names.join(';'), headers['x-acs-content-sha256']].join('\n');
  const text = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return sentOnly({
    ...headers,
    authorization: `ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=${names.join(';')},Signature=${signature}`,
  });
}

function v1(change: Headers = {}): Headers {
  const headers: Headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    date: new Date().toUTCString(),
    'x-acs-version': '2017-06-13',
    ...change,
  };
  const acs = Object.keys(headers)
    .filter((name) => name.startsWith('x-acs-'))
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
  const text = `POST\n${headers.accept}\n\n${headers['content-type']}\n${headers.date}\n${acs}${path}?dryRun=true`;
  return sentOnly({ ...headers, authorization: `acs testid:${createHmac('sha1', secret).update(text).digest('base64')}` });
}

/** An empty text stands for a header that is not sent. */
function sentOnly(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== '' && name !== 'host'));
}

async function send(headers: Headers, sentBody = body) {
  const response = await fetch(`http://${face.endpoint}${path}?dryRun=true`, { method: 'POST', headers, body: sentBody });
  const answer = (await response.json()) as { readonly Code?: string; readonly Message?: string };
  return { status: response.status, Code: answer.Code, Message: answer.Message };
}

const minutes = 60_000;

describe.each([
  ['ACS3-HMAC-SHA256', () => acs3(), () => acs3({}, 'wrong')],
  ['ROA V1', () => v1(), () => ({ ...v1(), accept: 'text/html' })],
])('a request signed with %s', (_, right, wrong) => {
  it('is let in, and with another signature it is not, with the string that we signed', async () => {
    expect(await send(right())).toMatchObject({ status: 200 });
    expect(await send(wrong())).toMatchObject({
      status: 400,
      Code: 'SignatureDoesNotMatch',
      Message: expect.stringMatching(/^Specified signature is not matched with our calculation\. server string to sign is:/),
    });
  });

  it('is let in up to a quarter of an hour early or late', async () => {
    for (const aheadMs of [14 * minutes, -14 * minutes]) {
      face.aheadMs = aheadMs;
      expect(await send(right())).toMatchObject({ status: 200 });
    }
    for (const aheadMs of [16 * minutes, -16 * minutes]) {
      face.aheadMs = aheadMs;
      expect(await send(right())).toMatchObject({ status: 400, Code: 'InvalidTimeStamp.Expired' });
    }
  });

  it('is not let in with a key that was revoked, or that is not there', async () => {
    const key = face.keys.get('testid');
    if (key !== undefined) face.keys.set(key.id, { ...key, status: 'revoked' });
    expect(await send(right())).toMatchObject({ status: 400, Code: 'InvalidAccessKeyId.Inactive' });
    face.keys.clear();
    expect(await send(right())).toMatchObject({ status: 404, Code: 'InvalidAccessKeyId.NotFound' });
  });
});

describe('a nonce', () => {
  it('is good once, where there is one', async () => {
    const headers = acs3();
    expect(await send(headers)).toMatchObject({ status: 200 });
    expect(await send(headers)).toMatchObject({ status: 400, Code: 'SignatureNonceUsed' });
    const withNonce = v1({ 'x-acs-signature-nonce': 'once' });
    expect(await send(withNonce)).toMatchObject({ status: 200 });
    expect(await send(withNonce)).toMatchObject({ status: 400, Code: 'SignatureNonceUsed' });
    const without = v1();
    expect(await send(without)).toMatchObject({ status: 200 });
    expect(await send(without)).toMatchObject({ status: 200 });
  });

  it('is used up by a signature that holds, and by no other', async () => {
    const nonce = { 'x-acs-signature-nonce': 'mine' };
    expect(await send(acs3(nonce, 'wrong'))).toMatchObject({ Code: 'SignatureDoesNotMatch' });
    expect(face.nonces.size).toBe(0);
    expect(await send(acs3(nonce))).toMatchObject({ status: 200 });
  });

  it('is refused when it is longer than any client makes it', async () => {
    expect(await send(acs3({ 'x-acs-signature-nonce': 'x'.repeat(3_000) }))).toMatchObject({ Code: 'IncompleteSignature' });
  });
});

describe('what is not signed', () => {
  it.each(['host', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])('is never the header %s', async (name) => {
    expect(await send(acs3({}, secret, [name]))).toMatchObject({
      status: 400,
      Code: 'IncompleteSignature',
      Message: expect.stringContaining(name),
    });
  });

  it('is not the time: a plain Date says nothing of an ACS3 request', async () => {
    const headers = acs3({ 'x-acs-date': '' });
    expect(await send({ ...headers, date: new Date().toUTCString() })).toMatchObject({ Code: 'InvalidTimeStamp.Format' });
  });

  it('is not the body', async () => {
    expect(await send(acs3(), '{"version":"6.8"}')).toMatchObject({ Code: 'IncompleteSignature' });
    const md5 = createHash('md5').update(body).digest('base64');
    expect(await send(v1({ 'content-md5': md5 }), '{"version":"6.8"}')).toMatchObject({ Code: 'IncompleteSignature' });
  });
});

describe('a request that nobody signed', () => {
  it.each([
    [{}, 'MissingAccessKeyId'],
    [{ authorization: 'Basic dGVzdDp0ZXN0' }, 'InvalidSignatureMethod'],
    [{ authorization: 'ACS3-RSA-SHA256 Credential=testid' }, 'InvalidSignatureMethod'],
    [{ authorization: 'ACS3-HMAC-SHA256 Credential=testid' }, 'IncompleteSignature'],
    [{ authorization: 'acs testid' }, 'IncompleteSignature'],
    [{ authorization: 'acs testid:AAAA', date: 'yesterday' }, 'SignatureDoesNotMatch'],
  ])('%j is told %s', async (headers, Code) => {
    expect(await send(sentOnly(headers as Headers))).toMatchObject({ status: 400, Code });
    expect(face.world.starts).toEqual([]);
  });

  it('with a time that is none is told so once its signature holds', async () => {
    expect(await send(v1({ date: 'yesterday' }))).toMatchObject({ status: 400, Code: 'InvalidTimeStamp.Format' });
  });
});
