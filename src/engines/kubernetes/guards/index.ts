/**
 * Guards: named safety rules that say whether a member may be taken now. Each is one file, pure, and answers with a reason.
 * They do not know: how a member is chosen, what happens to it, any I/O.
 */
import { type GuardVerdict, may } from '../../../domain/index.ts';
import { apiserversBehaveAlike } from './apiservers-behave-alike.ts';
import { apiserversWithinOneMinor } from './apiservers-within-one-minor.ts';
import { budgetAllows } from './budget-allows.ts';
import { controllerLeaderLast } from './controller-leader-last.ts';
import { controllersNotNewerThanApiservers } from './controllers-not-newer-than-apiservers.ts';
import { etcdLeaderLast } from './etcd-leader-last.ts';
import { etcdOneMinorAtATime } from './etcd-one-minor-at-a-time.ts';
import { etcdQuorumHolds } from './etcd-quorum-holds.ts';
import { groupKeepsItsNodes } from './group-keeps-its-nodes.ts';
import type { Guard, GuardContext } from './guard.ts';
import { nodesWithinSkew } from './nodes-within-skew.ts';
import { oneApiserverAway } from './one-apiserver-away.ts';
import { surgeBeforeStop } from './surge-before-stop.ts';

export { blockedPods } from './budget-allows.ts';
export {
  type Aim,
  aimedBehaviour,
  behaviourOf,
  type Guard,
  type GuardContext,
  type GuardedMember,
  isApiserver,
  isController,
  type Taking,
} from './guard.ts';

export const guards: readonly Guard[] = [
  nodesWithinSkew,
  apiserversWithinOneMinor,
  apiserversBehaveAlike,
  controllersNotNewerThanApiservers,
  etcdOneMinorAtATime,
  oneApiserverAway,
  surgeBeforeStop,
  etcdQuorumHolds,
  etcdLeaderLast,
  controllerLeaderLast,
  groupKeepsItsNodes,
  budgetAllows,
];

/** The first guard that says no, or `may`. */
export function judge(context: GuardContext): GuardVerdict {
  for (const guard of guards) {
    const verdict = guard.judge(context);
    if (!verdict.may) return verdict;
  }
  return may;
}
