import type { UpgradeEvent } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { eventFromRow } from '../rows/event-row.ts';

export async function listEvents(db: Db, upgradeId: string, afterSeq: number, limit: number): Promise<readonly UpgradeEvent[]> {
  const rows = await db
    .selectFrom('upgrade_events')
    .selectAll()
    .where('upgrade_id', '=', upgradeId)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(eventFromRow);
}
