import { type Kysely, sql } from 'kysely';

/** Null is no policy: such a key may do everything, as keys could before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table clusterlift.access_keys add column policy json').execute(db);
}
