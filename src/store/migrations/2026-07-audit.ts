import { type Kysely, sql } from 'kysely';

const statements = [
  `create table audit_entries (
    seq bigint generated always as identity primary key,
    at timestamptz not null,
    account text not null,
    key_id text not null,
    is_session boolean not null,
    face text not null,
    action text not null,
    about text not null,
    made text,
    status integer not null,
    code text,
    request_id text not null,
    address text not null
  )`,
  `create index audit_entries_of_an_account on audit_entries (account, seq)`,
  `create index audit_entries_by_age on audit_entries (at)`,
];

/** Who asked for what, and how it ended. Keys and clusters may be gone by the time somebody reads it: it refers to none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('set local search_path = clusterlift').execute(db);
  for (const statement of statements) await sql.raw(statement).execute(db);
}
