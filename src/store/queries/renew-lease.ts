import type { Instant } from '../../domain/index.ts';
import type { Db } from '../db.ts';

export async function renewLease(db: Db, executorId: string, expiresAt: Instant): Promise<void> {
  await db
    .insertInto('leases')
    .values({ executor_id: executorId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('executor_id').doUpdateSet({ expires_at: expiresAt }))
    .execute();
}
