import type { Decision, Ledger, MemberIdentity, OperatorReason, WaitReason } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import type { Situation } from './situation.ts';

export function act(
  ledger: Ledger,
  move: string,
  on: readonly MemberIdentity[],
  why: string,
  parameters: Readonly<Record<string, string | null>> = {},
  remarks: readonly string[] = [],
  marksWhenDone: readonly string[] = [],
): Decision {
  const marks = marksWhenDone.length === 0 ? {} : { marksWhenDone };
  return { move: { do: 'act', move, on, parameters, why, ...marks }, ledger, remarks };
}

export function wait(
  ledger: Ledger,
  reason: WaitReason,
  lookAgainAfterMs: number = limits.lookAgainMs,
  remarks: readonly string[] = [],
): Decision {
  return { move: { do: 'wait', for: reason, lookAgainAfterMs }, ledger, remarks };
}

export function stop(ledger: Ledger, because: OperatorReason, remarks: readonly string[] = []): Decision {
  return { move: { do: 'stop', because }, ledger, remarks };
}

export function reason(
  code: string,
  subject: string,
  says: string,
  clearedBy: string,
  evidence: readonly string[] = [],
): WaitReason {
  return evidence.length === 0 ? { code, subject, says, clearedBy } : { code, subject, says, clearedBy, evidence };
}

export function attemptsOf(ledger: Ledger, key: string): number {
  return ledger.attempts[key] ?? 0;
}

export function withAttempt(ledger: Ledger, key: string): Ledger {
  return { ...ledger, attempts: { ...ledger.attempts, [key]: attemptsOf(ledger, key) + 1 } };
}

/** Notes since when something is so, once. */
export function withSince(ledger: Ledger, key: string, now: string): Ledger {
  return ledger.since[key] === undefined ? { ...ledger, since: { ...ledger.since, [key]: now } } : ledger;
}

export function withoutSince(ledger: Ledger, ...keys: readonly string[]): Ledger {
  if (keys.every((key) => ledger.since[key] === undefined)) return ledger;
  return { ...ledger, since: Object.fromEntries(Object.entries(ledger.since).filter(([key]) => !keys.includes(key))) };
}

/** Milliseconds since it was first noted; 0 when it was not. */
export function lasted(situation: Situation, ledger: Ledger, key: string): number {
  const since = ledger.since[key];
  return since === undefined ? 0 : situation.nowMs - Date.parse(since);
}

export function withMark(ledger: Ledger, mark: string): Ledger {
  return ledger.marks.includes(mark) ? ledger : { ...ledger, marks: [...ledger.marks, mark] };
}

export function withoutAttempts(ledger: Ledger, key: string): Ledger {
  return { ...ledger, attempts: Object.fromEntries(Object.entries(ledger.attempts).filter(([name]) => name !== key)) };
}
