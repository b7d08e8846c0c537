import type { Selectable } from 'kysely';
import type { Session } from '../../domain/index.ts';
import type { Tables } from '../tables.ts';
import { instant } from './moment.ts';

export function sessionFromRow(row: Selectable<Tables['sessions']>): Session {
  return { id: row.id, keyId: row.key_id, createdAt: instant(row.created_at), expiresAt: instant(row.expires_at) };
}
