/** Requests that the official signer of AWS has signed, as they would stand on the wire. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AccessKey, AwsAuthentication, Caller } from '../domain/index.ts';
import { createAwsAuthenticator } from './index.ts';
import type { SignedRequest } from './signed-request.ts';

export const awsKey: AccessKey = {
  id: 'LTAItestid',
  secret: 'testsecret/+=',
  account: '100000000000',
  description: '',
  status: 'active',
  policy: { Statement: [{ Effect: 'Allow', Action: 'eks:*', Resource: '*' }] },
  createdAt: '2026-11-01T00:00:00.000Z',
};
export const awsCaller: Caller = { keyId: awsKey.id, account: awsKey.account, policy: awsKey.policy };
export const signedAt = '2026-11-24T10:00:00.000Z';

/** That many seconds after the moment of signing. */
export function later(seconds: number): string {
  return new Date(Date.parse(signedAt) + seconds * 1000).toISOString();
}

export interface Unsigned {
  readonly method: string;
  /** As sent, escaped. */
  readonly path: string;
  /** Decoded. */
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const listClusters: Unsigned = {
  method: 'GET',
  path: '/clusters',
  query: { maxResults: '100', include: ['all', 'a b/ü+'] },
  headers: { host: '127.0.0.1:7171' },
  body: '',
};

export const updateVersion: Unsigned = {
  method: 'POST',
  path: '/clusters/prod-1/updates',
  query: {},
  headers: { host: '127.0.0.1:7171', 'content-type': 'application/json' },
  body: '{"version": "1.37", "clientRequestToken": "5d8f"}',
};

interface Signing {
  readonly service?: string;
  readonly region?: string;
  readonly sessionToken?: string;
  /** Whether x-amz-content-sha256 is sent, as by JavaScript and Java. */
  readonly checksum?: boolean;
  readonly secret?: string;
}

function signer({ service = 'eks', region = 'eu-central-1', sessionToken, checksum = false, secret = awsKey.secret }: Signing) {
  const session = sessionToken === undefined ? {} : { sessionToken };
  const credentials = { accessKeyId: awsKey.id, secretAccessKey: secret, ...session };
  return new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: checksum });
}

/** With an Authorization header; every header of the request is signed. */
export async function signedByHeader(unsigned: Unsigned, signing: Signing = {}): Promise<SignedRequest> {
  const signableHeaders = new Set(Object.keys(unsigned.headers));
  const signed = await signer(signing).sign(httpRequest(unsigned), { signingDate: new Date(signedAt), signableHeaders });
  return onTheWire(signed as HttpRequest, unsigned.body);
}

export async function presigned(unsigned: Unsigned, expiresIn = 60, signing: Signing = {}): Promise<SignedRequest> {
  const names = new Set(Object.keys(unsigned.headers));
  const signed = await signer(signing).presign(httpRequest(unsigned), {
    signingDate: new Date(signedAt),
    expiresIn,
    signableHeaders: names,
    unhoistableHeaders: names,
  });
  return onTheWire(signed as HttpRequest, unsigned.body);
}

function httpRequest({ method, path, query, headers, body }: Unsigned): HttpRequest {
  return new HttpRequest({ method, protocol: 'http:', hostname: '127.0.0.1', path, query: { ...query }, headers, body });
}

function onTheWire({ method, path, query, headers }: HttpRequest, body: string): SignedRequest {
  const members = Object.entries(query ?? {}).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values ?? '']).map((value) => `${escaped(name)}=${escaped(value)}`),
  );
  return { method, path, query: members.join('&'), headers: { ...headers }, body: Buffer.from(body) };
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function testAuthenticator(now = signedAt, region: string | null = null, key: AccessKey = awsKey) {
  return createAwsAuthenticator({
    store: { getKey: async (id) => (id === key.id ? key : undefined) },
    now: () => now,
    region,
  });
}

/** Who called, or why nobody did, in a word. */
export async function verdictOf(request: SignedRequest, services: readonly string[] = ['eks'], now = signedAt): Promise<string> {
  return word(await testAuthenticator(now).request(request, services));
}

export function word(authentication: AwsAuthentication | { kind: 'refused'; because: 'not-a-token' }): string {
  return authentication.kind === 'caller' ? 'caller' : authentication.because;
}
