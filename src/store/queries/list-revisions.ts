import { unfinishedStatuses } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** The revision of every unfinished upgrade, by id. */
export async function listRevisions(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('upgrades').select(['id', 'revision']).where('status', 'in', unfinishedStatuses).execute();
  return new Map(rows.map((row) => [row.id, row.revision]));
}
