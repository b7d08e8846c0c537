import { sql } from 'kysely';
import type { Db } from '../db.ts';

export async function takeExpiredLeases(db: Db): Promise<readonly string[]> {
  const rows = await db.deleteFrom('leases').where('expires_at', '<=', sql<Date>`now()`).returning('executor_id').execute();
  return rows.map((row) => row.executor_id);
}
