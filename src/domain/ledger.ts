import type { ProcessIdentity } from './host.ts';
import type { OperatorReason } from './reason.ts';
import type { Instant } from './release.ts';

/** Who exactly a move was decided for. A move is refused when the identity is no longer there. */
export interface MemberIdentity {
  readonly name: string;
  readonly nodeId: string | null;
  readonly ephemeralId: string | null;
  readonly process: ProcessIdentity | null;
}

/** The little that cannot be observed. Written in the same stroke as the intent, before anything is touched. */
export interface Ledger {
  /** The generation that attempts and timers belong to. */
  readonly generation: number;
  /** Hop of the route in hand. */
  readonly hop: number;
  /** Members taken and not yet settled again; identity as it was before the stop. */
  readonly inHand: readonly MemberIdentity[];
  /** How often something was tried: `start node-1 6.7.0` -> 2. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Since when something has been so: `joining node-1`, `settled`. */
  readonly since: Readonly<Record<string, Instant>>;
  /**
   * The owner's own values of settings that we change, written down before they are changed; null means that the owner
   * had none. Keys are `persistent:cluster.routing.allocation.enable` and the like. Empty when nothing of ours is set.
   */
  readonly ownerSettings: Readonly<Record<string, string | null>>;
  /** Hops whose gate a person has passed. */
  readonly gatesPassed: readonly number[];
  /** Done moves that need no second time and leave no trace to observe: `pre-stopped node-1`, `wave-back`. */
  readonly marks: readonly string[];
  /** Why it does not simply go on. Absent: it does. */
  readonly endings?: Endings;
}

export interface Endings {
  /** For this a person is asked as soon as what can be left clean is clean. */
  readonly stopping?: OperatorReason;
  /** Hops of the route that are walked back, and why. */
  readonly goingBack?: Readonly<Record<number, OperatorReason>>;
}

export const emptyLedger: Ledger = {
  generation: 0,
  hop: 0,
  inHand: [],
  attempts: {},
  since: {},
  ownerSettings: {},
  gatesPassed: [],
  marks: [],
};
