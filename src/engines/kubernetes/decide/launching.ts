import {
  attemptsOf,
  type Decision,
  type Ledger,
  reason,
  releaseKey,
  sameRelease,
  showRelease,
  withAttempt,
  withoutSince,
} from '../../../domain/index.ts';
import type { Aim } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { act } from './decision.ts';
import { identityOf, type MemberStanding, type Situation } from './situation.ts';

/** `1.36 (eks.3)`, or `1.36 (eks.3) behaving as 1.35`. */
export function showAim({ release, emulate }: Aim): string {
  return emulate === null ? showRelease(release) : `${showRelease(release)} behaving as ${emulate}`;
}

function aimKey({ release, emulate }: Aim): string {
  return emulate === null ? releaseKey(release) : `${releaseKey(release)} as ${emulate}`;
}

/** Since when it has been told to end, without anybody waiting for it. */
export function toldToEnd({ name }: Pick<MemberStanding, 'name'>): string {
  return `told to end ${name}`;
}

/** How often a member was started as something, in an act of any name. */
export function startKey({ name }: Pick<MemberStanding, 'name'>, aim: Aim): string {
  return `start ${name} ${aimKey(aim)}`;
}

export function replaceKey({ name }: Pick<MemberStanding, 'name'>, aim: Aim): string {
  return `replace ${name} ${aimKey(aim)}`;
}

export function aimParameters({ release, emulate }: Aim) {
  return { version: release.version, build: release.build, emulate };
}

function started(ledger: Ledger, member: MemberStanding, aim: Aim): Ledger {
  return withoutSince(
    withAttempt(ledger, startKey(member, aim)),
    `getting ready ${member.name}`,
    `steady ${member.name}`,
    toldToEnd(member),
    'guard',
  );
}

/** Stops it and starts it as aimed; it is in hand from now on, as the process that is seen now. */
export function replace(ledger: Ledger, member: MemberStanding, aim: Aim): Decision {
  const others = ledger.inHand.filter((identity) => identity.name !== member.name);
  const counted = withAttempt(started(ledger, member, aim), replaceKey(member, aim));
  return act(
    { ...counted, inHand: [...others, identityOf(member)] },
    'replace-member',
    [identityOf(member)],
    aimParameters(aim),
    `Stops ${member.name} and starts it at ${showAim(aim)}.`,
  );
}

export function start(ledger: Ledger, member: MemberStanding, aim: Aim): Decision {
  return act(
    started(ledger, member, aim),
    'start-member',
    [identityOf(member)],
    aimParameters(aim),
    `Starts ${member.name} at ${showAim(aim)}.`,
  );
}

export function startBeside(ledger: Ledger, surge: MemberStanding, aim: Aim): Decision {
  return act(
    started(ledger, surge, aim),
    'start-surge',
    [identityOf(surge)],
    aimParameters(aim),
    `Starts ${surge.name} at ${showAim(aim)} beside the others.`,
  );
}

/**
 * It was launched as aimed and ended again, as often as that is tried. A start that was cut off before the launch is none:
 * where the launch before was of the same program, what its host recorded may be that one.
 */
export function hasRefused({ hop }: Pick<Situation, 'hop'>, ledger: Ledger, member: MemberStanding, aim: Aim): boolean {
  const { process } = member.seenMember;
  const tried = attemptsOf(ledger, startKey(member, aim));
  if (tried >= limits.startsInAll) return true;
  const launched = process.state === 'stopped' && process.release !== null && sameRelease(process.release, aim.release);
  const mayBeTheOneBefore = sameRelease(aim.release, hop.from) || ranTheProgram(ledger, member, aim);
  return launched && !mayBeTheOneBefore && tried >= limits.startAttempts;
}

/** The same program was started for it behaving as something else. */
function ranTheProgram(ledger: Ledger, member: MemberStanding, aim: Aim): boolean {
  const own = startKey(member, { ...aim, emulate: null });
  const keys = Object.keys(ledger.attempts).filter((key) => key === own || key.startsWith(`${own} as `));
  return keys.some((key) => key !== startKey(member, aim));
}

export function doesNotStart(member: MemberStanding, aim: Aim) {
  const { process } = member.seenMember;
  return reason(
    'k8s.member-does-not-start',
    member.name,
    `${member.name} does not start at ${showAim(aim)}.`,
    'Mend what its last lines name, then lift the cluster again.',
    process.state === 'stopped' ? process.lastLines : [],
  );
}

export function doesNotGetReady(member: MemberStanding, aim: Aim) {
  const notReady = member.apiserver?.notReady ?? [];
  return reason(
    'k8s.member-does-not-get-ready',
    member.name,
    `${member.name} runs at ${showAim(aim)} and has not become ready within ${limits.readyTimeoutMs / 60_000} minutes.`,
    'Look at its log for what keeps it, mend that, then lift the cluster again.',
    notReady.map((name) => `readyz: ${name} failed`),
  );
}

/** What is waited for after a start. */
export function gettingReady(member: MemberStanding, aim: Aim) {
  const notReady = member.apiserver?.notReady ?? [];
  const open = notReady.length === 0 ? '' : ` (${notReady.join(', ')})`;
  return reason(
    'k8s.member-getting-ready',
    member.name,
    `${member.name} started at ${showAim(aim)} and is not ready yet${open}.`,
    `${member.name} ready, usually within ten seconds.`,
  );
}

export function staysReady(member: MemberStanding) {
  return reason(
    'k8s.member-steady',
    member.name,
    `${member.name} is ready, and is to stay so for ${limits.steadyMs} ms.`,
    'It passes.',
  );
}
