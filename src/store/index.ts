/**
 * Everything that survives: the embedded PostgreSQL server, the migrations, and the domain's `Store` on PostgreSQL.
 *
 * It does not know: what an upgrade means, who may call.
 */

export type { Connection } from './connection.ts';
export { connectionFromUrl, connectionUrl } from './connection.ts';
export type { EmbeddedOptions, EmbeddedPostgres } from './embedded/index.ts';
export { startEmbeddedPostgres } from './embedded/index.ts';
export { takeMembersLock } from './members-lock.ts';
export type { PostgresStore, StoreOptions } from './postgres-store.ts';
export { openStore } from './postgres-store.ts';
export { createSecretBox, readOrMakeSecretKey } from './secret-box.ts';
export type { SessionLock } from './session-lock.ts';
