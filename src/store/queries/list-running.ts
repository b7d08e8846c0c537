import type { Upgrade } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** Asked every few seconds, and of thousands: nothing that must be parsed. Oldest first: they wait for longest. */
export async function listRunning(db: Db): Promise<readonly Pick<Upgrade, 'id' | 'generation'>[]> {
  return db.selectFrom('upgrades').select(['id', 'generation']).where('status', '=', 'running').orderBy('position').execute();
}
