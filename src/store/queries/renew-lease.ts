import { sql } from 'kysely';
import type { Db } from '../db.ts';

export async function renewLease(db: Db, executorId: string, leaseMs: number): Promise<void> {
  const expiresAt = sql<string>`now() + ${leaseMs} * interval '1 millisecond'`;
  await db
    .insertInto('leases')
    .values({ executor_id: executorId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('executor_id').doUpdateSet({ expires_at: expiresAt }))
    .execute();
}
