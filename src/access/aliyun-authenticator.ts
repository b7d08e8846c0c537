import type { Authentication, Instant, Store } from '../domain/index.ts';
import { parseAcs3, verifyAcs3 } from './acs3.ts';
import { parseRoaV1, verifyRoaV1 } from './roa-v1.ts';
import type { SignatureVerdict, SignedRequest } from './signed-request.ts';

/** A request may be this much older or newer than our clock. */
const windowMs = 15 * 60_000;
/** Clients send at most 64 characters. */
const nonceMax = 256;

export interface AuthenticatorParts {
  readonly store: Pick<Store, 'getKey' | 'rememberNonce'>;
  readonly now: () => Instant;
}

interface Signed {
  readonly keyId: string;
  /** The request's own time: ACS3 dates it in `x-acs-date`, V1 in `Date`. Only that one is sure to be signed. */
  readonly date: string;
  readonly verify: (secret: string) => SignatureVerdict;
}

/** Checks both of Alibaba Cloud's signatures, the time of the request and that it was not sent before. */
export function createAliyunAuthenticator({
  store,
  now,
}: AuthenticatorParts): (request: SignedRequest) => Promise<Authentication> {
  return async (request) => {
    const signed = signedBy(request);
    if (!('keyId' in signed)) return signed;
    const key = await store.getKey(signed.keyId);
    if (key === undefined) return { kind: 'refused', because: 'unknown-key' };
    if (key.status !== 'active') return { kind: 'refused', because: 'revoked-key' };
    const verdict = signed.verify(key.secret);
    if (verdict.kind === 'malformed') return { kind: 'refused', because: 'incomplete', says: verdict.because };
    if (verdict.kind === 'mismatch') return { kind: 'refused', because: 'mismatch', stringToSign: verdict.stringToSign };
    const late = timeTrouble(signed.date, now());
    if (late !== null) return late;
    const nonce = request.headers['x-acs-signature-nonce'] ?? '';
    if (nonce.length > nonceMax)
      return { kind: 'refused', because: 'incomplete', says: `x-acs-signature-nonce has more than ${nonceMax} characters` };
    const expiresAt = new Date(Date.parse(now()) + 2 * windowMs).toISOString();
    if (nonce !== '' && !(await store.rememberNonce(key.id, nonce, expiresAt, now())))
      return { kind: 'refused', because: 'nonce-used' };
    return { kind: 'caller', caller: { keyId: key.id, account: key.account, policy: key.policy } };
  };
}

function signedBy(request: SignedRequest): Signed | Extract<Authentication, { kind: 'refused' }> {
  const header = request.headers.authorization ?? '';
  if (header === '') return { kind: 'refused', because: 'missing' };
  const acs3 = parseAcs3(header);
  if (acs3 !== null)
    return {
      keyId: acs3.keyId,
      date: request.headers['x-acs-date'] ?? '',
      verify: (secret) => verifyAcs3(request, acs3, secret),
    };
  const v1 = parseRoaV1(header);
  if (v1 !== null)
    return {
      keyId: v1.keyId,
      date: request.headers.date ?? request.headers['x-acs-date'] ?? '',
      verify: (secret) => verifyRoaV1(request, v1, secret),
    };
  if (/^(ACS3-HMAC-SHA256|acs)\s/.test(header))
    return { kind: 'refused', because: 'incomplete', says: 'the Authorization header does not have the form of its scheme' };
  return { kind: 'refused', because: 'unknown-scheme' };
}

function timeTrouble(date: string, now: Instant): Extract<Authentication, { kind: 'refused' }> | null {
  const at = Date.parse(date);
  if (Number.isNaN(at)) return { kind: 'refused', because: 'time-format' };
  return Math.abs(at - Date.parse(now)) > windowMs ? { kind: 'refused', because: 'time-expired' } : null;
}
