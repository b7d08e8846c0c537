import { sql } from 'kysely';
import { isUnfinished, type UpgradeStatus, unfinishedStatuses } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import type { Revision } from '../revisions.ts';

/** Of every unfinished upgrade, and of those that are named. */
export async function listRevisions(db: Db, ids: readonly string[]): Promise<readonly Revision[]> {
  const rows = await db
    .selectFrom('upgrades')
    .select(['id', 'revision', 'status'])
    .where((where) => where.or([where('status', 'in', unfinishedStatuses), where('id', '=', sql<string>`any(${ids}::text[])`)]))
    .execute();
  return rows.map((row) => ({
    id: row.id,
    revision: Number(row.revision),
    unfinished: isUnfinished(row.status as UpgradeStatus),
  }));
}
