import type { Finding } from './check.ts';
import type { Ledger } from './ledger.ts';
import type { Intent } from './move.ts';
import type { Reason } from './reason.ts';
import type { Instant, Release } from './release.ts';

/**
 * `running` has a workflow; `paused`, `stopped` and `gated` have none and are still unfinished; `done`, `cancelled` and
 * `returned` (it could not go on and went back by itself) are the end.
 */
export type UpgradeStatus = 'running' | 'paused' | 'stopped' | 'gated' | 'done' | 'cancelled' | 'returned';

export const unfinishedStatuses = ['running', 'paused', 'stopped', 'gated'] as const satisfies readonly UpgradeStatus[];

export function isUnfinished(status: UpgradeStatus): boolean {
  return (unfinishedStatuses as readonly UpgradeStatus[]).includes(status);
}

/** The durable record of lifting one cluster. */
export interface Upgrade {
  /** UUID. */
  readonly id: string;
  readonly clusterId: string;
  readonly planId: string;
  readonly from: Release;
  readonly to: Release;
  readonly status: UpgradeStatus;
  readonly intent: Intent;
  readonly generation: number;
  /** What it waits for, while running; why it stopped or paused, when it has. */
  readonly reason: Reason | null;
  readonly ledger: Ledger;
  /** Policy findings that did not hold the start, recorded. */
  readonly recorded: readonly Finding[];
  readonly acknowledged: readonly string[];
  readonly startedBy: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly endedAt: Instant | null;
}

export type UpgradeEventKind =
  | 'started'
  | 'acting'
  | 'acted'
  | 'refused'
  | 'failed'
  | 'waiting'
  | 'stopped'
  | 'gated'
  | 'paused'
  | 'resumed'
  | 'cancelled'
  | 'done'
  | 'returned'
  | 'asked'
  | 'remark';

/** What happened, in order, for the API, the CLI and the console. */
export interface UpgradeEvent {
  readonly seq: number;
  readonly upgradeId: string;
  readonly at: Instant;
  readonly kind: UpgradeEventKind;
  readonly generation: number;
  /** Name of the move, for acting, acted, refused, failed. */
  readonly move: string | null;
  readonly members: readonly string[];
  readonly says: string;
  readonly reason: Reason | null;
  /** The access key that asked, for `started`, `asked`, `resumed`; null when the loop itself did it. */
  readonly actor: string | null;
}

export type OwnersWish = 'pause' | 'resume' | 'cancel' | 'continue';

export type WishResult =
  | { readonly kind: 'accepted'; readonly intent: Intent; readonly nextGeneration: boolean; readonly passGate: boolean }
  | { readonly kind: 'already'; readonly says: string }
  | { readonly kind: 'not-now'; readonly says: string };

/** Whether a person may do something with an upgrade now. `roll-back` is a plan of the way back. */
export interface UpgradeAction {
  readonly action: OwnersWish | 'roll-back';
  readonly possible: boolean;
  /** Why not; null where it is possible. */
  readonly reason: string | null;
}

/** The one place that says which wish is legal in which status. */
export function wishOn(status: UpgradeStatus, intent: Intent, wish: OwnersWish): WishResult {
  if (!isUnfinished(status)) return { kind: 'not-now', says: `The upgrade has ended (${status}).` };
  const restart = status !== 'running';
  switch (wish) {
    case 'pause':
      if (status === 'paused' || (status === 'running' && intent === 'pause'))
        return { kind: 'already', says: 'The upgrade is paused or about to be.' };
      if (intent === 'cancel') return { kind: 'not-now', says: 'The upgrade is being cancelled.' };
      if (status !== 'running') return { kind: 'not-now', says: `Nothing runs that could be paused: the upgrade is ${status}.` };
      return { kind: 'accepted', intent: 'pause', nextGeneration: false, passGate: false };
    case 'resume':
      if (status === 'running' && intent === 'go') return { kind: 'already', says: 'The upgrade is running.' };
      if (intent === 'cancel' && status === 'running') return { kind: 'not-now', says: 'The upgrade is being cancelled.' };
      if (status === 'gated') return { kind: 'not-now', says: 'The upgrade waits at a gate: continue it.' };
      // What stopped while it was being cancelled goes on being cancelled.
      return { kind: 'accepted', intent: intent === 'cancel' ? 'cancel' : 'go', nextGeneration: restart, passGate: false };
    case 'continue':
      if (status !== 'gated') return { kind: 'not-now', says: 'The upgrade does not wait at a gate.' };
      return { kind: 'accepted', intent: 'go', nextGeneration: true, passGate: true };
    case 'cancel':
      if (intent === 'cancel' && status === 'running') return { kind: 'already', says: 'The upgrade is being cancelled.' };
      return { kind: 'accepted', intent: 'cancel', nextGeneration: restart, passGate: false };
  }
}
