import type { PoolConfig } from 'pg';

/** Where a PostgreSQL database is. `host` is a folder when it is reached over a unix socket. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The same as a URL that pg and other clients read; a socket folder goes into the query. */
export function connectionUrl(connection: Connection): string {
  const { host, port, user, password, database } = connection;
  const who = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const path = encodeURIComponent(database);
  if (host.startsWith('/')) return `postgresql://${who}@localhost:${port}/${path}?host=${encodeURIComponent(host)}`;
  return `postgresql://${who}@${host}:${port}/${path}`;
}

/** How a pool reaches the database of `DATABASE_URL`. */
export function connectionFromUrl(url: string): PoolConfig {
  return { connectionString: url };
}
