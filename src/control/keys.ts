import type { AccessKey, Caller, PolicyDocument } from '../domain/index.ts';
import type { ControlParts } from './parts.ts';

/**
 * A new key of the caller's account. Its secret is in this answer and never in another. Where no policy is given it has its
 * maker's, so that none gets more by an oversight.
 */
export async function createKey(
  parts: ControlParts,
  caller: Caller,
  description: string,
  policy: PolicyDocument | null,
): Promise<AccessKey> {
  const key: AccessKey = {
    id: `LTAI${parts.newName(20)}`,
    secret: parts.newSecret(),
    account: caller.account,
    description,
    status: 'active',
    policy: policy ?? caller.policy,
    createdAt: parts.io.now(),
  };
  if ((await parts.store.insertKey(key)) === 'id-taken') throw new Error('a random key id was taken');
  return key;
}
