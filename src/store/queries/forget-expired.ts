import type { Instant } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** Tokens and nonces whose time is over, and old plans that were looked at and no more. */
export async function forgetExpired(db: Db, now: Instant, plansMadeBefore: Instant): Promise<void> {
  await db.deleteFrom('nonces').where('expires_at', '<=', new Date(now)).execute();
  await db.deleteFrom('tokens').where('expires_at', '<=', new Date(now)).execute();
  await db
    .deleteFrom('plans')
    .where('made_at', '<', new Date(plansMadeBefore))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('upgrades').select('upgrades.id').whereRef('upgrades.plan_id', '=', 'plans.id'))),
    )
    .execute();
}
