import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller, Store } from '../domain/index.ts';

/** HTTP Basic with an access key's id and secret. Undefined for whatever is not an active key with its own secret. */
export function createBasicAuthenticator({
  store,
}: {
  readonly store: Pick<Store, 'getKey'>;
}): (authorization: string | undefined) => Promise<Caller | undefined> {
  return async (authorization) => {
    const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
    if (encoded === undefined) return undefined;
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const id = text.slice(0, colon);
    // PostgreSQL throws on a NUL, and no key of ours has anything but these.
    if (colon < 1 || !/^[\x21-\x7e]{1,128}$/.test(id)) return undefined;
    const key = await store.getKey(id);
    if (key === undefined || key.status !== 'active' || !same(text.slice(colon + 1), key.secret)) return undefined;
    return { keyId: key.id, account: key.account, policy: key.policy };
  };
}

/** In a time that tells nothing of how much was right. */
function same(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
