import { Wished } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { findUpgrade } from '../find.ts';
import type { Session } from '../session.ts';

/** What pause, resume, continue and cancel share: the wish is written down at once, and carried out as soon as it is safe. */
export async function wish(
  session: Session,
  idOrCluster: string,
  wanted: 'pause' | 'resume' | 'continue' | 'cancel',
): Promise<ExitCode> {
  const { id } = await findUpgrade(session, idOrCluster);
  // The same wish twice is one wish.
  const answer = await session.api.post(`/upgrades/${id}/${wanted}`, {}, Wished, 'safe-to-send-twice');
  await session.print(answer, ({ says, upgrade }) =>
    upgrade.status === 'running' ? `${says}\nWatch it: clusterlift upgrade watch ${upgrade.id}\n` : `${says}\n`,
  );
  return exitCodes.ok;
}

export const upgradeArgument = 'its id; or a cluster, which means its unfinished or latest upgrade';
