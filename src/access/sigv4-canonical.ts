import { createHmac, hash } from 'node:crypto';
import { headerOf, type SignedRequest } from './signed-request.ts';
import { type SigV4Claim, sigV4Algorithm } from './sigv4-claim.ts';

/**
 * The text that was signed, put together from what stood on the wire. Segments of the path are escaped a second time, as
 * every service but S3 has it; the query is brought into one spelling, and a plus in it is a blank, as it is to a face.
 */
export function canonicalRequest(request: SignedRequest, claim: SigV4Claim, payloadHash: string): string {
  const path = escapedPath(request.path) || '/';
  let headers = '';
  for (const name of claim.signedHeaders) headers += `${name}:${collapsed(headerOf(request, name) ?? '')}\n`;
  const query = canonicalQuery(request.query, claim.form === 'query');
  return `${request.method}\n${path}\n${query}\n${headers}\n${claim.signedHeaders.join(';')}\n${payloadHash}`;
}

export function stringToSign(claim: SigV4Claim, canonical: string): string {
  const { date, region, service, terminator } = claim.scope;
  return `${sigV4Algorithm}\n${claim.signedAt}\n${date}/${region}/${service}/${terminator}\n${hash('sha256', canonical)}`;
}

export function sigV4Signature(secret: string, { scope }: SigV4Claim, text: string): Buffer {
  return createHmac('sha256', signingKey(secret, scope)).update(text).digest();
}

/** A key signs with the same one all day, in a region and for a service. */
const signingKeys = new Map<string, Buffer>();
const signingKeysMax = 1_000;

function signingKey(secret: string, { date, region, service, terminator }: SigV4Claim['scope']): Buffer {
  const name = `${date}/${region}/${service}/${terminator}/${secret}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const steps = [date, region, service, terminator];
  const made = steps.reduce<Buffer>((key, step) => createHmac('sha256', key).update(step).digest(), Buffer.from(`AWS4${secret}`));
  if (signingKeys.size >= signingKeysMax) signingKeys.clear();
  signingKeys.set(name, made);
  return made;
}

function escapedPath(path: string): string {
  if (/^[A-Za-z0-9\-_.~/]*$/.test(path)) return path;
  return path
    .split('/')
    .map((segment) => percentEncode(Buffer.from(segment)))
    .join('/');
}

/** Sorted by name, then by value, both as they are escaped. The signature cannot have signed itself. */
function canonicalQuery(query: string, presigned: boolean): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((member) => {
      const equals = member.indexOf('=');
      const [name, value] = equals < 0 ? [member, ''] : [member.slice(0, equals), member.slice(equals + 1)];
      return [respelled(name), respelled(value)] as const;
    })
    .filter(([name]) => !(presigned && name === 'X-Amz-Signature'))
    .sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function collapsed(value: string): string {
  return /\s/.test(value) ? value.trim().replaceAll(/\s+/g, ' ') : value;
}

/** Byte for byte, so that what is no UTF-8 is nothing special. */
function respelled(escaped: string): string {
  const bytes: Buffer[] = [];
  for (const [part] of escaped.replaceAll('+', ' ').matchAll(/%[0-9A-Fa-f]{2}|[^%]+|%/g))
    bytes.push(part.length === 3 && part.startsWith('%') ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part));
  return percentEncode(Buffer.concat(bytes));
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
function percentEncode(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text += /[A-Za-z0-9\-_.~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
