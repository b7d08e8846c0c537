import { Sha256 } from '@aws-crypto/sha256-js';
import {
  DeleteClusterCommand,
  DescribeClusterCommand,
  ListClustersCommand,
  UpdateClusterVersionCommand,
} from '@aws-sdk/client-eks';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyId, limitedKeyId, refusalOf, type SignedFace, secret, serveSigned } from './signed-face.ts';

let face: SignedFace;
beforeEach(async () => {
  face = await serveSigned();
});
afterEach(async () => {
  await face.close();
  expect(face.troubles).toEqual([]);
});

const describeIt = new DescribeClusterCommand({ name: 'prod-1' });

describe('signatures of the official client', () => {
  it('are refused with an unknown key and with a wrong secret, in the words that clients know', async () => {
    const unknown = face.client({ accessKeyId: 'AKIAUNKNOWN000000001' });
    expect(await refusalOf(unknown.send(describeIt))).toMatchObject({
      name: 'UnrecognizedClientException',
      status: 403,
      message: 'The security token included in the request is invalid.',
    });
    const wrong = face.client({ secret: 'another' });
    expect(await refusalOf(wrong.send(describeIt))).toMatchObject({ name: 'InvalidSignatureException', status: 403 });
  });

  it('of a clock that is wrong are refused once: the client sets its clock by our Date and signs again', async () => {
    const client = face.client();
    client.config.systemClockOffset = -30 * 60_000;
    expect((await client.send(describeIt)).cluster?.name).toBe('prod-1');
    expect(face.answers).toEqual(['DescribeCluster InvalidSignatureException', 'DescribeCluster 200']);
  });

  it('name the region that a request is for', async () => {
    const { clusters } = await face.client({ region: 'us-west-2' }).send(new ListClustersCommand({}));
    expect(clusters).toEqual([]);
  });

  it('of a key with a policy do what it allows and nothing else', async () => {
    const client = face.client({ accessKeyId: limitedKeyId });
    expect((await client.send(describeIt)).cluster?.name).toBe('prod-1');
    expect(await refusalOf(client.send(new UpdateClusterVersionCommand({ name: 'prod-1', version: '1.37' })))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
      message: `User: arn:aws:iam::123456789012:user/${limitedKeyId} is not authorized to perform: eks:UpdateClusterVersion on resource: arn:aws:eks:eu-central-1:123456789012:cluster/prod-1`,
    });
    expect(await refusalOf(client.send(new DeleteClusterCommand({ name: 'prod-1' })))).toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(face.world.starts).toEqual([]);
  });
});

describe('a presigned request', () => {
  it('is taken as one with headers is', async () => {
    const { hostname, port } = new URL(face.endpoint);
    const signer = new SignatureV4({
      service: 'eks',
      region: 'eu-central-1',
      credentials: { accessKeyId: keyId, secretAccessKey: secret },
      sha256: Sha256,
    });
    const host = `${hostname}:${port}`;
    const plain = new HttpRequest({
      method: 'GET',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: '/clusters/prod-1',
      headers: { host },
    });
    const { query } = await signer.presign(plain, { expiresIn: 60 });
    const text = new URLSearchParams(query as Record<string, string>).toString().replaceAll('+', '%20');
    const answer = await fetch(`${face.endpoint}/clusters/prod-1?${text}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ cluster: { name: 'prod-1' } });
    const changed = await fetch(`${face.endpoint}/clusters/prod-2?${text}`);
    expect([changed.status, changed.headers.get('x-amzn-errortype')]).toEqual([403, 'InvalidSignatureException']);
  });
});
