import type { Ledger, MemberIdentity } from './ledger.ts';
import type { OperatorReason, WaitReason } from './reason.ts';

/** What the owner wants of an upgrade now. */
export type Intent = 'go' | 'pause' | 'cancel';

/** The next small action. */
export type Move =
  | {
      readonly do: 'act';
      readonly move: string;
      readonly on: readonly MemberIdentity[];
      readonly parameters: Readonly<Record<string, string | null>>;
      readonly why: string;
      /** Go into the ledger once the act is done; of an act that was cut off nothing is known. */
      readonly marksWhenDone?: readonly string[];
    }
  | { readonly do: 'wait'; readonly for: WaitReason; readonly lookAgainAfterMs: number }
  /** A person is needed. What could be left clean is clean by now. */
  | { readonly do: 'stop'; readonly because: OperatorReason }
  /** A person may say go on; nothing is wrong. */
  | { readonly do: 'gate'; readonly because: OperatorReason }
  | { readonly do: 'done'; readonly as: 'done' | 'paused' | 'cancelled'; readonly says: string }
  /** It could not go on and went back by itself: everything runs as before. */
  | { readonly do: 'returned'; readonly because: OperatorReason };

/** A move and the ledger that goes with it; the ledger is written before the move is made. */
export interface Decision {
  readonly move: Move;
  readonly ledger: Ledger;
  /** Worth telling beside the move: warnings such as a permanently yellow cluster. */
  readonly remarks: readonly string[];
}
