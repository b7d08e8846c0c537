import type { TrialKey, TrialOutcome } from '../../domain/index.ts';
import type { Db } from '../db.ts';

export async function listTrials(
  db: Db,
  clusterId: string,
): Promise<readonly { readonly key: TrialKey; readonly outcome: TrialOutcome }[]> {
  const rows = await db
    .selectFrom('trials')
    .selectAll()
    .where('cluster_id', '=', clusterId)
    .orderBy('member')
    .orderBy('version')
    .orderBy('build')
    .orderBy('settings_hash')
    .execute();
  return rows.map((row) => ({
    key: {
      clusterId: row.cluster_id,
      member: row.member,
      release: { version: row.version, build: row.build === '' ? null : row.build },
      settingsHash: row.settings_hash,
    },
    outcome: row.outcome as TrialOutcome,
  }));
}
