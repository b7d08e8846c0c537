import { type Kysely, sql } from 'kysely';

const statements = [
  `create function tell_cluster_changed() returns trigger language plpgsql as $$
    begin
      perform pg_notify('clusterlift_cluster_changed', json_build_object('id', changed.id, 'account', changed.account)::text)
        from (select coalesce(new.id, old.id) as id, coalesce(new.account, old.account) as account) as changed;
      return null;
    end
  $$`,
  `create trigger tell_changed after insert or update or delete on clusters
    for each row execute function tell_cluster_changed()`,
];

/** Whoever looks at clusters hears of their changes, whichever statement made them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('set local search_path = clusterlift').execute(db);
  for (const statement of statements) await sql.raw(statement).execute(db);
}
