import type { Decision, Ledger, MemberIdentity, OperatorReason, WaitReason } from '../../../domain/index.ts';
import { limits } from '../limits.ts';

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
