import type { Db } from '../db.ts';

export async function dropLease(db: Db, executorId: string): Promise<void> {
  await db.deleteFrom('leases').where('executor_id', '=', executorId).execute();
}

export async function dropOtherLeases(db: Db, executorId: string): Promise<void> {
  await db.deleteFrom('leases').where('executor_id', '<>', executorId).execute();
}
