import { sql } from 'kysely';
import type { NewEvent, TurnWrite } from '../../domain/index.ts';
import { type Db, table } from '../db.ts';
import { toJson, toJsonOrNull } from '../json.ts';
import { appendEvents } from './append-events.ts';
import { rememberRelease } from './refresh-release.ts';
import { notice, tellChanged } from './tell-changed.ts';

/** `writeId` is the same when the same turn is written again because its answer was lost. */
export async function writeTurn(db: Db, turn: TurnWrite, writeId: string): Promise<boolean> {
  return turn.release === undefined ? writeAlone(db, turn, writeId) : writeWithCluster(db, turn, writeId);
}

/** Most turns touch their upgrade alone: one statement instead of six, for there are thousands a minute. */
async function writeAlone(db: Db, turn: TurnWrite, writeId: string): Promise<boolean> {
  const { upgradeId, generation, expectedIntent, expectedRevision, events, at } = turn;
  const written = sql`
    update ${table('upgrades')} set
      ${sql.join([
        ...(turn.ledger === undefined ? [] : [sql`ledger = ${toJson(turn.ledger)}::json`]),
        ...(turn.status === undefined ? [] : [sql`status = ${turn.status}`]),
        ...(turn.reason === undefined ? [] : [sql`reason = ${toJsonOrNull(turn.reason)}::json`]),
        ...(turn.endedAt === undefined ? [] : [sql`ended_at = ${turn.endedAt}::timestamptz`]),
        sql`updated_at = ${at}::timestamptz`,
        sql`last_seq = last_seq + ${events.length}::integer`,
        sql`revision = revision + 1`,
        sql`turn_write = ${writeId}::uuid`,
      ])}
    where id = ${upgradeId} and generation = ${generation} and turn_write is distinct from ${writeId}::uuid
      ${expectedIntent === undefined ? sql`` : sql`and intent = ${expectedIntent}`}
      ${expectedRevision === undefined ? sql`` : sql`and revision = ${expectedRevision}`}
    returning id, generation, last_seq, revision`;
  const appended =
    events.length === 0
      ? sql``
      : sql`, appended as (
          insert into ${table('upgrade_events')} (upgrade_id, seq, at, kind, generation, move, members, says, reason, actor)
          select written.id, written.last_seq - ${events.length}::integer + event.place, event.at, event.kind,
            written.generation, event.move, event.members, event.says, event.reason, event.actor
          from written, (values ${sql.join(events.map(eventValues))})
            as event (place, at, kind, move, members, says, reason, actor)
        )`;
  const told = await sql`with written as (${written}) ${appended} select ${notice(sql`written`)} from written`.execute(db);
  if (told.rows.length > 0) return true;
  const row = await db.selectFrom('upgrades').select('turn_write').where('id', '=', upgradeId).executeTakeFirst();
  return row?.turn_write === writeId;
}

function eventValues(event: NewEvent, index: number) {
  const members = toJson(event.members);
  return sql`(${index + 1}::integer, ${event.at}::timestamptz, ${event.kind}::text, ${event.move}::text, ${members}::json,
    ${event.says}::text, ${toJsonOrNull(event.reason)}::json, ${event.actor}::text)`;
}

async function writeWithCluster(db: Db, turn: TurnWrite, writeId: string): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const clusterId = turn.release === undefined ? undefined : await lockCluster(transaction, turn.upgradeId);
    const before = await transaction
      .selectFrom('upgrades')
      .select(['generation', 'intent', 'last_seq', 'revision', 'turn_write'])
      .where('id', '=', turn.upgradeId)
      .forUpdate()
      .executeTakeFirst();
    if (before?.turn_write === writeId) return true;
    if (before?.generation !== turn.generation) return false;
    if (turn.expectedIntent !== undefined && before.intent !== turn.expectedIntent) return false;
    if (turn.expectedRevision !== undefined && Number(before.revision) !== turn.expectedRevision) return false;
    await transaction
      .updateTable('upgrades')
      .set((row) => ({
        ...(turn.ledger !== undefined && { ledger: toJson(turn.ledger) }),
        ...(turn.status !== undefined && { status: turn.status }),
        ...(turn.reason !== undefined && { reason: toJsonOrNull(turn.reason) }),
        ...(turn.endedAt !== undefined && { ended_at: turn.endedAt }),
        updated_at: turn.at,
        last_seq: before.last_seq + turn.events.length,
        revision: row('revision', '+', '1'),
        turn_write: writeId,
      }))
      .where('id', '=', turn.upgradeId)
      .execute();
    if (turn.release !== undefined && clusterId !== undefined)
      await rememberRelease(transaction, clusterId, turn.release, turn.at);
    await appendEvents(transaction, turn.upgradeId, turn.generation, before.last_seq, turn.events);
    await tellChanged(transaction, turn.upgradeId);
    return true;
  });
}

/** The cluster before its upgrade, as whoever deletes a cluster locks them: in another order two would wait for each other. */
async function lockCluster(transaction: Db, upgradeId: string): Promise<string | undefined> {
  const row = await transaction
    .selectFrom('clusters')
    .innerJoin('upgrades', 'upgrades.cluster_id', 'clusters.id')
    .select('clusters.id')
    .where('upgrades.id', '=', upgradeId)
    .forUpdate('clusters')
    .executeTakeFirst();
  return row?.id;
}
