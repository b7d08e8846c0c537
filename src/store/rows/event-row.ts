import type { Insertable, Selectable } from 'kysely';
import type { NewEvent, Reason, UpgradeEvent, UpgradeEventKind } from '../../domain/index.ts';
import { toJson, toJsonOrNull } from '../json.ts';
import type { Tables } from '../tables.ts';
import { instant } from './moment.ts';

export function eventToRow(
  event: NewEvent,
  upgradeId: string,
  generation: number,
  seq: number,
): Insertable<Tables['upgrade_events']> {
  return {
    upgrade_id: upgradeId,
    seq,
    at: event.at,
    kind: event.kind,
    generation,
    move: event.move,
    members: toJson(event.members),
    says: event.says,
    reason: toJsonOrNull(event.reason),
    actor: event.actor,
  };
}

export function eventFromRow(row: Selectable<Tables['upgrade_events']>): UpgradeEvent {
  return {
    seq: row.seq,
    upgradeId: row.upgrade_id,
    at: instant(row.at),
    kind: row.kind as UpgradeEventKind,
    generation: row.generation,
    move: row.move,
    members: row.members as readonly string[],
    says: row.says,
    reason: row.reason as Reason | null,
    actor: row.actor,
  };
}
