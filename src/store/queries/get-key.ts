import type { AccessKey, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { instant } from '../rows/moment.ts';

export async function getKey(db: Db, id: string, box: SecretBox): Promise<AccessKey | undefined> {
  const row = await db.selectFrom('access_keys').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    secret: box.open(row.sealed_secret),
    account: row.account,
    description: row.description,
    status: row.status as AccessKey['status'],
    policy: row.policy as AccessKey['policy'],
    createdAt: instant(row.created_at),
  };
}
