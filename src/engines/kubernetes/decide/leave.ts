import {
  attemptsOf,
  type Decision,
  type Ledger,
  lasted,
  type OperatorReason,
  reason,
  withAttempt,
  withoutStopping,
  withSince,
  withStopping,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { act, wait } from './decision.ts';
import { leaveNodes } from './leave-nodes.ts';
import { identityOf, ofComponent, type Situation, surgeOf } from './situation.ts';

type WishedEnding = { readonly kind: 'done' | 'paused' | 'cancelled'; readonly says: string };
type AskingEnding = { readonly kind: 'stop' | 'gate' | 'returned'; readonly because: OperatorReason };
export type Ending = WishedEnding | AskingEnding;

/** What is still to be put right on the way out, or nothing, with what a person should know of it. */
export type LeaveStep = { readonly decision: Decision } | { readonly ledger: Ledger; readonly remarks: readonly string[] };

/** Every exit goes through here: nobody cordoned by us, no surge member, the rest settled, and only then the end. */
export function leave(situation: Situation, before: Ledger, wished: Ending): Decision {
  const cancels = wished.kind === 'stop' && situation.input.intent === 'cancel';
  const ending = cancels ? cancelledWith(wished.because) : wished;
  const ledger = wished.kind === 'stop' ? withStopping(before, wished.because) : before;
  if (situation.seen === null)
    return end(ledger, ending, ['The cluster could not be asked, so it is not known whether it is settled.']);
  const nodes = leaveNodes(situation, ledger);
  if ('decision' in nodes) return nodes.decision;
  const surge = leaveSurge(situation, nodes.ledger, ending);
  if ('decision' in surge) return surge.decision;
  return settleThenEnd(situation, surge.ledger, ending, [...nodes.remarks, ...surge.remarks]);
}

/** Who cancels is not asked again: what is not well is said with the end. */
function cancelledWith(because: OperatorReason): Ending {
  return { kind: 'cancelled', says: `Cancelled. ${because.says} ${because.clearedBy}` };
}

/** The surge apiserver goes when the others are ready; where one cannot get ready, it stands in for it until that is mended. */
function leaveSurge(situation: Situation, ledger: Ledger, ending: Ending): LeaveStep {
  const surge = surgeOf(situation);
  if (surge === null || surge.seenMember.process.state !== 'running') return { ledger, remarks: [] };
  const away = ofComponent(situation, 'kube-apiserver').filter((member) => !member.ready);
  if (surge.ready && away.length > 0) {
    const names = away.map((member) => member.name).join(', ');
    const waiting = withSince(ledger, 'leaving', situation.input.now);
    if (ending.kind !== 'stop' && lasted(waiting, 'leaving', situation.nowMs) < limits.exitSettleMs) {
      return {
        decision: wait(
          waiting,
          reason('k8s.apiserver-not-ready', names, `${names} is not ready, so ${surge.name} stays.`, `${names} ready again.`),
        ),
      };
    }
    return { ledger: waiting, remarks: [`${surge.name} goes on running: it stands in for ${names}.`] };
  }
  const key = `leave ${surge.name}`;
  if (attemptsOf(ledger, key) >= limits.stopSurgeAttempts)
    return { ledger, remarks: [`${surge.name} does not stop and goes on running.`] };
  return { decision: stopSurge(situation, withAttempt(ledger, key)) };
}

export function stopSurge(situation: Situation, ledger: Ledger, wait: 'no' | null = null): Decision {
  const surge = surgeOf(situation);
  if (surge === null) throw new Error('there is no surge apiserver');
  return act(
    ledger,
    'stop-surge',
    [identityOf(surge)],
    { wait },
    `Stops ${surge.name}: ${surge.ready ? 'its requests move to the others first' : 'it serves nobody'}.`,
  );
}

function settleThenEnd(situation: Situation, ledger: Ledger, ending: Ending, remarks: readonly string[]): Decision {
  const away = situation.members.filter(
    (member) => !member.ready && !member.spec.surge && member.spec.component !== 'node' && member.spec.component !== 'front-door',
  );
  if (away.length === 0) return end(ledger, ending, remarks);
  const names = away.map((member) => member.name).join(', ');
  const waiting = withSince(ledger, 'leaving', situation.input.now);
  if (ending.kind !== 'stop' && lasted(waiting, 'leaving', situation.nowMs) < limits.exitSettleMs)
    return wait(waiting, reason('k8s.members-not-ready', names, `${names} is not ready.`, `${names} ready.`));
  return end(ledger, ending, [...remarks, `Not ready on leaving: ${names}.`]);
}

function end(ledger: Ledger, ending: Ending, remarks: readonly string[]): Decision {
  const at: Ledger = { ...withoutStopping(ledger), since: {} };
  if ('because' in ending) return { move: { do: ending.kind, because: ending.because }, ledger: at, remarks };
  return { move: { do: 'done', as: ending.kind, says: ending.says }, ledger: at, remarks };
}
