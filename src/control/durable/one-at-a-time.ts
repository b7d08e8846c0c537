import type { Pool } from 'pg';

const lookAgainMs = 200;
/** Preparing the journal's tables on a busy database takes a while. */
const waitLimitMs = 120_000;

/**
 * Servers that start at once prepare the journal's tables one after the other. The lock is tried again and again and never
 * waited for inside the database: a statement that waits there holds up the making of an index, which waits for it in turn.
 */
export async function oneAtATime<T>(
  pool: Pool,
  pause: (milliseconds: number) => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    for (let waitedMs = 0; !(await tryLock(client)); waitedMs += lookAgainMs) {
      if (waitedMs > waitLimitMs) throw new Error('Another server has been preparing the journal in this database for too long.');
      await pause(lookAgainMs);
    }
    return await work();
  } finally {
    // The lock is the session's: it goes with the connection, even when the database is away.
    client.release(true);
  }
}

async function tryLock(client: { query(text: string): Promise<{ rows: { taken?: boolean }[] }> }): Promise<boolean> {
  const { rows } = await client.query("select pg_try_advisory_lock(hashtext('clusterlift journal')) as taken");
  return rows[0]?.taken === true;
}
