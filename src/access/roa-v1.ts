import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { byName, queryMembers, type SignatureVerdict, type SignedRequest } from './signed-request.ts';

export interface RoaAuthorization {
  readonly keyId: string;
  readonly signature: string;
}

/** `acs KEY:SIGNATURE`; null when it is not of that form. */
export function parseRoaV1(authorization: string): RoaAuthorization | null {
  const match = /^acs\s+([^:\s]+):([A-Za-z0-9+/]+=*)$/.exec(authorization.trim());
  if (match === null) return null;
  const [, keyId = '', signature = ''] = match;
  return { keyId, signature };
}

/**
 * Alibaba Cloud's signature version 1 for ROA. Clients differ in two things that are not told: whether the path is signed
 * as sent or decoded, and whether an empty query value has its equals sign. Every combination is tried.
 */
export function verifyRoaV1(request: SignedRequest, authorization: RoaAuthorization, secret: string): SignatureVerdict {
  const md5 = request.headers['content-md5'];
  if (md5 !== undefined && md5 !== '' && md5 !== createHash('md5').update(request.body).digest('base64')) {
    return { kind: 'malformed', because: 'Content-MD5 is not the MD5 of the body' };
  }
  const stringsToSign = resources(request).map((resource) => `${head(request)}${resource}`);
  // As text: the same bytes have other spellings, without their padding for one, and a signature that was cut is none.
  const given = Buffer.from(authorization.signature);
  const fits = stringsToSign.some((text) => {
    const expected = Buffer.from(createHmac('sha1', secret).update(text).digest('base64'));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  return fits ? { kind: 'ok' } : { kind: 'mismatch', stringToSign: stringsToSign[0] ?? '' };
}

function head(request: SignedRequest): string {
  const { headers } = request;
  const lines = [
    request.method,
    headers.accept ?? '',
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    headers.date ?? '',
  ];
  const acs = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-acs-'))
    .sort(byName)
    .map(([name, value]) => `${name}:${value}\n`);
  return `${lines.join('\n')}\n${acs.join('')}`;
}

function resources({ path, query }: SignedRequest): readonly string[] {
  const members = [...queryMembers(query)].sort(byName);
  const withEquals = members.map(([name, value]) => `${name}=${value}`).join('&');
  const without = members.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&');
  const paths = [...new Set([path, decodedPath(path)])];
  return paths.flatMap((spelling) =>
    members.length === 0 ? [spelling] : [...new Set([withEquals, without])].map((text) => `${spelling}?${text}`),
  );
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
