import { connectionFromUrl } from './connection.ts';
import { type SessionLock, takeSessionLock } from './session-lock.ts';

/**
 * A database has one server that runs members on its own machine, or many that do not: host `local` is another machine for
 * each, and every one would start the members of a cluster there.
 */
export async function takeMembersLock(url: string, runsMembers: boolean, onLost: () => void): Promise<SessionLock> {
  return takeSessionLock({
    connection: connectionFromUrl(url) as { connectionString: string },
    name: 'clusterlift members',
    shared: !runsMembers,
    refused: () => new Error(refusal(runsMembers)),
    onLost,
  });
}

function refusal(runsMembers: boolean): string {
  const says = runsMembers
    ? 'Another server uses this database, and this one would run nodes on its own machine (host local, or simulated ones).'
    : 'Another server on this database runs nodes on its own machine (host local, or simulated ones).';
  return (
    `${says} Only a server that is alone on its database may do that: stop the other one, give this one a database of its ` +
    'own, or set localHost: false in the config file of each server (and name no host of kind process).'
  );
}
