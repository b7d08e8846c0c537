/**
 * Checks: named questions before an upgrade, each pure over one observation, in the order of the report.
 * They do not know: I/O, who asks, what a public API calls their findings.
 */
import { addOnsFit } from './add-ons-fit.ts';
import { apiServicesAvailable } from './api-services-available.ts';
import { certificatesLast } from './certificates-last.ts';
import type { KubernetesCheck } from './check.ts';
import { controlPlaneHealthy } from './control-plane-healthy.ts';
import { customResourcesServed } from './custom-resources-served.ts';
import { disruptionBudgetsAllow } from './disruption-budgets-allow.ts';
import { etcdHasNoAlarm, etcdHasRoom, etcdHealthy, etcdKeepsServing, etcdVersionFits } from './etcd.ts';
import { flagsAreKnown } from './flags-are-known.ts';
import { leftovers } from './leftovers.ts';
import { membersCanBeStarted } from './members-can-be-started.ts';
import { noRemovedApiInUse } from './no-removed-api-in-use.ts';
import { nobodyCordoned } from './nobody-cordoned.ts';
import { nodesNotNewer } from './nodes-not-newer.ts';
import { nodesReady } from './nodes-ready.ts';
import { nodesWithinSkew } from './nodes-within-skew.ts';
import { path } from './path.ts';
import { podsComeBack } from './pods-come-back.ts';
import { roomForSurge } from './room-for-surge.ts';
import { trialPassed } from './trial-passed.ts';
import { notBelowFirstVersion, rollbackHidesNothing, rollbackWithinSevenDays } from './way-back.ts';
import { webhooksAnswer } from './webhooks-answer.ts';

export const checks: readonly KubernetesCheck[] = [
  path,
  membersCanBeStarted,
  controlPlaneHealthy,
  etcdHealthy,
  etcdHasNoAlarm,
  etcdHasRoom,
  etcdVersionFits,
  etcdKeepsServing,
  nodesWithinSkew,
  nodesNotNewer,
  nodesReady,
  nobodyCordoned,
  leftovers,
  noRemovedApiInUse,
  flagsAreKnown,
  trialPassed,
  webhooksAnswer,
  apiServicesAvailable,
  customResourcesServed,
  addOnsFit,
  certificatesLast,
  roomForSurge,
  disruptionBudgetsAllow,
  podsComeBack,
  rollbackWithinSevenDays,
  notBelowFirstVersion,
  rollbackHidesNothing,
];
