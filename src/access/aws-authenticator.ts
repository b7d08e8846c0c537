import type { AwsAuthentication, Instant, Store, TokenAuthentication } from '../domain/index.ts';
import { readEksToken } from './eks-token.ts';
import type { SignedRequest } from './signed-request.ts';
import { type SigV4Rules, verifySigV4 } from './sigv4.ts';
import { readSigV4 } from './sigv4-claim.ts';

export interface AwsAuthenticatorParts {
  readonly store: Pick<Store, 'getKey'>;
  readonly now: () => Instant;
  /** The only region that signatures may be for; null takes any. */
  readonly region: string | null;
}

export interface AwsAuthenticator {
  /** Checks AWS Signature Version 4 of a request to one of these services, in its header or in its query. */
  request(request: SignedRequest, services: readonly string[]): Promise<AwsAuthentication>;
  /** Checks a token of `aws eks get-token` that was made for the cluster of this name. */
  token(token: string, clusterName: string): Promise<TokenAuthentication>;
}

export function createAwsAuthenticator({ store, now, region }: AwsAuthenticatorParts): AwsAuthenticator {
  const authenticate = async (request: SignedRequest, rules: SigV4Rules): Promise<AwsAuthentication> => {
    const claim = readSigV4(request);
    if ('kind' in claim) return claim;
    // PostgreSQL throws on a NUL, and no key of ours has anything but these.
    const key = /^[\x21-\x7e]{1,128}$/.test(claim.keyId) ? await store.getKey(claim.keyId) : undefined;
    return verifySigV4(request, claim, key, rules, now());
  };
  return {
    request: (request, services) => authenticate(request, { services, region, presignedLastsMs: null }),
    token: async (token, clusterName) => {
      const read = readEksToken(token, clusterName);
      if (read.kind === 'refused') return read;
      const rules = { services: ['sts'], region, presignedLastsMs: read.lastsMs };
      const authentication = await authenticate(read.request, rules);
      const differs = authentication.kind === 'refused' && authentication.because === 'mismatch';
      return differs ? authenticate(read.lowered, rules) : authentication;
    },
  };
}
