import type { Decision, Ledger, MemberIdentity, OperatorReason, Reason, WaitReason } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import type { ActName, Acts } from './acts.ts';

interface ActExtras {
  readonly remarks?: readonly string[];
  readonly marksWhenDone?: readonly string[];
}

/** An act of the list, with the parameters that its name asks for. */
export function act<N extends ActName>(
  ledger: Ledger,
  move: N,
  on: readonly MemberIdentity[],
  parameters: Acts[N],
  why: string,
  { remarks = [], marksWhenDone = [] }: ActExtras = {},
): Decision {
  const marks = marksWhenDone.length === 0 ? {} : { marksWhenDone };
  return {
    move: { do: 'act', move, on, parameters: { ...parameters } as Readonly<Record<string, string | null>>, why, ...marks },
    ledger,
    remarks,
  };
}

export function wait(ledger: Ledger, because: WaitReason, lookAgainAfterMs: number = limits.lookAgainMs): Decision {
  return { move: { do: 'wait', for: because, lookAgainAfterMs }, ledger, remarks: [] };
}

export function stop(ledger: Ledger, because: OperatorReason, remarks: readonly string[] = []): Decision {
  return { move: { do: 'stop', because }, ledger, remarks };
}

export function reason(code: string, subject: string, says: string, clearedBy: string, evidence: readonly string[] = []): Reason {
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
export function lasted(ledger: Ledger, key: string, nowMs: number): number {
  const since = ledger.since[key];
  return since === undefined ? 0 : nowMs - Date.parse(since);
}

export function withMark(ledger: Ledger, mark: string): Ledger {
  return ledger.marks.includes(mark) ? ledger : { ...ledger, marks: [...ledger.marks, mark] };
}

export function withoutMark(ledger: Ledger, mark: string): Ledger {
  return ledger.marks.includes(mark) ? { ...ledger, marks: ledger.marks.filter((other) => other !== mark) } : ledger;
}

export function withoutAttempts(ledger: Ledger, key: string): Ledger {
  if (ledger.attempts[key] === undefined) return ledger;
  return { ...ledger, attempts: Object.fromEntries(Object.entries(ledger.attempts).filter(([name]) => name !== key)) };
}

/** Nobody of that name is in hand any more, and what was timed for it is history. */
export function letGo(ledger: Ledger, name: string): Ledger {
  const inHand = ledger.inHand.filter((identity) => identity.name !== name);
  return withoutSince({ ...ledger, inHand }, `getting ready ${name}`, `steady ${name}`);
}
