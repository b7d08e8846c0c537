import {
  attemptsOf,
  type Decision,
  type Ledger,
  lasted,
  reason,
  showRelease,
  withAttempt,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { act, wait } from './decision.ts';
import { leave } from './leave.ts';
import { prefetchOn } from './prepare.ts';
import { identityOf, isDown, type MemberStanding, type Situation } from './situation.ts';

/**
 * A member that nobody took is not running: it is started again. At the release it ran, unless it was the last of the
 * old ones: then no old node may join any more, and the new release is the only way back in. One that is in the cluster
 * runs, whatever its host's record says, and is never started beside itself.
 */
export function startStray(situation: Situation, ledger: Ledger): Decision | null {
  const inHand = ledger.inHand.map((identity) => identity.name);
  const stray = situation.members.find(
    (member) => member.seenMember.process.state === 'stopped' && !member.joined && !inHand.includes(member.name),
  );
  if (stray === undefined) return null;
  const { process } = stray.seenMember;
  const ran = process.state === 'stopped' ? process.release : null;
  const oldOnes = situation.members.some((member) => member !== stray && member.joined && !member.lifted);
  const release = ran !== null && oldOnes ? ran : situation.hop.to;
  const key = `restart ${stray.name}`;
  if (attemptsOf(ledger, key) >= limits.startAttempts) {
    return leave(situation, ledger, {
      kind: 'stop',
      because: reason(
        'es.member-does-not-start',
        stray.name,
        `${stray.name} went down by itself and does not start at ${showRelease(release)}.`,
        'Mend what its last lines name, then resume the upgrade.',
        process.state === 'stopped' ? process.lastLines : [],
      ),
    });
  }
  // A cluster that was registered runs what no host has fetched yet.
  const fetched = prefetchOn(situation, ledger, stray.spec.host, [release]);
  if (fetched !== null) return fetched;
  return act(
    withAttempt(ledger, key),
    'start-member',
    [identityOf(stray)],
    `${stray.name} went down by itself: starts it again at ${showRelease(release)}.`,
    { version: release.version, build: release.build },
  );
}

/** A member that runs, or of which nothing is known, and is not in the cluster: waited for. */
export function waitForAbsent(situation: Situation, ledger: Ledger): Decision | null {
  const absent = situation.members.find((member) => !member.joined && member.seenMember.process.state !== 'absent');
  if (absent === undefined) return null;
  const key = `away ${absent.name}`;
  const waiting = withSince(ledger, key, situation.input.now);
  const because = awayReason(absent);
  if (lasted(waiting, key, situation.nowMs) > limits.joinTimeoutMs)
    return leave(situation, withoutSince(waiting, key), { kind: 'stop', because });
  return wait(waiting, because);
}

function awayReason(member: MemberStanding) {
  const { process } = member.seenMember;
  const says =
    process.state === 'unknown'
      ? `It is not known whether ${member.name} runs: ${process.because}.`
      : `${member.name} runs and is not in the cluster.`;
  return reason('es.member-not-joined', member.name, says, `${member.name} joined again; see its log for what keeps it out.`);
}

/**
 * In the cluster, and its host's record has no process of it that runs: its owner started it himself. The process that
 * the node tells is taken under care. Null: there is none, or taking it over was tried as often as it is.
 */
export function adoptStarted(situation: Situation): Decision | null {
  const { ledger } = situation;
  for (const member of situation.members.filter((candidate) => candidate.joined && isDown(candidate))) {
    const { running } = member.seenMember;
    const pid = member.node?.pid ?? null;
    if (running === null || pid === null || attemptsOf(ledger, adoptKey(member, pid)) >= limits.adoptAttempts) continue;
    return act(
      withAttempt(ledger, adoptKey(member, pid)),
      'adopt-member',
      [identityOf(member)],
      `${member.name} is in the cluster as process ${pid}, which its host did not start: takes it under care.`,
      { pid: String(pid), version: running.version, build: running.build },
    );
  }
  return null;
}

/** A member that is still to be taken is in the cluster and its process could not be made known: waited for, then a person is asked. */
export function waitForProcess(situation: Situation, ledger: Ledger): Decision | null {
  const key = 'process not known';
  const unknown = situation.members.find((member) => member.joined && !member.lifted && isDown(member));
  if (unknown === undefined) return null;
  const waiting = withSince(ledger, key, situation.input.now);
  const because = processNotKnown(unknown);
  if (lasted(waiting, key, situation.nowMs) < limits.processPatienceMs) return wait(waiting, because, limits.lookAgainSlowlyMs);
  return leave(situation, withoutSince(waiting, key), { kind: 'stop', because });
}

export function processNotKnown(member: MemberStanding) {
  const pid = member.node?.pid ?? null;
  const { process } = member.seenMember;
  const why =
    process.state === 'unknown'
      ? `its host cannot tell its process: ${process.because}`
      : pid === null
        ? 'it does not tell its process, and its host did not start it'
        : `its host could not take process ${pid}, which it tells, under its care`;
  return reason(
    'es.member-process-not-known',
    member.name,
    `${member.name} is in the cluster and cannot be stopped: ${why}.`,
    `See that ${member.name} runs on the host that is declared for it, or stop it so that it is started from here; then resume the upgrade.`,
  );
}

function adoptKey(member: MemberStanding, pid: number): string {
  return `adopt ${member.name} ${pid}`;
}
