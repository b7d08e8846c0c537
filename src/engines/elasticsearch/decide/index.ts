/**
 * decide: from what was planned, seen, noted and wanted to the next small move. Pure; all safety lives here.
 * It does not know: how a move is made, what was seen a moment ago, any clock.
 */
import { type DecideInput, type Decision, type Ledger, type SeenElasticsearch, showRelease } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { isAllocationKey, stillFrozen } from './allocation.ts';
import { finishHop, nextWave, settledGate } from './between-waves.ts';
import { act, attemptsOf, lasted, reason, stop, wait, withAttempt, withoutSince, withSince } from './decision.ts';
import { stepInHand, unreachableReason } from './in-hand.ts';
import { leave, thaw } from './leave.ts';
import { openableByTarget } from './openable.ts';
import { prepare } from './prepare.ts';
import { identityOf, type MemberStanding, type Situation, situationOf } from './situation.ts';

export { settledVerdict } from './settled.ts';

export function decide(input: DecideInput<SeenElasticsearch>): Decision {
  const situation = situationOf(input);
  const inHand = stepInHand(situation);
  if ('decision' in inHand) return inHand.decision;
  const { ledger } = inHand;
  const { seen } = situation;
  if (seen === null) return unreachable(situation, ledger);
  const reached = withoutSince(ledger, 'unreachable');
  const stray = strayMember(situation, reached);
  if (stray !== null) return stray;
  return input.intent === 'go' ? goOn(situation, reached, seen) : leaveAsWished(situation, reached);
}

function goOn(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Decision {
  if (situation.members.every((member) => member.joined && member.lifted)) {
    const finished = finishHop(situation, ledger, seen);
    return 'nextHop' in finished ? decide({ ...situation.input, ledger: finished.nextHop }) : finished;
  }
  const prepared = openableByTarget(situation, ledger, seen) ?? prepare(situation, ledger);
  if (prepared !== null) return prepared;
  const ready = forgetThawed(withoutSince(ledger, 'trials'), situation, seen);
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

function unreachable(situation: Situation, ledger: Ledger): Decision {
  const waiting = withSince(ledger, 'unreachable', situation.input.now);
  const because = unreachableReason(situation);
  if (lasted(situation, waiting, 'unreachable') > limits.unreachableMs) {
    return stop(withoutSince(waiting, 'unreachable'), {
      ...because,
      clearedBy: 'See why its nodes do not answer; when they do, resume the upgrade.',
    });
  }
  return wait(waiting, because);
}

/**
 * A member that nobody took is not running: it is started again. At the release it ran, unless it was the last of the
 * old ones: then no old node may join any more, and the new release is the only way back in.
 */
function strayMember(situation: Situation, ledger: Ledger): Decision | null {
  const stray = situation.members.find((member) => member.seenMember.process.state === 'stopped');
  if (stray === undefined) return waitForAbsent(situation, ledger);
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
  return act(
    withAttempt(ledger, key),
    'start-member',
    [identityOf(stray)],
    `${stray.name} went down by itself: starts it again at ${showRelease(release)}.`,
    { version: release.version, build: release.build },
  );
}

/** A member that runs, or of which nothing is known, and is not in the cluster: waited for. */
function waitForAbsent(situation: Situation, ledger: Ledger): Decision | null {
  const absent = situation.members.find((member) => !member.joined && member.seenMember.process.state !== 'absent');
  if (absent === undefined) return null;
  const key = `away ${absent.name}`;
  const waiting = withSince(ledger, key, situation.input.now);
  const because = awayReason(absent);
  if (lasted(situation, waiting, key) > limits.joinTimeoutMs)
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
