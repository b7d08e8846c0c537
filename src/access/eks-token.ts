import type { TokenAuthentication } from '../domain/index.ts';
import { queryMembers, type SignedRequest } from './signed-request.ts';
import { readSigV4 } from './sigv4-claim.ts';

const prefix = 'k8s-aws-v1.';
/** Clients make them of about 500 characters. */
const maxCharacters = 8_192;
/**
 * Clients sign for a minute, keep a token for fourteen, and expect it to be taken that long: STS itself looks at nothing but
 * the time of signing.
 */
const lastsMs = 15 * 60_000;
const clusterHeader = 'x-k8s-aws-id';

type EksToken =
  /** `lowered`: with its host in lower case, which some clients sign, however it is written. */
  | { readonly kind: 'request'; readonly request: SignedRequest; readonly lowered: SignedRequest; readonly lastsMs: number }
  | Extract<TokenAuthentication, { because: 'not-a-token' }>;

/**
 * The request that a token of `aws eks get-token` holds: STS's GetCallerIdentity, presigned. It is never sent. Its address
 * was chosen by whoever made the token, and is no more here than a text that was signed. The name of the cluster is not in
 * it: only for the name that was signed does the signature fit.
 */
export function readEksToken(token: string, clusterName: string): EksToken {
  if (!token.startsWith(prefix)) return notAToken(`A token begins with ${prefix}`);
  if (token.length > maxCharacters) return notAToken(`A token has at most ${maxCharacters} characters.`);
  const encoded = token.slice(prefix.length);
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(encoded)) return notAToken('What follows the prefix is not base64url.');
  const url = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)?\?([^#\s]+)$/.exec(Buffer.from(encoded, 'base64url').toString('utf8'));
  if (url === null) return notAToken('It does not hold a presigned URL.');
  const [, scheme = '', authority = '', path = '/', query = ''] = url;
  const actions = queryMembers(query).filter(([name]) => name === 'Action');
  if (actions.length !== 1 || actions[0]?.[1] !== 'GetCallerIdentity')
    return notAToken('The URL is not one of GetCallerIdentity.');
  const requestTo = (host: string): SignedRequest => ({
    method: 'GET',
    path,
    query,
    headers: { host, [clusterHeader]: clusterName },
    body: Buffer.alloc(0),
  });
  const host = hostHeader(scheme, authority);
  const claim = readSigV4(requestTo(host));
  if ('kind' in claim) return notAToken(claim.because === 'incomplete' ? claim.says : 'The URL is not presigned.');
  if (!claim.signedHeaders.includes(clusterHeader)) return notAToken(`The header ${clusterHeader} is not signed.`);
  if ((claim.expiresSeconds ?? 0) * 1000 > lastsMs) return notAToken('A token lasts fifteen minutes at most.');
  // Python and JavaScript write hosts in lower case, Go as they were given.
  return { kind: 'request', request: requestTo(host), lowered: requestTo(host.toLowerCase()), lastsMs };
}

/** As clients send it: without the port that the scheme has anyway. */
function hostHeader(scheme: string, authority: string): string {
  const usual = scheme === 'https' ? ':443' : ':80';
  return authority.endsWith(usual) ? authority.slice(0, -usual.length) : authority;
}

function notAToken(says: string): EksToken {
  return { kind: 'refused', because: 'not-a-token', says };
}
