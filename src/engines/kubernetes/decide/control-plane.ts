import {
  attemptsOf,
  type Decision,
  isGoingBack,
  type Ledger,
  lasted,
  reason,
  type SeenKubernetes,
  showRelease,
  withAttempt,
  withSince,
} from '../../../domain/index.ts';
import { isController, judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { courseOf, isPassed, membersOf, misfits, type Step, type TakingStep, takesMembers } from './course.ts';
import { act, wait } from './decision.ts';
import { nextEtcd, snapshotEtcd } from './etcd.ts';
import { etcdAlarm } from './etcd-alarm.ts';
import { goBackOrStop } from './going-back.ts';
import { heldBack } from './held-back.ts';
import { take } from './in-hand.ts';
import { leave } from './leave.ts';
import { rewrittenMark, soaking } from './marks.ts';
import type { Outcome } from './outcome.ts';
import { prepare } from './prepare.ts';
import { guardContextOf, type MemberStanding, ofComponent, runs, type Situation } from './situation.ts';
import { surgeIsAway, surgeLeaves, surgeStands, withRoll } from './surge.ts';
import { processIsAnothers, processNotKnown } from './waiting.ts';
import { watchOthers } from './watch.ts';

/** Nobody of the control plane is in hand: the next step of the hop's course that is still open. */
export function goOn(situation: Situation, ledger: Ledger, seen: SeenKubernetes): Outcome {
  const alarm = etcdAlarm(situation);
  if (alarm !== null) return { decision: leave(situation, ledger, { kind: 'stop', because: alarm }) };
  const watched = watchOthers(situation, ledger);
  if (!('ledger' in watched)) return watched;
  const course = courseOf(situation, watched.ledger);
  const open = course.filter(takesMembers).some((step) => misfits(situation, step).length > 0);
  const forward = isGoingBack(watched.ledger, situation.hopIndex) === null;
  const begun = open && forward ? begin(situation, watched.ledger) : watched;
  return 'ledger' in begun ? walk(situation, begun.ledger, seen, course, open) : begun;
}

function begin(situation: Situation, ledger: Ledger): Outcome {
  const gate = gateAfterFirst(situation, ledger);
  return gate === null ? prepare(situation, ledger) : { decision: gate };
}

function gateAfterFirst(situation: Situation, ledger: Ledger): Decision | null {
  const { input, hop, hopIndex } = situation;
  if (!input.plan.gateAfterFirstMember || ledger.gatesPassed.includes(hopIndex)) return null;
  const lifted = ofComponent(situation, 'kube-apiserver').filter((member) => runs(member.seenMember.running, hop.to));
  if (lifted.length === 0) return null;
  const names = lifted.map((member) => member.name).join(', ');
  const because = reason(
    'k8s.gate-after-first-member',
    names,
    `${names} runs ${showRelease(hop.to)}; the others wait at the gate.`,
    'Continue the upgrade when you are content, or cancel it.',
  );
  return leave(situation, ledger, { kind: 'gate', because });
}

function walk(situation: Situation, ledger: Ledger, seen: SeenKubernetes, course: readonly Step[], open: boolean): Outcome {
  let current = ledger;
  for (const step of open ? course : []) {
    const outcome = oneStep(situation, current, seen, course, step);
    if (!('ledger' in outcome)) return outcome;
    current = outcome.ledger;
  }
  return surgeIsAway(situation, current);
}

function oneStep(situation: Situation, ledger: Ledger, seen: SeenKubernetes, course: readonly Step[], step: Step): Outcome {
  if (takesMembers(step)) return misfits(situation, step).length === 0 ? { ledger } : nextOf(situation, ledger, seen, step);
  if (step.kind === 'snapshot') return snapshotEtcd(situation, ledger);
  if (isPassed(situation, ledger, course, step)) return { ledger };
  // Every apiserver that is declared behaves as it is to be watched: the surge one leaves meanwhile.
  const begun = step.kind === 'soak' ? withSince(ledger, soaking, situation.input.now) : ledger;
  const away = surgeIsAway(situation, begun);
  if (!('ledger' in away)) return away;
  return step.kind === 'soak' ? soak(situation, away.ledger) : rewriteStorage(situation, away.ledger);
}

function nextOf(situation: Situation, ledger: Ledger, seen: SeenKubernetes, step: TakingStep): Outcome {
  if (step.kind === 'etcd') return nextEtcd(situation, ledger, seen, step);
  const surge = step.kind === 'apiservers' ? surgeStands(situation, ledger, seen, step) : surgeLeaves(situation, ledger);
  if (!('ledger' in surge)) return surge;
  const left = [...misfits(situation, step)].sort(byTurn(situation, step));
  const [first] = left;
  if (first !== undefined && first.seenMember.process.state !== 'running')
    return heldBack(situation, surge.ledger, processNotKnown(first) ?? processIsAnothers(first));
  for (const member of left) {
    const verdict = judge(guardContextOf(situation, seen, { how: 'replace', member, aim: step.aim }));
    if (verdict.may) return take(situation, withRoll(situation, surge.ledger, step), member, step);
    if (member === left.at(-1)) return heldBack(situation, surge.ledger, verdict.because);
  }
  return surge;
}

/** Those that serve nobody first; then as declared, of each kind of controller the standby before the leader. */
function byTurn(situation: Situation, step: TakingStep) {
  const declared = membersOf(situation, step).map((member) => member.name);
  const kind = (member: MemberStanding) => (isController(member) && member.spec.component === 'kube-scheduler' ? 1 : 0);
  const leads = (member: MemberStanding) => Number(member.controller?.leader === true);
  return (a: MemberStanding, b: MemberStanding) =>
    Number(a.ready) - Number(b.ready) ||
    kind(a) - kind(b) ||
    leads(a) - leads(b) ||
    declared.indexOf(a.name) - declared.indexOf(b.name);
}

function soak(situation: Situation, ledger: Ledger): Outcome {
  const { hop, cluster } = situation;
  const { soakMs } = cluster.spec;
  const left = soakMs - lasted(ledger, soaking, situation.nowMs);
  if (left <= 0) return { ledger };
  const because = reason(
    'k8s.soaking',
    'apiservers',
    `The apiservers run ${showRelease(hop.to)} and behave as ${hop.from.version}; they are watched for ${Math.round(soakMs / 1000)} seconds.`,
    'The time passing without one that is not ready.',
  );
  return { decision: wait(ledger, because, Math.min(left, limits.lookAgainSlowlyMs)) };
}

function rewriteStorage(situation: Situation, ledger: Ledger): Outcome {
  const { hop, hopIndex } = situation;
  const mark = rewrittenMark(hopIndex);
  if (attemptsOf(ledger, mark) >= limits.rewriteAttempts) {
    const because = reason(
      'k8s.storage-not-rewritten',
      'etcd',
      `What etcd holds could not be written in versions that ${hop.to.version} can read.`,
      'See the failed attempts above for the cause, mend it, then ask for the rollback again.',
    );
    return goBackOrStop(situation, ledger, because);
  }
  const why = `Writes what is stored once more, in versions that ${hop.to.version} can read.`;
  const parameters = { version: hop.to.version };
  return { decision: act(withAttempt(ledger, mark), 'rewrite-storage', [], parameters, why, { marksWhenDone: [mark] }) };
}
