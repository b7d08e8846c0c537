import type { Instant } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** `claim` is the same when the same request is remembered again because the answer was lost: that is no replay. */
export async function rememberNonce(
  db: Db,
  keyId: string,
  nonce: string,
  expiresAt: Instant,
  now: Instant,
  claim: string,
): Promise<boolean> {
  const remembered = await db
    .insertInto('nonces')
    .values({ key_id: keyId, nonce, expires_at: expiresAt, claim })
    .onConflict((conflict) =>
      conflict
        .columns(['key_id', 'nonce'])
        .doUpdateSet({ expires_at: expiresAt, claim })
        .where((where) => where.or([where('nonces.expires_at', '<=', new Date(now)), where('nonces.claim', '=', claim)])),
    )
    .returning('nonce')
    .executeTakeFirst();
  return remembered !== undefined;
}
