import type { Upgrade, UpgradeAction, UpgradeEvent } from '../../../domain/index.ts';
import { findingWire } from './plan.ts';

/** What is shown of an upgrade beside its row: hops are the plan's to say, actions control's. */
export interface Beside {
  readonly hops: number | null;
  readonly actions: readonly UpgradeAction[];
}

/** An upgrade without what only the loop needs of its ledger. */
export function upgradeWire(upgrade: Upgrade, { hops, actions }: Beside) {
  return {
    id: upgrade.id,
    clusterId: upgrade.clusterId,
    planId: upgrade.planId,
    from: upgrade.from,
    to: upgrade.to,
    status: upgrade.status,
    intent: upgrade.intent,
    generation: upgrade.generation,
    reason: reasonWire(upgrade.reason),
    hop: upgrade.ledger.hop,
    hops,
    inHand: upgrade.ledger.inHand.map((member) => member.name),
    recorded: upgrade.recorded.map(findingWire),
    acknowledged: upgrade.acknowledged,
    startedBy: upgrade.startedBy,
    createdAt: upgrade.createdAt,
    updatedAt: upgrade.updatedAt,
    endedAt: upgrade.endedAt,
    actions: actions.map(({ action, possible, reason }) => ({ action, possible, reason })),
  };
}

export type UpgradeWire = ReturnType<typeof upgradeWire>;

export function eventWire(event: UpgradeEvent) {
  const { seq, upgradeId, at, kind, generation, move, members, says, reason, actor } = event;
  return { seq, upgradeId, at, kind, generation, move, members, says, reason: reasonWire(reason), actor };
}

export function reasonWire(reason: Upgrade['reason']) {
  if (reason === null) return null;
  const { code, subject, says, clearedBy, evidence } = reason;
  return { code, subject, says, clearedBy, ...(evidence === undefined ? {} : { evidence }) };
}
