import {
  attemptsOf,
  type Decision,
  type Ledger,
  lasted,
  reason,
  type SeenElasticsearch,
  sameRelease,
  showRelease,
  withAttempt,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { isAllocationKey, stillFrozen } from './allocation.ts';
import { act, wait } from './decision.ts';
import { forgetHookAttempts, forgetHooks, postStart } from './hooks.ts';
import { type Ending, leave, thaw } from './leave.ts';
import { identityOf, isDown, type MemberStanding, type Situation, stillTheOldProcess } from './situation.ts';
import { startStray } from './stray.ts';

/** Either the next move for the members in hand, or the ledger to go on with once nobody is in hand any more. */
export type InHandResult = { readonly decision: Decision } | { readonly ledger: Ledger };

/** Brings every member that was taken back into the cluster at the new release, before anything else is thought of. */
export function stepInHand(situation: Situation): InHandResult {
  const { ledger } = situation;
  if (ledger.inHand.length === 0) return { ledger };
  const taken = ledger.inHand.flatMap((identity) => {
    const member = situation.members.find((candidate) => candidate.name === identity.name);
    return member === undefined ? [] : [{ member, identity }];
  });
  const untouched = taken.filter(({ member, identity }) => stillTheOldProcess(member, identity) && !member.lifted);
  if (untouched.length > 0)
    return stepUntouched(
      situation,
      untouched.map(({ member }) => member),
    );
  const away = taken.map(({ member }) => member).filter((member) => !(member.joined && member.lifted));
  const stopped = away.filter((member) => !member.joined && isDown(member));
  if (stopped.length > 0) return { decision: stepStopped(situation, stopped) };
  const [first] = away;
  if (first !== undefined) return { decision: stepJoining(situation, away, first) };
  return stepBack(
    situation,
    taken.map(({ member }) => member),
  );
}

/**
 * Taken in the ledger and still the old process: the turn was cut off before the stop, or the stop failed. The guards are
 * asked again on today's facts; a member that may not be taken any more, or that the owner wants left alone, is let go,
 * and those of its wave that are away are brought back all the same.
 */
function stepUntouched(situation: Situation, untouched: readonly MemberStanding[]): InHandResult {
  const { ledger, seen, input } = situation;
  const inHand = ledger.inHand.filter((identity) => !untouched.some((member) => member.name === identity.name));
  const letGo = () => stepInHand({ ...situation, ledger: { ...ledger, inHand } });
  if (input.intent !== 'go') return letGo();
  if (seen === null) return { decision: wait(ledger, unreachableReason(situation)) };
  if (!judgeAgain(situation, seen, untouched).may) return letGo();
  const stays = untouched.find((member) => attemptsOf(ledger, stopKey(situation, member)) >= limits.stopAttempts);
  if (stays !== undefined) return { decision: leave(situation, ledger, doesNotStop(stays)) };
  const counted = untouched.reduce((current, member) => withAttempt(current, stopKey(situation, member)), ledger);
  return { decision: lift(situation, counted, untouched) };
}

function doesNotStop({ name }: MemberStanding): Ending {
  return {
    kind: 'stop',
    because: reason(
      'es.member-does-not-stop',
      name,
      `${name} still runs as the old process, however often it is stopped.`,
      'See the failed attempts above for the cause, mend it, then resume the upgrade.',
    ),
  };
}

function judgeAgain(situation: Situation, seen: SeenElasticsearch, wave: readonly MemberStanding[]) {
  const { awarenessAttribute } = situation.cluster.spec;
  return judge({ wave, members: situation.members, seen, awarenessAttribute });
}

/** The identities are those seen now: a process that was replaced in between is refused by the host. */
export function lift(situation: Situation, ledger: Ledger, wave: readonly MemberStanding[]): Decision {
  const names = wave.map((member) => member.name);
  const identities = wave.map(identityOf);
  const others = ledger.inHand.filter((identity) => !names.includes(identity.name));
  return act(
    withoutSince({ ...ledger, inHand: [...others, ...identities] }, ...names.map((name) => `joining ${name}`)),
    'lift-member',
    identities,
    `Stops ${names.join(', ')} and starts ${names.length === 1 ? 'it' : 'them'} at ${showRelease(situation.hop.to)}.`,
    releaseParameters(situation),
  );
}

function stepStopped(situation: Situation, stopped: readonly MemberStanding[]): Decision {
  const { ledger, hop } = situation;
  const givenUp = stopped.find(
    (member) => hasRefused(situation, member) || attemptsOf(ledger, startKey(situation, member)) >= limits.startsInAll,
  );
  if (givenUp !== undefined) {
    const { process } = givenUp.seenMember;
    return leave(situation, ledger, {
      kind: 'stop',
      because: reason(
        'es.member-does-not-start',
        givenUp.name,
        `${givenUp.name} does not start at ${showRelease(hop.to)}.`,
        'Mend what its last lines name, then resume the upgrade.',
        process.state === 'stopped' ? process.lastLines : [],
      ),
    });
  }
  const names = stopped.map((member) => member.name);
  const counted = stopped.reduce((current, member) => withAttempt(current, startKey(situation, member)), ledger);
  return act(
    withoutSince(counted, ...names.map((name) => `joining ${name}`)),
    'start-member',
    stopped.map(identityOf),
    `Starts ${names.join(', ')} at ${showRelease(hop.to)}.`,
    releaseParameters(situation),
  );
}

/** It was launched at the new release and went down again, as often as that is tried. A start that was cut off before the launch does not count. */
function hasRefused(situation: Situation, member: MemberStanding): boolean {
  const { process } = member.seenMember;
  const launched = process.state === 'stopped' && process.release !== null && sameRelease(process.release, situation.hop.to);
  return launched && attemptsOf(situation.ledger, startKey(situation, member)) >= limits.startAttempts - 1;
}

function stepJoining(situation: Situation, away: readonly MemberStanding[], first: MemberStanding): Decision {
  const wrong = away.find((member) => member.joined && !member.lifted);
  if (wrong !== undefined) return stepWrongRelease(situation, wrong);
  const unknown = away.find((member) => member.seenMember.process.state === 'unknown');
  const waiting = away.reduce(
    (current, member) => withSince(current, `joining ${member.name}`, situation.input.now),
    situation.ledger,
  );
  const names = away.map((member) => member.name).join(', ');
  if (lasted(waiting, `joining ${first.name}`, situation.nowMs) > limits.joinTimeoutMs) {
    return leave(situation, waiting, {
      kind: 'stop',
      because: reason(
        'es.member-does-not-join',
        first.name,
        `${first.name} runs but has not joined the cluster within ${limits.joinTimeoutMs / 60_000} minutes.`,
        'Look at its log for what keeps it out, mend it, then resume the upgrade.',
      ),
    });
  }
  if (unknown !== undefined && unknown.seenMember.process.state === 'unknown') {
    return wait(
      waiting,
      reason(
        'es.member-process-unknown',
        unknown.name,
        `It is not known whether ${unknown.name} runs: ${unknown.seenMember.process.because}.`,
        'Its host answering again.',
      ),
    );
  }
  return wait(
    waiting,
    reason(
      'es.member-joining',
      names,
      `${names} started at ${showRelease(situation.hop.to)} and not joined yet.`,
      `${names} seen by the others with a new ephemeral id.`,
    ),
  );
}

/** It came back, but as something else: installed again once, then a person is asked. */
function stepWrongRelease(situation: Situation, member: MemberStanding): Decision {
  const { ledger, hop } = situation;
  const running = member.seenMember.running;
  const shown = running === null ? 'an unknown release' : showRelease(running);
  const key = `replace ${member.name} ${hop.to.version}`;
  if (attemptsOf(ledger, key) >= 1) {
    return leave(situation, ledger, {
      kind: 'stop',
      because: reason(
        'es.member-runs-another-release',
        member.name,
        `${member.name} came back as ${shown} instead of ${showRelease(hop.to)}.`,
        'See what starts it and with which settings, then resume the upgrade.',
      ),
    });
  }
  const held = heldFromReplacing(situation, member);
  return held ?? lift(situation, withAttempt(withoutSince(ledger, replacing(member)), key), [member]);
}

/** It may hold the only copy of something by now: the guards are asked as for any other member. Null: it may be taken. */
function heldFromReplacing(situation: Situation, member: MemberStanding): Decision | null {
  const { ledger, seen } = situation;
  if (seen === null) return wait(ledger, unreachableReason(situation));
  const verdict = judgeAgain(situation, seen, [member]);
  if (verdict.may) return null;
  // What holds it back may be a member that fell over meanwhile.
  const stray = startStray(situation, ledger);
  if (stray !== null) return stray;
  const frozen = stillFrozen(ledger, seen).filter(isAllocationKey);
  if (frozen.length > 0) return thaw(ledger, frozen, `${member.name} may not be taken again now (${verdict.because.says})`);
  const waiting = withSince(ledger, replacing(member), situation.input.now);
  if (lasted(waiting, replacing(member), situation.nowMs) < limits.guardPatienceMs) return wait(waiting, verdict.because);
  return leave(situation, withoutSince(waiting, replacing(member)), { kind: 'stop', because: verdict.because });
}

function replacing({ name }: MemberStanding): string {
  return `replacing ${name}`;
}

/** All are back. Clients may use them again, and they are out of hand. */
function stepBack(situation: Situation, taken: readonly MemberStanding[]): InHandResult {
  const { ledger } = situation;
  const hook = postStart(ledger, taken);
  if (hook !== null)
    return { decision: 'decision' in hook ? hook.decision : leave(situation, ledger, postStartFails(hook.failing)) };
  const names = taken.map((member) => member.name);
  const forgotten = forgetHookAttempts(forgetHooks({ ...ledger, inHand: [] }, names), names);
  return { ledger: withoutSince(forgotten, ...names.map((name) => `joining ${name}`)) };
}

function postStartFails({ name }: MemberStanding): Ending {
  return {
    kind: 'stop',
    because: reason(
      'es.post-start-hook-fails',
      name,
      `The post-start hook of ${name} fails: clients may still be kept from it.`,
      'Mend the hook, then resume the upgrade.',
    ),
  };
}

function stopKey(situation: Situation, member: MemberStanding): string {
  return `stop ${member.name} ${situation.hop.to.version}`;
}

function startKey(situation: Situation, member: MemberStanding): string {
  return `start ${member.name} ${situation.hop.to.version}`;
}

export function releaseParameters(situation: Situation): Readonly<Record<string, string | null>> {
  return { version: situation.hop.to.version, build: situation.hop.to.build };
}

export function unreachableReason(situation: Situation) {
  const { cluster } = situation.input.observation;
  return reason(
    'es.cluster-unreachable',
    'cluster',
    cluster.kind === 'unreachable' ? cluster.because : 'The cluster does not answer.',
    'A majority of its nodes answering again.',
  );
}
