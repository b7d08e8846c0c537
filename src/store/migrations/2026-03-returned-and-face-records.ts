import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table upgrades drop constraint upgrades_status_check`,
  `alter table upgrades add constraint upgrades_status_check
    check (status in ('running', 'paused', 'stopped', 'gated', 'done', 'cancelled', 'returned'))`,
  `create table face_records (
    cluster_id text not null references clusters (id) on delete cascade,
    face text not null,
    kind text not null,
    id text not null,
    value json not null,
    created_at timestamptz not null,
    primary key (cluster_id, face, kind, id)
  )`,
];

/** An upgrade may go back by itself; and what a public API must remember of a cluster beyond its description has a place. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('set local search_path = clusterlift').execute(db);
  for (const statement of statements) await sql.raw(statement).execute(db);
}
