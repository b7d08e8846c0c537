import type { Instant, TokenRecord } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { instant } from '../rows/moment.ts';

export async function getToken(db: Db, scope: string, token: string, now: Instant): Promise<TokenRecord | undefined> {
  const row = await db
    .selectFrom('tokens')
    .selectAll()
    .where('scope', '=', scope)
    .where('token', '=', token)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    scope: row.scope,
    token: row.token,
    parameters: row.parameters,
    answer: row.answer,
    expiresAt: instant(row.expires_at),
  };
}
