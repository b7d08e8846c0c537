import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { byName, headerOf, queryMembers, type SignatureVerdict, type SignedRequest } from './signed-request.ts';

const algorithm = 'ACS3-HMAC-SHA256';

export interface Acs3Authorization {
  readonly keyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** `ACS3-HMAC-SHA256 Credential=..,SignedHeaders=..,Signature=..`; null when it is not of that form. */
export function parseAcs3(authorization: string): Acs3Authorization | null {
  const match = /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    authorization.trim(),
  );
  if (match === null) return null;
  const [, keyId = '', headers = '', signature = ''] = match;
  return { keyId, signedHeaders: headers.split(';'), signature };
}

/** Headers that decide something here. Whoever may change them on the way could send the request again. */
const mustBeSigned = ['host', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'];

/**
 * Alibaba Cloud's signature version 3. The client says which headers it signed; those that count must be among them.
 * Paths come with `*` and `~` escaped or not, so both spellings are put into one.
 */
export function verifyAcs3(request: SignedRequest, authorization: Acs3Authorization, secret: string): SignatureVerdict {
  const digest = createHash('sha256').update(request.body).digest('hex');
  if (request.headers['x-acs-content-sha256'] !== digest)
    return { kind: 'malformed', because: 'x-acs-content-sha256 is not the SHA-256 of the body' };
  const unsigned = mustBeSigned.find(
    (name) => request.headers[name] !== undefined && !authorization.signedHeaders.includes(name),
  );
  if (unsigned !== undefined) return { kind: 'malformed', because: `the header ${unsigned} is not signed` };
  const path = request.path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
  const canonical = (spelling: string) =>
    [
      request.method,
      spelling,
      canonicalQuery(request.query),
      canonicalHeaders(request, authorization.signedHeaders),
      authorization.signedHeaders.join(';'),
      digest,
    ].join('\n');
  const spellings = [...new Set([path, path.replaceAll('%27', "'")])].map(canonical);
  const stringsToSign = spellings.map((text) => `${algorithm}\n${createHash('sha256').update(text).digest('hex')}`);
  const given = Buffer.from(authorization.signature, 'hex');
  const fits = stringsToSign.some((text) => timingSafeEqual(createHmac('sha256', secret).update(text).digest(), given));
  return fits ? { kind: 'ok' } : { kind: 'mismatch', stringToSign: stringsToSign[0] ?? '' };
}

function canonicalQuery(query: string): string {
  return [...queryMembers(query)]
    .sort(byName)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}

function canonicalHeaders(request: SignedRequest, names: readonly string[]): string {
  return names.map((name) => `${name}:${(headerOf(request, name) ?? '').trim()}\n`).join('');
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
