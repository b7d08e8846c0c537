import type { Log } from '../../domain/index.ts';
import type { Connection } from '../connection.ts';
import { type SessionLock, takeSessionLock } from '../session-lock.ts';

/** Somebody else has the state folder, and the server in it. */
export class FolderTaken extends Error {}

/** One Clusterlift per state folder: each would stop the database under the other. */
export async function takeServerLock(connection: Connection, stateDir: string, log: Log): Promise<SessionLock> {
  return takeSessionLock({
    connection: { ...connection },
    name: 'clusterlift server',
    shared: false,
    refused: () =>
      new FolderTaken(
        `Another Clusterlift uses the state folder ${stateDir}. Stop it, or give this one a --state-dir of its own.`,
      ),
    onLost: () => log.error({ stateDir }, 'Another Clusterlift uses the same state folder.'),
  });
}
