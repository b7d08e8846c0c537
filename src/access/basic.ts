import type { Caller, Store } from '../domain/index.ts';
import { callerBySecret } from './key-check.ts';

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
    return colon < 1 ? undefined : callerBySecret(store, text.slice(0, colon), text.slice(colon + 1));
  };
}
