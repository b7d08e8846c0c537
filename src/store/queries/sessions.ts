import type { Session } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** Written again after a lost answer, it is the same row. */
export async function insertSession(db: Db, { id, keyId, createdAt, expiresAt }: Session): Promise<void> {
  await db
    .insertInto('sessions')
    .values({ id, key_id: keyId, created_at: createdAt, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function deleteSession(db: Db, id: string): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', id).execute();
}
