import { sql } from 'kysely';
import type { Instant, TokenRecord } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';

/** Takes the place of one that has expired. The very same record counts as stored: its first answer may have been lost. */
export async function putToken(db: Db, record: TokenRecord, now: Instant | null): Promise<'stored' | 'taken'> {
  const answer = toJson(record.answer);
  const expiresAt = record.expiresAt;
  const moment = now === null ? sql<Date>`now()` : sql<Date>`${now}::timestamptz`;
  const stored = await db
    .insertInto('tokens')
    .values({ scope: record.scope, token: record.token, parameters: record.parameters, answer, expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict
        .columns(['scope', 'token'])
        .doUpdateSet({ parameters: record.parameters, answer, expires_at: expiresAt })
        .where((where) =>
          where.or([
            where('tokens.expires_at', '<=', moment),
            where.and([
              where('tokens.parameters', '=', record.parameters),
              where('tokens.expires_at', '=', new Date(expiresAt)),
              sql<boolean>`tokens.answer::text = ${answer}`,
            ]),
          ]),
        ),
    )
    .returning('token')
    .executeTakeFirst();
  return stored === undefined ? 'taken' : 'stored';
}
