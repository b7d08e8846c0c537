import type { TrialKey } from '../../domain/index.ts';

/** The columns of a trial's key. */
export function trialColumns(key: TrialKey) {
  return {
    cluster_id: key.clusterId,
    member: key.member,
    version: key.release.version,
    build: key.release.build ?? '',
    settings_hash: key.settingsHash,
  };
}
