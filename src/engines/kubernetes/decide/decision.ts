import {
  type Decision,
  type Ledger,
  type MemberIdentity,
  type OperatorReason,
  type WaitReason,
  withoutSince,
} from '../../../domain/index.ts';
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

/** Nobody of that name is in hand any more, and what was timed for it is history. */
export function letGo(ledger: Ledger, name: string): Ledger {
  const inHand = ledger.inHand.filter((identity) => identity.name !== name);
  return withoutSince({ ...ledger, inHand }, `getting ready ${name}`, `steady ${name}`);
}
