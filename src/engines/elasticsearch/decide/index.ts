/**
 * decide: from what was planned, seen, noted and wanted to the next small move. Pure; all safety lives here.
 * It does not know: how a move is made, what was seen a moment ago, any clock.
 */
import {
  type DecideInput,
  type Decision,
  type Ledger,
  lasted,
  reason,
  type SeenElasticsearch,
  showRelease,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { isAllocationKey, stillFrozen } from './allocation.ts';
import { finishHop, nextWave, settledGate } from './between-waves.ts';
import { stop, wait } from './decision.ts';
import { stepInHand, unreachableReason } from './in-hand.ts';
import { leave, thaw } from './leave.ts';
import { openableByTarget } from './openable.ts';
import { prepare } from './prepare.ts';
import { answersForAnother, type Situation, situationOf } from './situation.ts';
import { adoptStarted, startStray, waitForAbsent, waitForProcess } from './stray.ts';

export { settledVerdict } from './settled.ts';

export function decide(input: DecideInput<SeenElasticsearch>): Decision {
  const situation = situationOf(input);
  const another = answersForAnother(situation);
  if (another !== null) return unreachable(situation, situation.ledger, another);
  const adopted = adoptStarted(situation);
  if (adopted !== null) return adopted;
  const inHand = stepInHand(situation);
  if ('decision' in inHand) return inHand.decision;
  const { ledger } = inHand;
  const { seen } = situation;
  if (seen === null) return unreachable(situation, ledger);
  const reached = withoutSince(ledger, 'unreachable');
  const stray = startStray(situation, reached) ?? waitForAbsent(situation, reached);
  if (stray !== null) return stray;
  return input.intent === 'go' ? goOn(situation, reached, seen) : leaveAsWished(situation, reached);
}

function goOn(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Decision {
  if (situation.members.every((member) => member.joined && member.lifted)) {
    const finished = finishHop(situation, ledger, seen);
    return 'nextHop' in finished ? decide({ ...situation.input, ledger: finished.nextHop }) : finished;
  }
  const notKnown = waitForProcess(situation, ledger);
  if (notKnown !== null) return notKnown;
  const prepared = openableByTarget(situation, ledger, seen) ?? prepare(situation, ledger);
  if (prepared !== null) return prepared;
  const ready = forgetThawed(withoutSince(ledger, 'trials', 'process not known'), situation, seen);
  return thawAfterWave(situation, ready, seen) ?? gateAfterFirst(situation, ready, seen) ?? nextWave(situation, ready, seen);
}

/** A wave came back while replicas are still held: they are let go before anything is judged. */
function thawAfterWave(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Decision | null {
  if (situation.ledger.inHand.length === 0 && !ledger.marks.includes('wave-back')) return null;
  const frozen = stillFrozen(ledger, seen).filter(isAllocationKey);
  if (frozen.length === 0) return null;
  return thaw({ ...ledger, marks: [...new Set([...ledger.marks, 'wave-back'])] }, frozen, 'Lets replicas be made again.');
}

/** Once replicas are let go, the wave that came back is history. */
function forgetThawed(ledger: Ledger, situation: Situation, seen: SeenElasticsearch): Ledger {
  if (situation.ledger.inHand.length > 0 || stillFrozen(ledger, seen).some(isAllocationKey)) return ledger;
  return { ...ledger, marks: ledger.marks.filter((mark) => mark !== 'wave-back') };
}

function gateAfterFirst(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Decision | null {
  if (!situation.input.plan.gateAfterFirstMember || ledger.gatesPassed.includes(situation.hopIndex)) return null;
  const lifted = situation.members.filter((member) => member.lifted).map((member) => member.name);
  if (lifted.length === 0) return null;
  const settled = settledGate(situation, ledger, seen);
  if ('decision' in settled) return settled.decision;
  return leave(situation, settled.ledger, {
    kind: 'gate',
    because: reason(
      'es.gate-after-first-member',
      lifted.join(', '),
      `${lifted.join(', ')} runs ${showRelease(situation.hop.to)}; the others wait at the gate.`,
      'Continue the upgrade when you are content, or cancel it.',
    ),
  });
}

function leaveAsWished(situation: Situation, ledger: Ledger): Decision {
  const versions = [
    ...new Set(
      situation.members.map((member) =>
        member.seenMember.running === null ? 'not running' : showRelease(member.seenMember.running),
      ),
    ),
  ].sort();
  const mixed = versions.length > 1 ? ` Its members run ${versions.join(' and ')}; the same target takes it up again.` : '';
  if (situation.input.intent === 'pause') return leave(situation, ledger, { kind: 'paused', says: `Paused.${mixed}` });
  return leave(situation, ledger, { kind: 'cancelled', says: `Cancelled.${mixed}` });
}

/** `another`: somebody answers, for another cluster. Nothing of it is touched. */
function unreachable(situation: Situation, ledger: Ledger, another?: string): Decision {
  const waiting = withSince(ledger, 'unreachable', situation.input.now);
  const because =
    another === undefined
      ? unreachableReason(situation)
      : reason('es.another-cluster-answers', 'cluster', another, 'The cluster that the plan was made from answering again.');
  if (lasted(waiting, 'unreachable', situation.nowMs) > limits.unreachableMs) {
    return stop(withoutSince(waiting, 'unreachable'), {
      ...because,
      clearedBy:
        another === undefined
          ? 'See why its nodes do not answer; when they do, resume the upgrade.'
          : 'See what answers at the urls of its nodes; when the cluster itself does again, resume the upgrade.',
    });
  }
  return wait(waiting, because);
}
