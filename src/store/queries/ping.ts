import type { Db } from '../db.ts';

/** Asks our own table, so that a database without our tables does not count as ready. */
export async function ping(db: Db): Promise<void> {
  await db.selectFrom('leases').select('executor_id').limit(1).execute();
}
