import type { Upgrade, UpgradeEvent } from '../../../domain/index.ts';
import { findingWire } from './plan.ts';

/** An upgrade without what only the loop needs of its ledger. How many hops there are is the plan's to say. */
export function upgradeWire(upgrade: Upgrade, hops: number | null) {
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
