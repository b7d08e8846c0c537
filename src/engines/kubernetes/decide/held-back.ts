import { type Ledger, lasted, type WaitReason, withoutSince, withSince } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { wait } from './decision.ts';
import { leave } from './leave.ts';
import type { Outcome } from './outcome.ts';
import type { MemberStanding, Situation } from './situation.ts';

/** A guard says no: waited for, then a person is asked with that guard's own reason. */
export function heldBack(situation: Situation, ledger: Ledger, because: WaitReason): Outcome {
  const waiting = withSince(ledger, 'guard', situation.input.now);
  if (lasted(waiting, 'guard', situation.nowMs) < limits.guardPatienceMs) return { decision: wait(waiting, because) };
  return { decision: leave(situation, withoutSince(waiting, 'guard'), { kind: 'stop', because }) };
}

/** It is not known whether the process of a member runs: waited for, then a person is asked. */
export function waitForProcess(situation: Situation, ledger: Ledger, { name }: MemberStanding, because: WaitReason): Outcome {
  const key = `process of ${name}`;
  const waiting = withSince(ledger, key, situation.input.now);
  if (lasted(waiting, key, situation.nowMs) < limits.processPatienceMs) return { decision: wait(waiting, because) };
  return { decision: leave(situation, withoutSince(waiting, key), { kind: 'stop', because }) };
}
