import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import pg from 'pg';
import type { Log } from '../domain/index.ts';
import type { OwnWrites } from './gathered/index.ts';
import { cleanText } from './json.ts';
import { tableSchema } from './migrations/index.ts';
import { isPassing } from './retry.ts';
import type { Tables } from './tables.ts';

/** Our tables; every query names them without the schema. */
export type Db = Kysely<Tables>;

/** A server that is frozen within a transaction keeps its locks no longer than this from whoever takes over. */
const frozenLimitMs = 5_000;

export function openPool(config: pg.PoolConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({
    max: 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    query_timeout: 30_000,
    idle_in_transaction_session_timeout: frozenLimitMs,
    keepAlive: true,
    application_name: 'clusterlift',
    ...config,
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', (error) => log.debug({ err: error }, 'An idle database connection broke.'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export function openKysely(pool: pg.Pool, ownWrites: OwnWrites | null = null): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: cleaning(pool, ownWrites) }) });
}

export function inOurSchema(kysely: Kysely<Tables>): Db {
  return kysely.withSchema(tableSchema);
}

/** A table in a statement that is written out in SQL: nobody else puts the schema there. */
export function table(name: keyof Tables) {
  return sql.table(`${tableSchema}.${name}`);
}

/**
 * Whatever ids and texts callers send: a NUL in one is no reason for a query to fail. And a connection on which anything
 * but the database's own refusal was heard is not used again.
 */
function cleaning(pool: pg.Pool, ownWrites: OwnWrites | null): PostgresPool {
  return {
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect();
      let broken = false;
      const query = async (text: string, values: readonly unknown[]) => {
        const ended = readsOnly.test(text) ? undefined : ownWrites?.begin(text);
        try {
          const result = await client.query(text, values.map(clean));
          ended?.('known');
          return result;
        } catch (error) {
          broken ||= !(error instanceof pg.DatabaseError);
          ended?.(isPassing(error) || broken ? 'unknown' : 'known');
          throw error;
        }
      };
      return { query, release: () => client.release(broken) } as unknown as PostgresPoolClient;
    },
  };
}

/** Everything else is taken for a write, so that none is overlooked: what a transaction wrote is seen after its `commit`. */
const readsOnly = /^select\b/i;

function clean(value: unknown): unknown {
  return typeof value === 'string' ? cleanText(value) : value;
}

const uniqueViolation = '23505';

/** The name of the constraint that an insert ran into, if it did. */
export function brokenUnique(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === uniqueViolation ? (error.constraint ?? '') : undefined;
}
