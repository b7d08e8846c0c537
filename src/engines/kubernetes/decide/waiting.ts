import { type Ledger, lasted, type Reason, reason, withoutSince, withSince } from '../../../domain/index.ts';
import { type Aim, isController } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { wait } from './decision.ts';
import { gettingReady, staysReady } from './launching.ts';
import type { Outcome } from './outcome.ts';
import type { MemberStanding, Situation } from './situation.ts';

/** What a started member is waited for comes to: not yet, steady, or too long. */
export type Readiness =
  | { readonly kind: 'waits'; readonly outcome: Outcome }
  | { readonly kind: 'steady' | 'too-long'; readonly ledger: Ledger };

/** A started member counts when it has stayed ready for a moment; one that flaps begins anew. */
export function readiness(situation: Situation, ledger: Ledger, member: MemberStanding, aim: Aim): Readiness {
  const { now } = situation.input;
  const ready = `getting ready ${member.name}`;
  const steady = `steady ${member.name}`;
  if (member.ready) {
    const waiting = withSince(ledger, steady, now);
    const leftMs = steadyMs(member) - lasted(waiting, steady, situation.nowMs);
    if (leftMs <= 0) return { kind: 'steady', ledger: withoutSince(waiting, ready) };
    const lookAgainMs = Math.min(leftMs, limits.lookAgainInHandMs);
    return { kind: 'waits', outcome: { decision: wait(waiting, staysReady(member), lookAgainMs) } };
  }
  const waiting = withSince(withoutSince(ledger, steady), ready, now);
  if (lasted(waiting, ready, situation.nowMs) > limits.readyTimeoutMs)
    return { kind: 'too-long', ledger: withoutSince(waiting, ready) };
  return { kind: 'waits', outcome: { decision: wait(waiting, gettingReady(member, aim), limits.lookAgainInHandMs) } };
}

/** Nobody sends requests to a controller, and a guard asks whether another leads before the next one goes. */
function steadyMs(member: MemberStanding): number {
  return isController(member) ? 0 : limits.steadyMs;
}

/** Not known whether its process runs: null where that is known. */
export function processNotKnown(member: MemberStanding): Reason | null {
  const { process } = member.seenMember;
  if (process.state === 'unknown')
    return reason(
      'k8s.member-process-unknown',
      member.name,
      `It is not known whether ${member.name} runs: ${process.because}.`,
      'Its host answering again.',
    );
  if (process.state !== 'launching') return null;
  return reason(
    'k8s.member-launching',
    member.name,
    `A start of ${member.name} is recorded and its process is not known yet.`,
    'It is known within seconds.',
  );
}

/** It answers, and its host has no process of it that could be stopped. */
export function processIsAnothers({ name }: MemberStanding): Reason {
  return reason(
    'k8s.member-process-not-known',
    name,
    `${name} answers and cannot be stopped: its host did not start it.`,
    `See that ${name} runs on the host that is declared for it, or stop it so that it is started from here; then resume the upgrade.`,
  );
}
