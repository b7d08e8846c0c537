/** Valid signatures for whatever stands on the wire. The faces' own tests hold these rules against the official signers. */
import { createHash, createHmac } from 'node:crypto';
import { parseAcs3, verifyAcs3 } from '../../src/access/acs3.ts';
import { parseRoaV1, verifyRoaV1 } from '../../src/access/roa-v1.ts';
import type { SignatureVerdict, SignedRequest } from '../../src/access/signed-request.ts';
import { canonicalRequest, sigV4Signature, stringToSign } from '../../src/access/sigv4-canonical.ts';
import type { SigV4Claim } from '../../src/access/sigv4-claim.ts';
import type { Chance } from './chance.ts';
import { headerOf, type Plain, withHeader } from './request.ts';

export interface Key {
  readonly id: string;
  readonly secret: string;
}

/** What a signature is made with; a broken one is made with something else than the server knows. */
export interface Signing {
  readonly key: Key;
  readonly host: string;
  readonly at: Date;
  readonly nonce: string;
}

export type Sign = (plain: Plain, signing: Signing, chance: Chance) => Plain;

/** AWS Signature Version 4 in the header. */
export function sigV4(serviceOf: (operation: string) => string, region: string): Sign {
  return (plain, { key, host, at }) => {
    const signedAt = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const dated = withHeader(withHeader(plain, 'host', host), 'x-amz-date', signedAt);
    const names = new Set(dated.headers.map(([name]) => name).filter((name) => name.startsWith('x-amz-')));
    const claim: SigV4Claim = {
      form: 'header',
      keyId: key.id,
      scope: { date: signedAt.slice(0, 8), region, service: serviceOf(plain.operation), terminator: 'aws4_request' },
      signedHeaders: ['host', ...names].sort(),
      signature: '',
      signedAt,
      expiresSeconds: null,
      sessionToken: null,
    };
    const payload = createHash('sha256').update(plain.body).digest('hex');
    const text = stringToSign(claim, canonicalRequest(asReceived(dated), claim, payload));
    const { date, service, terminator } = claim.scope;
    const credential = `${key.id}/${date}/${region}/${service}/${terminator}`;
    const signature = sigV4Signature(key.secret, claim, text).toString('hex');
    const says = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${claim.signedHeaders.join(';')}, Signature=${signature}`;
    return withHeader(dated, 'authorization', says);
  };
}

/** Either of Alibaba Cloud's two. */
export const aliyunSignature: Sign = (plain, signing, chance) =>
  chance.happens(0.5) ? acs3(plain, signing) : roaV1(plain, signing);

function acs3(plain: Plain, { key, host, at, nonce }: Signing): Plain {
  const dated = [
    ['host', host],
    ['x-acs-date', `${at.toISOString().slice(0, 19)}Z`],
    ['x-acs-signature-nonce', nonce],
    ['x-acs-content-sha256', createHash('sha256').update(plain.body).digest('hex')],
  ].reduce<Plain>((made, [name = '', value = '']) => withHeader(made, name, value), plain);
  const says = (signature: string) =>
    `ACS3-HMAC-SHA256 Credential=${key.id},SignedHeaders=host;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce,Signature=${signature}`;
  const claim = parseAcs3(says('0'.repeat(64)));
  if (claim === null) throw new Error('the header is not of its own form');
  const text = stringOf(verifyAcs3(asReceived(dated), claim, key.secret));
  return withHeader(dated, 'authorization', says(createHmac('sha256', key.secret).update(text).digest('hex')));
}

function roaV1(plain: Plain, { key, host, at, nonce }: Signing): Plain {
  const dated = withHeader(withHeader(withHeader(plain, 'host', host), 'date', at.toUTCString()), 'x-acs-signature-nonce', nonce);
  const says = (signature: string) => `acs ${key.id}:${signature}`;
  const claim = parseRoaV1(says(Buffer.alloc(20).toString('base64')));
  if (claim === null) throw new Error('the header is not of its own form');
  const text = stringOf(verifyRoaV1(asReceived(dated), claim, key.secret));
  return withHeader(dated, 'authorization', says(createHmac('sha1', key.secret).update(text).digest('base64')));
}

/** With HTTP Basic whoever calls is known, and nothing else is signed. */
export const basic: Sign = (plain, { key, host }) =>
  withHeader(
    withHeader(plain, 'host', host),
    'authorization',
    `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`,
  );

/** What would have had to be signed is told with the refusal of a signature of zeros. */
function stringOf(verdict: SignatureVerdict): string {
  if (verdict.kind !== 'mismatch') throw new Error(`a signature of zeros is ${verdict.kind}`);
  return verdict.stringToSign;
}

/** As the server will have it. */
function asReceived({ method, path, query, headers, body }: Plain): SignedRequest {
  const names = [...new Set(headers.map(([name]) => name))];
  const received = names.map((name) => [name, headerOf({ headers }, name) ?? '']);
  return {
    method,
    path: splitPath(path, query)[0],
    query: splitPath(path, query)[1],
    headers: Object.fromEntries(received),
    body,
  };
}

/** A path with a question mark of its own ends there. */
function splitPath(path: string, query: string | null): readonly [string, string] {
  const whole = query === null ? path : `${path}?${query}`;
  const mark = whole.indexOf('?');
  return mark < 0 ? [whole, ''] : [whole.slice(0, mark), whole.slice(mark + 1)];
}
