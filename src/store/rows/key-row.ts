import type { Selectable } from 'kysely';
import type { AccessKey, SecretBox } from '../../domain/index.ts';
import type { Tables } from '../tables.ts';
import { instant } from './moment.ts';

export function keyFromRow(row: Selectable<Tables['access_keys']>, box: SecretBox): AccessKey {
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
