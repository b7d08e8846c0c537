/**
 * Checks: named questions before an upgrade, each pure over one observation, in the order of the report.
 * They do not know: I/O, who asks, what a public API calls their findings.
 */
import { noArchivedSettings } from './archived-settings.ts';
import type { EsCheck } from './check.ts';
import { closedIndices } from './closed-indices.ts';
import { clusterIsSettled } from './cluster-is-settled.ts';
import { everyIndexHasAReplica } from './every-index-has-a-replica.ts';
import { indexVersions } from './index-versions.ts';
import { javaFits } from './java-fits.ts';
import { membersAreThere } from './members-are-there.ts';
import { noLeftovers } from './no-leftovers.ts';
import { noSnapshotRuns } from './no-snapshot-runs.ts';
import { oneMappingType } from './one-mapping-type.ts';
import { pathIsRolling } from './path-is-rolling.ts';
import { quorumSurvives } from './quorum-survives.ts';
import { settingsAreKnown } from './settings-are-known.ts';
import { snapshotIsRecent } from './snapshot-is-recent.ts';
import { trialStartPassed } from './trial-start-passed.ts';

export const checks: readonly EsCheck[] = [
  pathIsRolling,
  membersAreThere,
  clusterIsSettled,
  everyIndexHasAReplica,
  closedIndices,
  quorumSurvives,
  indexVersions,
  oneMappingType,
  settingsAreKnown,
  noArchivedSettings,
  javaFits,
  trialStartPassed,
  noLeftovers,
  snapshotIsRecent,
  noSnapshotRuns,
];
