import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessKey, Caller, Store } from '../domain/index.ts';

/** Who it is that knows this id and secret; undefined for whatever is not an active key with its own secret. */
export async function callerBySecret(store: Pick<Store, 'getKey'>, id: string, secret: string): Promise<Caller | undefined> {
  // PostgreSQL throws on a NUL, and no key of ours has anything but these.
  if (!/^[\x21-\x7e]{1,128}$/.test(id)) return undefined;
  const key = await store.getKey(id);
  return key !== undefined && key.status === 'active' && same(secret, key.secret) ? callerOf(key) : undefined;
}

export function callerOf({ id, account, policy }: AccessKey): Caller {
  return { keyId: id, account, policy };
}

/** In a time that tells nothing of how much was right. */
function same(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
