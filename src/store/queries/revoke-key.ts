import type { Db } from '../db.ts';

/** The last active key stays: without one nobody could make another. Revoking again changes nothing. */
export async function revokeKey(db: Db, id: string): Promise<'revoked' | 'not-found' | 'last-active-key'> {
  return db.transaction().execute(async (transaction) => {
    // All active keys are held, so that two revocations at once cannot each believe that the other's key remains.
    const active = await transaction
      .selectFrom('access_keys')
      .select('id')
      .where('status', '=', 'active')
      .orderBy('id')
      .forUpdate()
      .execute();
    if (!active.some((key) => key.id === id)) {
      const there = await transaction.selectFrom('access_keys').select('id').where('id', '=', id).executeTakeFirst();
      return there === undefined ? 'not-found' : 'revoked';
    }
    if (active.length === 1) return 'last-active-key';
    await transaction.updateTable('access_keys').set({ status: 'revoked' }).where('id', '=', id).execute();
    return 'revoked';
  });
}
