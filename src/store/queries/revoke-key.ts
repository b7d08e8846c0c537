import type { Db } from '../db.ts';

/**
 * The last active key without a policy stays: without one nobody could make another. Revoking again changes nothing. Whoever
 * has signed in with it is signed out.
 */
export async function revokeKey(db: Db, id: string): Promise<'revoked' | 'not-found' | 'last-active-key'> {
  return db.transaction().execute(async (transaction) => {
    // All that may do everything are held, so that two revocations at once cannot each believe that the other's remains.
    const unlimited = await transaction
      .selectFrom('access_keys')
      .select('id')
      .where('status', '=', 'active')
      .where('policy', 'is', null)
      .orderBy('id')
      .forUpdate()
      .execute();
    if (unlimited.length === 1 && unlimited[0]?.id === id) return 'last-active-key';
    const revoked = await transaction
      .updateTable('access_keys')
      .set({ status: 'revoked' })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    if (revoked === undefined) return 'not-found';
    await transaction.deleteFrom('sessions').where('key_id', '=', id).execute();
    return 'revoked';
  });
}
