import { attemptsOf, isGoingBack, type Ledger, lasted, reason, withoutSince, withSince } from '../../../domain/index.ts';
import { judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { stepFor, type TakingStep } from './course.ts';
import { letGo, wait } from './decision.ts';
import { goBackOrStop } from './going-back.ts';
import { heldBack, waitForProcess } from './held-back.ts';
import { doesNotGetReady, doesNotStart, hasRefused, replace, replaceKey, showAim, start, startKey } from './launching.ts';
import { leave } from './leave.ts';
import { needsFirst } from './needs.ts';
import type { Outcome } from './outcome.ts';
import {
  guardContextOf,
  hasStalled,
  isDown,
  type MemberStanding,
  runs,
  type Situation,
  stillTheOldProcess,
} from './situation.ts';
import { processNotKnown, readiness } from './waiting.ts';

/** Brings the member of the control plane that was taken back, before anything else is thought of. */
export function stepInHand(situation: Situation, ledger: Ledger): Outcome {
  const taken = ledger.inHand
    .map((identity) => ({ identity, member: situation.members.find((candidate) => candidate.name === identity.name) }))
    .find(({ member }) => member?.spec.component !== 'node');
  if (taken === undefined) return { ledger };
  const { identity, member } = taken;
  // No longer declared.
  if (member === undefined) return { ledger: letGo(ledger, identity.name) };
  const step = stepFor(situation, ledger, member);
  if (isDown(member)) return stepDown(situation, ledger, member, step);
  const notKnown = processNotKnown(member);
  if (notKnown !== null) return waitForProcess(situation, ledger, member, notKnown);
  const fits = member.seenMember.running !== null && step.fits(member);
  if (stillTheOldProcess(member, identity) && !fits) return stepUntouched(situation, ledger, member, step);
  if (isMisaimed(situation, ledger, member, step)) return stepMisaimed(situation, ledger, member, step);
  const standing = readiness(situation, ledger, member, step.aim);
  if (standing.kind === 'waits') return standing.outcome;
  if (standing.kind === 'steady') return { ledger: letGo(standing.ledger, member.name) };
  return goBackOrStop(situation, standing.ledger, doesNotGetReady(member, step.aim));
}

/** Taken in the ledger and still the old process: the turn was cut off before the stop, or the stop failed. */
function stepUntouched(situation: Situation, ledger: Ledger, member: MemberStanding, step: TakingStep): Outcome {
  const { seen, input } = situation;
  if (member.ready && input.intent !== 'go') return { ledger: letGo(ledger, member.name) };
  // Nobody answers, so nothing can be judged: that is waited for first, unless it is this one that keeps everybody waiting.
  if (seen === null)
    return isTheOneInTheWay(situation, ledger, member, step) ? take(situation, ledger, member, step) : { ledger };
  const verdict = judge(guardContextOf(situation, seen, { how: 'replace', member, aim: step.aim }));
  if (!verdict.may) return member.ready ? { ledger: letGo(ledger, member.name) } : heldBack(situation, ledger, verdict.because);
  return take(situation, ledger, member, step);
}

/**
 * The only apiserver, or the only etcd member, that runs is the one that this hop made and that did not get ready: no other
 * can ever answer, and taking it takes nothing away. One that has the program that it is to have may be healthy, and we may be the ones who are cut off.
 */
function isTheOneInTheWay(situation: Situation, ledger: Ledger, member: MemberStanding, step: TakingStep): boolean {
  const { component } = member.spec;
  if (component !== 'kube-apiserver' && component !== 'etcd') return false;
  if (isGoingBack(ledger, situation.hopIndex) === null) return false;
  const others = situation.members.filter(({ name, spec }) => name !== member.name && spec.component === component);
  if (others.some(({ seenMember }) => seenMember.process.state !== 'stopped' && seenMember.process.state !== 'absent'))
    return false;
  const { process } = member.seenMember;
  return process.state === 'running' && process.release !== null && !runs(process.release, step.aim.release);
}

/** Replaces it, as often as that is tried. */
export function take(situation: Situation, ledger: Ledger, member: MemberStanding, step: TakingStep): Outcome {
  if (attemptsOf(ledger, replaceKey(member, step.aim)) < limits.replaceAttempts)
    return { decision: replace(ledger, member, step.aim) };
  return {
    decision: leave(situation, ledger, {
      kind: 'stop',
      because: reason(
        'k8s.member-does-not-change',
        member.name,
        `${member.name} does not come to run at ${showAim(step.aim)}, however often it is replaced.`,
        'See the failed attempts above for the cause, and what else starts it; mend that, then resume the upgrade.',
      ),
    }),
  };
}

function stepDown(situation: Situation, ledger: Ledger, member: MemberStanding, step: TakingStep): Outcome {
  if (hasRefused(situation, ledger, member, step.aim)) return goBackOrStop(situation, ledger, doesNotStart(member, step.aim));
  const needs = needsFirst(situation, member);
  if (needs === null) return { decision: start(withoutSince(ledger, 'needs'), member, step.aim) };
  const waiting = withSince(ledger, 'needs', situation.input.now);
  if (lasted(waiting, 'needs', situation.nowMs) < limits.unreachableMs) return { decision: wait(waiting, needs) };
  return { decision: leave(situation, withoutSince(waiting, 'needs'), { kind: 'stop', because: needs }) };
}

/** It runs as something else than it is to be: it came back so, or the course has turned since it was started. */
function isMisaimed(situation: Situation, ledger: Ledger, member: MemberStanding, step: TakingStep): boolean {
  const { process, running } = member.seenMember;
  if (running !== null && !step.fits(member)) return true;
  if (process.state !== 'running' || member.ready) return false;
  if (running === null && process.release !== null && !runs(process.release, step.aim.release)) return true;
  if (attemptsOf(ledger, startKey(member, step.aim)) > 0) return false;
  // The same program that emulates or does not looks alike while it does not answer.
  return isGoingBack(ledger, situation.hopIndex) !== null || hasStalled(situation, member);
}

function stepMisaimed(situation: Situation, ledger: Ledger, member: MemberStanding, step: TakingStep): Outcome {
  const { seen } = situation;
  // Nobody serves: it takes nothing away.
  if (seen === null) return take(situation, ledger, member, step);
  const verdict = judge(guardContextOf(situation, seen, { how: 'replace', member, aim: step.aim }));
  return verdict.may ? take(situation, ledger, member, step) : heldBack(situation, ledger, verdict.because);
}
