import type { Instant } from '../../domain/index.ts';
import type { Db } from '../db.ts';

export async function takeExpiredLeases(db: Db, now: Instant): Promise<readonly string[]> {
  const rows = await db.deleteFrom('leases').where('expires_at', '<=', new Date(now)).returning('executor_id').execute();
  return rows.map((row) => row.executor_id);
}
