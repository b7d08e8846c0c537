import { sql } from 'kysely';
import type { Instant } from '../../domain/index.ts';
import { type Db, table } from '../db.ts';

/** Plans that go in one transaction. What is left goes the next time. */
const plansAtOnce = 5_000;

/** Tokens, nonces and sessions whose time is over, and old plans that were looked at and no more. */
export async function forgetExpired(db: Db, now: Instant, plansMadeBefore: Instant): Promise<void> {
  await db.deleteFrom('nonces').where('expires_at', '<=', new Date(now)).execute();
  await db.deleteFrom('tokens').where('expires_at', '<=', new Date(now)).execute();
  await db.deleteFrom('sessions').where('expires_at', '<=', new Date(now)).execute();
  await forgetPlans(db, plansMadeBefore);
}

/**
 * Locked first and then asked anew: an upgrade that begins with a plan at this very moment would go with it. Whoever
 * inserts one holds a lock on its plan, and such plans are passed over.
 */
async function forgetPlans(db: Db, madeBefore: Instant): Promise<void> {
  const used = sql`exists (select from ${table('upgrades')} where upgrades.plan_id = plans.id)`;
  await db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: string }>`
      select id from ${table('plans')} where made_at < ${new Date(madeBefore)} and not ${used}
      limit ${plansAtOnce} for update skip locked`.execute(transaction);
    if (rows.length === 0) return;
    const ids = rows.map((row) => row.id);
    await sql`delete from ${table('plans')} where id = any(${ids}) and not ${used}`.execute(transaction);
  });
}
