import {
  attemptsOf,
  isGoingBack,
  type Ledger,
  reason,
  type SeenKubernetes,
  withAttempt,
  withMark,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { aimedBehaviour, behaviourOf, judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import type { TakingStep } from './course.ts';
import { goBackOrStop } from './going-back.ts';
import { heldBack, waitForProcess } from './held-back.ts';
import { doesNotGetReady, doesNotStart, hasRefused, startBeside, startKey, toldToEnd } from './launching.ts';
import { leave, stopSurge } from './leave.ts';
import { rollMark } from './marks.ts';
import type { Outcome } from './outcome.ts';
import {
  guardContextOf,
  hasStalled,
  is,
  type MemberStanding,
  noRoomForSurge,
  ofComponent,
  runs,
  type Situation,
  surgeOf,
} from './situation.ts';
import { processNotKnown, readiness } from './waiting.ts';

/** Before an apiserver goes, the one for more stands beside it: as the new one, which makes it the first to try that. */
export function surgeStands(situation: Situation, ledger: Ledger, seen: SeenKubernetes, step: TakingStep): Outcome {
  const surge = surgeOf(situation);
  if (surge === null) return { ledger };
  const { aim } = step;
  const { process } = surge.seenMember;
  const notKnown = processNotKnown(surge);
  if (notKnown !== null) return waitForProcess(situation, ledger, surge, notKnown);
  if (process.state === 'running') {
    if (isWrong(situation, ledger, surge, step)) return putAway(situation, ledger, surge);
    const standing = readiness(situation, ledger, surge, aim);
    if (standing.kind === 'waits') return standing.outcome;
    if (standing.kind === 'steady') return { ledger: standing.ledger };
    return goBackOrStop(situation, standing.ledger, doesNotGetReady(surge, aim));
  }
  if (noRoomForSurge(situation)) return { ledger };
  if (hasRefused(situation, ledger, surge, aim)) return goBackOrStop(situation, ledger, doesNotStart(surge, aim));
  const verdict = judge(guardContextOf(situation, seen, { how: 'add', member: surge, aim }));
  if (!verdict.may) return heldBack(situation, ledger, verdict.because);
  return { decision: startBeside(withRoll(situation, ledger, step), surge, aim) };
}

export function withRoll({ hopIndex }: Situation, ledger: Ledger, step: TakingStep): Ledger {
  return step.roll === null ? ledger : withMark(ledger, rollMark(hopIndex, step.roll));
}

/** It runs as something else than this step is about. On the way back one that behaves alike stands in as well as another. */
function isWrong(situation: Situation, ledger: Ledger, surge: MemberStanding, { aim }: TakingStep): boolean {
  const { process } = surge.seenMember;
  const alike = surge.ready && behaviourOf(surge) === aimedBehaviour(aim);
  if (alike && isGoingBack(ledger, situation.hopIndex) !== null) return false;
  if (attemptsOf(ledger, startKey(surge, aim)) === 0 && hasStalled(situation, surge)) return true;
  if (surge.apiserver !== null) return !is(surge, aim);
  return process.state === 'running' && process.release !== null && !runs(process.release, aim.release);
}

/** Between two rolls, and before controllers are taken, no surge apiserver is left. */
export function surgeIsAway(situation: Situation, ledger: Ledger): Outcome {
  const surge = surgeOf(situation);
  if (surge === null) return { ledger };
  const notKnown = processNotKnown(surge);
  if (notKnown !== null) return waitForProcess(situation, ledger, surge, notKnown);
  return surge.seenMember.process.state === 'running' ? putAway(situation, ledger, surge) : { ledger };
}

/** Controllers need not wait until the surge apiserver has ended: it is told to, and waited for when they are done. */
export function surgeLeaves(situation: Situation, ledger: Ledger): Outcome {
  const surge = surgeOf(situation);
  if (surge?.seenMember.process.state !== 'running') return surgeIsAway(situation, ledger);
  if (ledger.since[toldToEnd(surge)] !== undefined) return { ledger };
  return putAway(situation, withSince(ledger, toldToEnd(surge), situation.input.now), surge, 'no');
}

function putAway(situation: Situation, ledger: Ledger, surge: MemberStanding, wait: 'no' | null = null): Outcome {
  const away = ofComponent(situation, 'kube-apiserver').filter((member) => !member.ready);
  if (surge.ready && away.length > 0) {
    const names = away.map((member) => member.name).join(', ');
    return heldBack(
      situation,
      ledger,
      reason('k8s.one-apiserver-away', names, `${names} is not ready, so ${surge.name} stays.`, `${names} ready again.`),
    );
  }
  const key = `put ${surge.name} away ${situation.hopIndex}`;
  // It goes between every two rolls; a few more attempts than rolls are enough.
  if (attemptsOf(ledger, key) >= limits.stopSurgeAttempts + 3) {
    return {
      decision: leave(situation, ledger, {
        kind: 'stop',
        because: reason(
          'k8s.member-does-not-stop',
          surge.name,
          `${surge.name} still runs, however often it is stopped.`,
          'See the failed attempts above for the cause, mend it, then resume the upgrade.',
        ),
      }),
    };
  }
  const counted = withAttempt(withoutSince(ledger, `steady ${surge.name}`, `getting ready ${surge.name}`), key);
  return { decision: stopSurge(situation, counted, wait) };
}
