import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isPassing, rideOutLimitMs } from './retry.ts';

const waitForFormerOwnerMs = 5_000;
const lookAgainMs = 200;
/** Refused for so long when it is taken again, the lock is somebody else's. */
const lostAfterMs = 5_000;

export interface SessionLockOptions {
  readonly connection: pg.ClientConfig;
  /** Names the lock within its database. */
  readonly name: string;
  /** Shared: with others who share it, and with nobody who holds it alone. */
  readonly shared: boolean;
  /** What is thrown when somebody else has it. */
  readonly refused: () => Error;
  /** The connection broke, and somebody else has it since. It is still tried for. */
  readonly onLost: () => void;
}

export interface SessionLock {
  release(): Promise<void>;
}

/**
 * An advisory lock that a killed process loses at once: it is its session's. It is tried again and again and never waited
 * for inside the database, and taken again when the connection breaks.
 */
export async function takeSessionLock(options: SessionLockOptions): Promise<SessionLock> {
  let released = false;
  let client: pg.Client | null = null;

  const tryOnce = async (): Promise<boolean> => {
    const candidate = new pg.Client({ ...options.connection, keepAlive: true, application_name: 'clusterlift lock' });
    candidate.on('error', () => undefined);
    await candidate.connect();
    if (!(await tryLock(candidate, options)) || released) {
      await candidate.end();
      return false;
    }
    candidate.on('end', () => {
      if (!released) void takeAgain();
    });
    client = candidate;
    return true;
  };

  /** The database was restarted under us. */
  const takeAgain = async (): Promise<void> => {
    for (let refused = 0; !released; ) {
      try {
        if (await tryOnce()) return;
        refused += 1;
        if (refused === lostAfterMs / lookAgainMs) options.onLost();
      } catch {
        // The database is still away.
      }
      await sleep(lookAgainMs, undefined, { ref: false });
    }
  };

  const began = Date.now();
  for (;;) {
    // A former owner that ends may take the database along, and whoever supervises it brings it back.
    const taken = await tryOnce().catch((error: unknown): 'away' => {
      if (!isPassing(error) || Date.now() - began > rideOutLimitMs) throw error;
      return 'away';
    });
    if (taken === true) break;
    if (taken === false && Date.now() - began > waitForFormerOwnerMs) throw options.refused();
    await sleep(lookAgainMs);
  }
  return {
    release: async () => {
      released = true;
      await client?.end().catch(() => undefined);
    },
  };
}

async function tryLock(client: pg.Client, { name, shared }: SessionLockOptions): Promise<boolean> {
  const lock = shared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
  const { rows } = await client.query<{ taken: boolean }>(`select ${lock}(hashtext($1)) as taken`, [name]);
  return rows[0]?.taken === true;
}
