import { isGoingBack, type Ledger, type OperatorReason, withGoingBack } from '../../../domain/index.ts';
import { behaviourOf } from '../guards/index.ts';
import { changesMinor } from './course.ts';
import { etcdAlarm } from './etcd-alarm.ts';
import { leave } from './leave.ts';
import { rollOf } from './marks.ts';
import type { Outcome } from './outcome.ts';
import type { Situation } from './situation.ts';

/**
 * Something of the hop could not be done. It goes back by itself while that hides nothing: on the way to a newer minor until
 * the first apiserver is let behave as such, always on the way to an older one or to another build. After that, and where
 * the way back fails as well, a person is asked.
 */
export function goBackOrStop(situation: Situation, ledger: Ledger, because: OperatorReason): Outcome {
  const alarm = etcdAlarm(situation);
  // A full etcd lets nothing become ready, the old programs no more than the new ones.
  if (alarm !== null) return { decision: leave(situation, ledger, { kind: 'stop', because: alarm }) };
  if (mayGoBack(situation, ledger)) return { again: withGoingBack(ledger, situation.hopIndex, because) };
  return { decision: leave(situation, ledger, { kind: 'stop', because }) };
}

function mayGoBack({ hop, hopIndex, members }: Situation, ledger: Ledger): boolean {
  if (isGoingBack(ledger, hopIndex) !== null) return false;
  if (!changesMinor(hop) || hop.back === true) return true;
  return rollOf(ledger, hopIndex) !== 'own' && !members.some((member) => behaviourOf(member) === hop.to.version);
}
