import type { AccessKey } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { instant } from '../rows/moment.ts';

export async function listKeys(db: Db): Promise<readonly Omit<AccessKey, 'secret'>[]> {
  const rows = await db
    .selectFrom('access_keys')
    .select(['id', 'account', 'description', 'status', 'policy', 'created_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    account: row.account,
    description: row.description,
    status: row.status as AccessKey['status'],
    policy: row.policy as AccessKey['policy'],
    createdAt: instant(row.created_at),
  }));
}
