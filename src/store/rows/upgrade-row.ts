import type { Insertable, Selectable } from 'kysely';
import type { Finding, Intent, Ledger, Reason, Release, Upgrade, UpgradeStatus } from '../../domain/index.ts';
import { toJson, toJsonOrNull } from '../json.ts';
import type { Tables } from '../tables.ts';
import { instant, instantOrNull } from './moment.ts';

export function upgradeToRow(upgrade: Upgrade, lastSeq: number): Insertable<Tables['upgrades']> {
  return {
    id: upgrade.id,
    cluster_id: upgrade.clusterId,
    plan_id: upgrade.planId,
    from_release: toJson(upgrade.from),
    to_release: toJson(upgrade.to),
    status: upgrade.status,
    intent: upgrade.intent,
    generation: upgrade.generation,
    reason: toJsonOrNull(upgrade.reason),
    ledger: toJson(upgrade.ledger),
    recorded: toJson(upgrade.recorded),
    acknowledged: toJson(upgrade.acknowledged),
    started_by: upgrade.startedBy,
    created_at: upgrade.createdAt,
    updated_at: upgrade.updatedAt,
    ended_at: upgrade.endedAt,
    last_seq: lastSeq,
    revision: 1,
  };
}

export function upgradeFromRow(row: Selectable<Tables['upgrades']>): Upgrade {
  return {
    id: row.id,
    clusterId: row.cluster_id,
    planId: row.plan_id,
    from: row.from_release as Release,
    to: row.to_release as Release,
    status: row.status as UpgradeStatus,
    intent: row.intent as Intent,
    generation: row.generation,
    reason: row.reason as Reason | null,
    ledger: row.ledger as Ledger,
    recorded: row.recorded as readonly Finding[],
    acknowledged: row.acknowledged as readonly string[],
    startedBy: row.started_by,
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
    endedAt: instantOrNull(row.ended_at),
  };
}
