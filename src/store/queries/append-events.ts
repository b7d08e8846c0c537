import type { NewEvent } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { eventToRow } from '../rows/event-row.ts';

/** Within a transaction that holds the upgrade's row: `lastSeq` is the newest seq before these. */
export async function appendEvents(
  db: Db,
  upgradeId: string,
  generation: number,
  lastSeq: number,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event, index) => eventToRow(event, upgradeId, generation, lastSeq + 1 + index));
  await db.insertInto('upgrade_events').values(rows).execute();
}
