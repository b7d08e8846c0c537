import { sql } from 'kysely';
import type { Db } from '../db.ts';

export async function liveExecutors(db: Db): Promise<readonly string[]> {
  const rows = await db.selectFrom('leases').select('executor_id').where('expires_at', '>', sql<Date>`now()`).execute();
  return rows.map((row) => row.executor_id);
}
