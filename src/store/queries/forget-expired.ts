import type { Instant } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** Tokens and nonces whose time is over. */
export async function forgetExpired(db: Db, now: Instant): Promise<void> {
  await db.deleteFrom('nonces').where('expires_at', '<=', new Date(now)).execute();
  await db.deleteFrom('tokens').where('expires_at', '<=', new Date(now)).execute();
}
