import type { AccessKey, Caller } from '../domain/index.ts';
import type { ControlParts } from './parts.ts';

/** A new key of the caller's account. Its secret is in this answer and never in another. */
export async function createKey(parts: ControlParts, caller: Caller, description: string): Promise<AccessKey> {
  const key: AccessKey = {
    id: `LTAI${parts.newName(20)}`,
    secret: parts.newSecret(),
    account: caller.account,
    description,
    status: 'active',
    createdAt: parts.io.now(),
  };
  if ((await parts.store.insertKey(key)) === 'id-taken') throw new Error('a random key id was taken');
  return key;
}
