import type { Decision, Ledger } from '../../../domain/index.ts';

/**
 * What one part of decide came to: the next move; or nothing to do there, with the ledger to go on with; or a turn in the
 * course (it is walked back from now on), after which everything is judged again.
 */
export type Outcome = { readonly decision: Decision } | { readonly ledger: Ledger } | { readonly again: Ledger };

export function isLedger(outcome: Outcome): outcome is { readonly ledger: Ledger } {
  return 'ledger' in outcome;
}
