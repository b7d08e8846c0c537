import type { AwsRefusal } from '../domain/index.ts';
import { Remembered } from './remembered.ts';
import { headerOf, queryMembers, type SignedRequest } from './signed-request.ts';
import { basicMomentIn } from './sigv4-moment.ts';

export const sigV4Algorithm = 'AWS4-HMAC-SHA256';
const expiresMaxSeconds = 7 * 24 * 60 * 60;

/** What a request says of its own signature, in either form. Nothing of it has been proven. */
export interface SigV4Claim {
  readonly form: 'header' | 'query';
  readonly keyId: string;
  /** `DATE/REGION/SERVICE/aws4_request`. */
  readonly scope: { readonly date: string; readonly region: string; readonly service: string; readonly terminator: string };
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As signatures write it, `20261124T100000Z`. */
  readonly signedAt: string;
  /** Of a presigned request. */
  readonly expiresSeconds: number | null;
  readonly sessionToken: string | null;
}

type Read<T> = T | AwsRefusal;

/** The signature of a request: in its Authorization header, or else in its query. */
export function readSigV4(request: SignedRequest): Read<SigV4Claim> {
  const authorization = headerOf(request, 'authorization')?.trim() ?? '';
  if (authorization !== '') return readHeader(request, authorization);
  const query = new Map<string, string>();
  for (const [name, value] of queryMembers(request.query)) {
    if (!name.startsWith('X-Amz-')) continue;
    if (query.has(name)) return incomplete(`AWS query-string parameters must be there once: '${name}' is repeated.`);
    query.set(name, value);
  }
  const presigned = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'].some((name) => query.has(name));
  return presigned ? readQuery(query) : { kind: 'refused', because: 'missing' };
}

function readHeader(request: SignedRequest, authorization: string): Read<SigV4Claim> {
  const scheme = authorization.split(/\s/, 1)[0] ?? '';
  // What it holds otherwise may be a password, so that it is never said.
  if (scheme !== sigV4Algorithm) return incomplete(`Authorization header must begin with '${sigV4Algorithm}'.`);
  const usual = usualHeader.exec(authorization);
  const date = headerOf(request, 'x-amz-date') ?? headerOf(request, 'date');
  if (usual !== null && date !== undefined) {
    const [, credential = '', headers = '', signature = ''] = usual;
    return claimOfHeader(request, readParts(credential, headers, signature), date);
  }
  const members = new Map<string, string>();
  for (const member of authorization.slice(scheme.length).split(',')) {
    const [name = '', ...value] = member.trim().split('=');
    if (members.has(name)) return incomplete('Authorization header must have each of its parameters once.');
    members.set(name, value.join('='));
  }
  const lacking = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => (members.get(name) ?? '') === '');
  const says = lacking.map((name) => `Authorization header requires '${name}' parameter.`);
  if (date === undefined) says.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  if (date === undefined || says.length > 0) return incomplete(says.join(' '));
  const parts = readParts(members.get('Credential') ?? '', members.get('SignedHeaders') ?? '', members.get('Signature') ?? '');
  return claimOfHeader(request, parts, date);
}

/** As every SDK writes it: the general reading is for who writes it otherwise. */
const usualHeader = /^AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([^,\s]+)$/;

function claimOfHeader(request: SignedRequest, parts: Read<Parts>, date: string): Read<SigV4Claim> {
  if ('kind' in parts) return parts;
  const { keyId, scope, signedHeaders, signature } = parts;
  const signedAt = basicMomentIn(date);
  if (signedAt === null) return dateTrouble();
  const sessionToken = headerOf(request, 'x-amz-security-token') ?? null;
  return { form: 'header', keyId, scope, signedHeaders, signature, signedAt, expiresSeconds: null, sessionToken };
}

function readQuery(query: ReadonlyMap<string, string>): Read<SigV4Claim> {
  const needed = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date', 'X-Amz-Expires'];
  const lacking = needed.filter((name) => (query.get(name) ?? '') === '');
  if (lacking.length > 0)
    return incomplete(`AWS query-string parameters must include ${lacking.map((name) => `'${name}'`).join(', ')}.`);
  if (query.get('X-Amz-Algorithm') !== sigV4Algorithm) return incomplete(`X-Amz-Algorithm must be '${sigV4Algorithm}'.`);
  const expires = query.get('X-Amz-Expires') ?? '';
  const expiresSeconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0;
  if (expiresSeconds < 1 || expiresSeconds > expiresMaxSeconds)
    return incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${expiresMaxSeconds}.`);
  const parts = readParts(
    query.get('X-Amz-Credential') ?? '',
    query.get('X-Amz-SignedHeaders') ?? '',
    query.get('X-Amz-Signature') ?? '',
  );
  if ('kind' in parts) return parts;
  const signedAt = basicMomentIn(query.get('X-Amz-Date') ?? '');
  if (signedAt === null) return dateTrouble();
  const sessionToken = query.get('X-Amz-Security-Token') ?? null;
  return { form: 'query', ...parts, signedAt, expiresSeconds, sessionToken };
}

type Parts = Pick<SigV4Claim, 'keyId' | 'scope' | 'signedHeaders' | 'signature'>;

function readParts(credential: string, headers: string, signature: string): Read<Parts> {
  const who = credentials.of(credential);
  if ('kind' in who) return who;
  const signedHeaders = headerLists.of(headers);
  if ('kind' in signedHeaders) return signedHeaders;
  if (!/^[0-9a-f]{64}$/.test(signature)) return incomplete("'Signature' must be 64 hexadecimal digits in lower case.");
  return { keyId: who.keyId, scope: who.scope, signedHeaders, signature };
}

/** A client says these in the same words all day. */
const credentials = new Remembered(readCredential);
const headerLists = new Remembered(readHeaderList);

function readCredential(credential: string): Read<Pick<Parts, 'keyId' | 'scope'>> {
  const elements = credential.split('/');
  const [keyId = '', date = '', region = '', service = '', terminator = ''] = elements;
  if (elements.length !== 5 || elements.includes(''))
    return incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.');
  return { keyId, scope: { date, region, service, terminator } };
}

function readHeaderList(headers: string): Read<readonly string[]> {
  const signedHeaders = headers.split(';');
  const wellFormed = signedHeaders.every((name) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name));
  if (!wellFormed || new Set(signedHeaders).size !== signedHeaders.length)
    return incomplete("'SignedHeaders' must be names of headers in lower case, each once, with semicolons between them.");
  return signedHeaders;
}

function incomplete(says: string): AwsRefusal {
  return { kind: 'refused', because: 'incomplete', says };
}

function dateTrouble(): AwsRefusal {
  return incomplete("Date must be in ISO-8601 'basic format', e.g. 20261124T100000Z.");
}
