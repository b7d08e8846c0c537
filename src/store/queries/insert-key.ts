import type { AccessKey, SecretBox } from '../../domain/index.ts';
import { brokenUnique, type Db } from '../db.ts';
import { toJsonOrNull } from '../json.ts';

/** `repeated`: the key may be there because an earlier try did insert it and its answer was lost. */
export async function insertKey(db: Db, key: AccessKey, box: SecretBox, repeated: boolean): Promise<'inserted' | 'id-taken'> {
  try {
    await db
      .insertInto('access_keys')
      .values({
        id: key.id,
        sealed_secret: box.seal(key.secret),
        account: key.account,
        description: key.description,
        status: key.status,
        policy: toJsonOrNull(key.policy),
        created_at: key.createdAt,
      })
      .execute();
    return 'inserted';
  } catch (error) {
    if (brokenUnique(error) === undefined) throw error;
    if (!repeated) return 'id-taken';
    const there = await db.selectFrom('access_keys').select('sealed_secret').where('id', '=', key.id).executeTakeFirst();
    return there !== undefined && box.open(there.sealed_secret) === key.secret ? 'inserted' : 'id-taken';
  }
}
