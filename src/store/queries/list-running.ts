import type { RunningUpgrade } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/** Asked every few seconds, and of thousands: nothing that must be parsed. Oldest first: they wait for longest. */
export async function listRunning(db: Db): Promise<readonly RunningUpgrade[]> {
  const query = db.selectFrom('upgrades').select(['id', 'generation', 'revision']);
  const rows = await query.where('status', '=', 'running').orderBy('position').execute();
  return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
}
