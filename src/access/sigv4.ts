import { hash, timingSafeEqual } from 'node:crypto';
import type { AccessKey, AwsAuthentication, AwsRefusal, Instant } from '../domain/index.ts';
import { headerOf, queryMembers, type SignedRequest } from './signed-request.ts';
import { canonicalRequest, sigV4Signature, stringToSign } from './sigv4-canonical.ts';
import type { SigV4Claim } from './sigv4-claim.ts';
import { basicMoment, momentOf } from './sigv4-moment.ts';

/** A request may be this much older or newer than our clock. A presigned one says itself how long it lasts. */
export const sigV4WindowMs = 5 * 60_000;

const emptyHash = hash('sha256', '');

/** What a signature must be for. */
export interface SigV4Rules {
  readonly services: readonly string[];
  /** Null takes any that can be one. */
  readonly region: string | null;
  /** How long a presigned request lasts, whatever it says itself; null leaves that to it. */
  readonly presignedLastsMs: number | null;
}

/** Whether `key` signed the request, as it claims, at about this time and for one of these services. */
export function verifySigV4(
  request: SignedRequest,
  claim: SigV4Claim,
  key: AccessKey | undefined,
  rules: SigV4Rules,
  now: Instant,
): AwsAuthentication {
  if (key === undefined) return { kind: 'refused', because: 'unknown-key' };
  if (key.status !== 'active') return { kind: 'refused', because: 'revoked-key' };
  if ((claim.sessionToken ?? '') !== '') return { kind: 'refused', because: 'unknown-token' };
  const refused =
    scopeTrouble(claim, rules) ?? timeTrouble(claim, rules, Date.parse(now)) ?? unsignedTrouble(request, claim) ?? null;
  if (refused !== null) return refused;
  const payloadHash = request.body.length === 0 ? emptyHash : hash('sha256', request.body);
  if (saidHashes(request).some((said) => said !== payloadHash)) return { kind: 'refused', because: 'payload-mismatch' };
  const canonical = canonicalRequest(request, claim, payloadHash);
  const text = stringToSign(claim, canonical);
  if (!timingSafeEqual(sigV4Signature(key.secret, claim, text), Buffer.from(claim.signature, 'hex')))
    return { kind: 'refused', because: 'mismatch', canonicalRequest: canonical, stringToSign: text };
  const { region, service } = claim.scope;
  return { kind: 'caller', caller: { keyId: key.id, account: key.account, policy: key.policy }, region, service };
}

function scopeTrouble({ scope, signedAt }: SigV4Claim, rules: SigV4Rules): AwsRefusal | null {
  const wrong = (part: 'date' | 'region' | 'service' | 'terminator', says: string): AwsRefusal => ({
    kind: 'refused',
    because: 'wrong-scope',
    part,
    says,
  });
  if (scope.terminator !== 'aws4_request')
    return wrong('terminator', "Credential should be scoped with a valid terminator: 'aws4_request'.");
  if (scope.date !== signedAt.slice(0, 8))
    return wrong(
      'date',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${signedAt}'.`,
    );
  if (!rules.services.includes(scope.service))
    return wrong('service', `Credential should be scoped to correct service: '${rules.services.join("' or '")}'.`);
  if (rules.region === null ? !canBeRegion(scope.region) : scope.region !== rules.region)
    return wrong('region', `Credential should be scoped to a valid region${rules.region === null ? '' : `: '${rules.region}'`}.`);
  return null;
}

function canBeRegion(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

function timeTrouble(claim: SigV4Claim, rules: SigV4Rules, now: number): AwsRefusal | null {
  const signedAt = momentOf(claim.signedAt) ?? Number.NaN;
  const lastsMs = claim.expiresSeconds === null ? sigV4WindowMs : (rules.presignedLastsMs ?? claim.expiresSeconds * 1000);
  const beside = (because: 'expired' | 'not-yet-current', limit: number, windowMs: number): AwsRefusal => ({
    kind: 'refused',
    because,
    signedAt: claim.signedAt,
    limit: basicMoment(limit),
    now: basicMoment(now),
    windowMs,
  });
  if (signedAt < now - lastsMs) return beside('expired', now - lastsMs, lastsMs);
  if (signedAt > now + sigV4WindowMs) return beside('not-yet-current', now + sigV4WindowMs, sigV4WindowMs);
  return null;
}

/** What decides something must be signed: whoever may change it on the way could send another request. */
function unsignedTrouble(request: SignedRequest, { signedHeaders }: SigV4Claim): AwsRefusal | null {
  const incomplete = (says: string): AwsRefusal => ({ kind: 'refused', because: 'incomplete', says });
  if (!signedHeaders.includes('host')) return incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  const unsigned = Object.keys(request.headers).find((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  if (unsigned !== undefined) return incomplete(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
  const absent = signedHeaders.find((name) => headerOf(request, name) === undefined);
  return absent === undefined ? null : incomplete(`The signed header '${absent}' is not in the request.`);
}

/** What the request itself says of its body. Words that are no hash, such as UNSIGNED-PAYLOAD, fit no body. */
function saidHashes(request: SignedRequest): readonly string[] {
  const header = headerOf(request, 'x-amz-content-sha256');
  const query = queryMembers(request.query).filter(([name]) => name === 'X-Amz-Content-Sha256');
  return [...(header === undefined ? [] : [header]), ...query.map(([, value]) => value)];
}
