import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table clusters drop constraint clusters_account_name_key`,
  `alter table clusters add constraint clusters_names unique (account, engine, region, name)`,
];

/** Public APIs show the clusters of one engine and one region: a name that is free there must be free. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('set local search_path = clusterlift').execute(db);
  for (const statement of statements) await sql.raw(statement).execute(db);
}
