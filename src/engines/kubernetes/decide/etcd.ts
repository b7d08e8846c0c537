import { attemptsOf, type Ledger, reason, type SeenKubernetes, withAttempt } from '../../../domain/index.ts';
import { judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { misfits, type TakingStep } from './course.ts';
import { act } from './decision.ts';
import { heldBack } from './held-back.ts';
import { take } from './in-hand.ts';
import { leave } from './leave.ts';
import { snapshotMark, withEtcdBefore } from './marks.ts';
import type { Outcome } from './outcome.ts';
import { guardContextOf, identityOf, type MemberStanding, ofComponent, type Situation } from './situation.ts';
import { processIsAnothers, processNotKnown } from './waiting.ts';

/** Before a minor is changed, what etcd holds is kept: once a hop. An etcd of somebody else is his to keep. */
export function snapshotEtcd(situation: Situation, ledger: Ledger): Outcome {
  const members = ofComponent(situation, 'etcd');
  const mark = snapshotMark(situation.hopIndex);
  if (members.length === 0 || ledger.marks.includes(mark)) return { ledger };
  const from = members.find((member) => member.ready && member.etcd?.leader === false) ?? members[0];
  if (from === undefined) return { ledger };
  if (attemptsOf(ledger, mark) >= limits.snapshotAttempts) {
    const because = reason(
      'k8s.etcd-snapshot-fails',
      from.name,
      `No snapshot of etcd could be taken from ${from.name}.`,
      'See the failed attempts above for the cause, mend it, then resume the upgrade.',
    );
    return { decision: leave(situation, ledger, { kind: 'stop', because }) };
  }
  const why = `Takes a snapshot of etcd from ${from.name} before anything is changed.`;
  return { decision: act(withAttempt(ledger, mark), 'snapshot-etcd', [identityOf(from)], {}, why, { marksWhenDone: [mark] }) };
}

/** The next etcd member: followers first, the leader when it has ceased to lead. */
export function nextEtcd(situation: Situation, ledger: Ledger, seen: SeenKubernetes, step: TakingStep): Outcome {
  const left = [...misfits(situation, step)].sort(
    (a, b) => Number(a.etcd?.leader === true) - Number(b.etcd?.leader === true) || a.name.localeCompare(b.name),
  );
  const [member] = left;
  if (member === undefined) return { ledger };
  if (member.etcd?.leader === true) {
    const heir = ofComponent(situation, 'etcd').find((other) => other.name !== member.name && other.ready);
    if (heir !== undefined) return moveLeader(situation, ledger, member, heir);
  }
  if (member.seenMember.process.state !== 'running')
    return heldBack(situation, ledger, processNotKnown(member) ?? processIsAnothers(member));
  const verdict = judge(guardContextOf(situation, seen, { how: 'replace', member, aim: step.aim }));
  if (!verdict.may) return heldBack(situation, ledger, verdict.because);
  const noted = withEtcdBefore(ledger, situation.hopIndex, member.name, member.etcd?.version ?? step.aim.release.version);
  return take(situation, noted, member, step);
}

function moveLeader(situation: Situation, ledger: Ledger, leader: MemberStanding, heir: MemberStanding): Outcome {
  const key = `move leader from ${leader.name}`;
  if (attemptsOf(ledger, key) >= limits.moveLeaderAttempts) {
    const because = reason(
      'k8s.etcd-leader-does-not-move',
      leader.name,
      `${leader.name} goes on leading etcd, however often ${heir.name} is asked to.`,
      'See the failed attempts above for the cause, mend it, then resume the upgrade.',
    );
    return { decision: leave(situation, ledger, { kind: 'stop', because }) };
  }
  const why = `Moves the leadership of etcd from ${leader.name} to ${heir.name}.`;
  return { decision: act(withAttempt(ledger, key), 'move-etcd-leader', [identityOf(leader)], { to: heir.name }, why) };
}
