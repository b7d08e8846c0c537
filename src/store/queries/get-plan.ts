import type { Plan } from '../../domain/index.ts';
import type { Db } from '../db.ts';

export async function getPlan(db: Db, id: string): Promise<Plan | undefined> {
  const row = await db.selectFrom('plans').select('body').where('id', '=', id).executeTakeFirst();
  return row?.body as Plan | undefined;
}
