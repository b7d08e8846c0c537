import { sql } from 'kysely';
import type { Db } from '../db.ts';

export const upgradeChanged = 'clusterlift_upgrade_changed';

/** Heard by listeners when the transaction commits. */
export async function tellChanged(db: Db, upgradeId: string): Promise<void> {
  await sql`select pg_notify(${upgradeChanged}, ${upgradeId})`.execute(db);
}
