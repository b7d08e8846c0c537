import { Sha256 } from '@aws-crypto/sha256-js';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SignedSts, sampleKey, serveSignedSts } from './signed-sts.ts';

const credentials = { accessKeyId: sampleKey.id, secretAccessKey: sampleKey.secret };
let face: SignedSts;
beforeEach(async () => {
  face = await serveSignedSts();
});
afterEach(() => face.close());

function client(change: Partial<typeof credentials> = {}) {
  return new STSClient({
    endpoint: face.endpoint,
    region: 'eu-west-1',
    credentials: { ...credentials, ...change },
    maxAttempts: 1,
  });
}

async function presigned(expiresIn: number, service = 'sts'): Promise<string> {
  const { hostname, port, host } = new URL(face.endpoint);
  const signer = new SignatureV4({ service, region: 'eu-west-1', credentials, sha256: Sha256 });
  const request = new HttpRequest({
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host },
  });
  const { query } = await signer.presign(request, { expiresIn });
  const members = Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]);
  return `${face.endpoint}/?${new URLSearchParams(Object.fromEntries(members))}`;
}

describe('the official JavaScript client of STS', () => {
  it('learns who it is', async () => {
    const identity = await client().send(new GetCallerIdentityCommand());
    expect(identity).toMatchObject({
      Account: '123456789012',
      Arn: `arn:aws:iam::123456789012:user/${sampleKey.id}`,
      UserId: sampleKey.id,
    });
    expect(identity.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('reads the errors of a wrong secret, an unknown key and a revoked one', async () => {
    const call = (change: Partial<typeof credentials>) => client(change).send(new GetCallerIdentityCommand());
    await expect(call({ secretAccessKey: 'wrong' })).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringMatching(/^The request signature we calculated/),
      $metadata: { httpStatusCode: 403 },
    });
    await expect(call({ accessKeyId: 'AKIDUNKNOWN' })).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    face.keys.set(sampleKey.id, { ...sampleKey, status: 'revoked' });
    await expect(call({})).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('is told how far its clock is off, and puts that right', async () => {
    face.aheadMs = 3_600_000;
    const late = client();
    await expect(late.send(new GetCallerIdentityCommand())).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringMatching(
        /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
      ),
    });
  });
});

describe('a presigned look', () => {
  it('is answered while it lasts, and not after', async () => {
    const url = await presigned(60);
    const got = await fetch(url);
    expect([got.status, await got.text()]).toEqual([200, expect.stringContaining(`user/${sampleKey.id}</Arn>`)]);
    face.aheadMs = 61_000;
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Signature expired')]);
  });

  it('is not taken when anything of it was changed, or when it was signed for another service', async () => {
    const url = await presigned(60);
    const changed = await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'));
    expect([changed.status, await changed.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    const other = await fetch(await presigned(60, 'eks'));
    expect([other.status, await other.text()]).toEqual([403, expect.stringContaining('correct service')]);
  });
});
