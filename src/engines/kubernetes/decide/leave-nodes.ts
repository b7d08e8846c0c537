import type { Ledger } from '../../../domain/index.ts';
import type { LeaveStep } from './leave.ts';
import type { Situation } from './situation.ts';

/** Placeholder until node groups are lifted. */
export function leaveNodes(_situation: Situation, ledger: Ledger): LeaveStep {
  return { ledger, remarks: [] };
}
