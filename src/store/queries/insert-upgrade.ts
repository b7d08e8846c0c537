import type { NewEvent, TokenRecord, Upgrade } from '../../domain/index.ts';
import { brokenUnique, type Db } from '../db.ts';
import { upgradeToRow } from '../rows/upgrade-row.ts';
import { appendEvents } from './append-events.ts';
import { getUpgrade } from './get-upgrade.ts';
import { lockStaying } from './lock-staying.ts';
import { putToken } from './put-token.ts';
import { tellChanged } from './tell-changed.ts';
import { unfinishedUpgrade } from './unfinished-upgrade.ts';

type Inserted =
  | { kind: 'inserted' }
  | { kind: 'unfinished-exists'; upgrade: Upgrade }
  | { kind: 'token-taken' }
  | { kind: 'cluster-leaves' };

class TokenTaken extends Error {}
class ClusterLeaves extends Error {}

export async function insertUpgrade(
  db: Db,
  upgrade: Upgrade,
  events: readonly NewEvent[],
  token: TokenRecord | null,
): Promise<Inserted> {
  try {
    await db.transaction().execute(async (transaction) => {
      const staying = await lockStaying(transaction, upgrade.clusterId);
      if (staying !== 'stays' && upgrade.status === 'running') throw new ClusterLeaves();
      await transaction.insertInto('upgrades').values(upgradeToRow(upgrade, events.length)).execute();
      await appendEvents(transaction, upgrade.id, upgrade.generation, 0, events);
      if (token !== null && (await putToken(transaction, token, upgrade.createdAt)) === 'taken') throw new TokenTaken();
      await tellChanged(transaction, upgrade.id);
    });
    return { kind: 'inserted' };
  } catch (error) {
    if (error instanceof TokenTaken) return { kind: 'token-taken' };
    if (error instanceof ClusterLeaves) return { kind: 'cluster-leaves' };
    if (brokenUnique(error) === undefined) throw error;
    // The id is random: if it is there, it was inserted before its answer was lost.
    if ((await getUpgrade(db, upgrade.id)) !== undefined) return { kind: 'inserted' };
    const other = await unfinishedUpgrade(db, upgrade.clusterId);
    if (other !== undefined) return { kind: 'unfinished-exists', upgrade: other };
    // The other one has ended between our insert and our look.
    return insertUpgrade(db, upgrade, events, token);
  }
}
