/**
 * Checks: named questions before an upgrade, each pure over one observation, in the order of the report.
 * They do not know: I/O, who asks, what a public API calls their findings.
 */
import { noArchivedSettings } from './archived-settings.ts';
import type { EsCheck } from './check.ts';
import { closedIndices } from './closed-indices.ts';
import { clusterIsSettled } from './cluster-is-settled.ts';
import { deprecationsAreClear } from './deprecations-are-clear.ts';
import { distributionFits } from './distribution-fits.ts';
import { everyIndexHasAReplica } from './every-index-has-a-replica.ts';
import { heapHasRoom } from './heap-has-room.ts';
import { ilmRuns } from './ilm-runs.ts';
import { indexVersions } from './index-versions.ts';
import { javaFits } from './java-fits.ts';
import { membersAreThere } from './members-are-there.ts';
import { mlIsInUpgradeMode } from './ml-is-in-upgrade-mode.ts';
import { noLeftovers } from './no-leftovers.ts';
import { noLongPendingTasks } from './no-long-pending-tasks.ts';
import { noSnapshotRuns } from './no-snapshot-runs.ts';
import { oneMappingType } from './one-mapping-type.ts';
import { pathIsRolling } from './path-is-rolling.ts';
import { pluginsAreAvailable } from './plugins-are-available.ts';
import { quorumSurvives } from './quorum-survives.ts';
import { roomForShards } from './room-for-shards.ts';
import { settingsAreKnown } from './settings-are-known.ts';
import { snapshotIsRecent } from './snapshot-is-recent.ts';
import { systemFeaturesAreMigrated } from './system-features-are-migrated.ts';
import { trialStartPassed } from './trial-start-passed.ts';
import { zonesHoldCopies } from './zones-hold-copies.ts';

export const checks: readonly EsCheck[] = [
  pathIsRolling,
  membersAreThere,
  clusterIsSettled,
  noLongPendingTasks,
  everyIndexHasAReplica,
  closedIndices,
  zonesHoldCopies,
  quorumSurvives,
  noLeftovers,
  indexVersions,
  oneMappingType,
  settingsAreKnown,
  noArchivedSettings,
  deprecationsAreClear,
  systemFeaturesAreMigrated,
  mlIsInUpgradeMode,
  ilmRuns,
  pluginsAreAvailable,
  distributionFits,
  trialStartPassed,
  javaFits,
  roomForShards,
  heapHasRoom,
  snapshotIsRecent,
  noSnapshotRuns,
];
