import { type Kysely, sql } from 'kysely';

const statements = [
  `create table sessions (
    id text primary key,
    key_id text not null references access_keys (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index sessions_of_a_key on sessions (key_id)`,
  `create index sessions_by_end on sessions (expires_at)`,
];

/** Who has signed in in a browser. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('set local search_path = clusterlift').execute(db);
  for (const statement of statements) await sql.raw(statement).execute(db);
}
