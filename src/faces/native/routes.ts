import type { Operation } from './operation.ts';
import { auditOperations } from './operations/audit.ts';
import { changeOperations } from './operations/changes.ts';
import { clusterOperations } from './operations/clusters.ts';
import { eventOperations } from './operations/events.ts';
import { exportedObservationOperations } from './operations/exported-observations.ts';
import { keyOperations } from './operations/keys.ts';
import { kubeconfigOperations } from './operations/kubeconfig.ts';
import { lookingOperations } from './operations/looking.ts';
import { planOperations } from './operations/plans.ts';
import { rehearsalOperations } from './operations/rehearsals.ts';
import { releaseOperations } from './operations/releases.ts';
import { sessionOperations } from './operations/sessions.ts';
import { snapshotOperations } from './operations/snapshots.ts';
import { upgradeOperations } from './operations/upgrades.ts';

export const operations: readonly Operation[] = [
  ...sessionOperations,
  ...clusterOperations,
  ...kubeconfigOperations,
  ...lookingOperations,
  ...snapshotOperations,
  ...planOperations,
  ...rehearsalOperations,
  ...exportedObservationOperations,
  ...upgradeOperations,
  ...eventOperations,
  ...changeOperations,
  ...keyOperations,
  ...auditOperations,
  ...releaseOperations,
];
