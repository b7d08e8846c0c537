import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../domain/index.ts';
import type { Connection } from '../connection.ts';
import { isPassing } from '../retry.ts';

/** Somebody else has the state folder, and the server in it. */
export class FolderTaken extends Error {}

const waitForFormerOwnerMs = 5_000;
const lookAgainMs = 200;

/**
 * One Clusterlift per state folder: each would stop the database under the other. The lock is a session's advisory lock,
 * so that a killed process loses it at once.
 */
export async function takeServerLock(connection: Connection, stateDir: string, log: Log): Promise<{ release(): Promise<void> }> {
  let released = false;
  let client: pg.Client | null = null;

  const tryOnce = async (): Promise<boolean> => {
    const candidate = new pg.Client({ ...connection, keepAlive: true, application_name: 'clusterlift lock' });
    candidate.on('error', () => undefined);
    await candidate.connect();
    const { rows } = await candidate.query<{ taken: boolean }>(
      "select pg_try_advisory_lock(hashtext('clusterlift server')) as taken",
    );
    if (rows[0]?.taken !== true || released) {
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
        if (refused === 25) log.error({ stateDir }, 'Another Clusterlift uses the same state folder.');
      } catch {
        // The database is still away; its supervisor brings it back.
      }
      await sleep(lookAgainMs, undefined, { ref: false });
    }
  };

  for (const deadline = Date.now() + waitForFormerOwnerMs; ; await sleep(lookAgainMs)) {
    // A former owner that ends takes its server along: ours is brought back by its supervisor meanwhile.
    const taken = await tryOnce().catch((error: unknown) => {
      if (!isPassing(error) || Date.now() > deadline) throw error;
      return false;
    });
    if (taken) break;
    if (Date.now() > deadline)
      throw new FolderTaken(
        `Another Clusterlift uses the state folder ${stateDir}. Stop it, or give this one a --state-dir of its own.`,
      );
  }
  return {
    release: async () => {
      released = true;
      await client?.end().catch(() => undefined);
    },
  };
}
