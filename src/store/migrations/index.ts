import { type Kysely, type Migration, type MigrationProvider, Migrator } from 'kysely';
import * as firstTables from './2026-01-first-tables.ts';
import * as policiesOfKeys from './2026-02-policies-of-keys.ts';
import * as returnedAndFaceRecords from './2026-03-returned-and-face-records.ts';
import * as namesByRegion from './2026-04-names-by-region.ts';
import * as sessions from './2026-05-sessions.ts';
import * as noticesOfClusters from './2026-06-notices-of-clusters.ts';
import * as audit from './2026-07-audit.ts';

/** In the order of their names. A migration that was released is never changed: add the next one. */
const migrations: Readonly<Record<string, Migration>> = {
  '2026-01-first-tables': firstTables,
  '2026-02-policies-of-keys': policiesOfKeys,
  '2026-03-returned-and-face-records': returnedAndFaceRecords,
  '2026-04-names-by-region': namesByRegion,
  '2026-05-sessions': sessions,
  '2026-06-notices-of-clusters': noticesOfClusters,
  '2026-07-audit': audit,
};

const provider: MigrationProvider = { getMigrations: async () => ({ ...migrations }) };

export const tableSchema = 'clusterlift';

/** Brings the tables up to date. Servers that start at once wait for one another (an advisory lock of the migrator). */
export async function migrate(db: Kysely<unknown>): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider, migrationTableSchema: tableSchema });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error(String(error));
  return (results ?? []).map((result) => result.migrationName);
}
