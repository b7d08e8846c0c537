import type { Instant } from '../../domain/index.ts';
import type { Db } from '../db.ts';

export async function liveExecutors(db: Db, now: Instant): Promise<readonly string[]> {
  const rows = await db.selectFrom('leases').select('executor_id').where('expires_at', '>', new Date(now)).execute();
  return rows.map((row) => row.executor_id);
}
