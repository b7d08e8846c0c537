import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';

export const upgradeChanged = 'clusterlift_upgrade_changed';
/** Told by a trigger of the table. */
export const clusterChanged = 'clusterlift_cluster_changed';

/** Within the transaction that raised the revision; heard by listeners when it commits. */
export async function tellChanged(db: Db, upgradeId: string): Promise<void> {
  await db
    .selectFrom('upgrades')
    .select(sql`pg_notify(${upgradeChanged}, revision || ' ' || id)`.as('told'))
    .where('id', '=', upgradeId)
    .execute();
}

/** The same within a statement that has the changed row under that name. */
export function notice(row: RawBuilder<unknown>) {
  return sql`pg_notify(${upgradeChanged}, ${row}.revision || ' ' || ${row}.id)`;
}

export function readNotice(payload: string): { readonly id: string; readonly revision: number } {
  const space = payload.indexOf(' ');
  return { id: payload.slice(space + 1), revision: Number(payload.slice(0, space)) };
}
