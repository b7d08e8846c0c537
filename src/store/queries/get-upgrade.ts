import type { Upgrade } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';

export async function getUpgrade(db: Db, id: string): Promise<Upgrade | undefined> {
  const row = await db.selectFrom('upgrades').selectAll().where('id', '=', id).executeTakeFirst();
  return row && upgradeFromRow(row);
}
