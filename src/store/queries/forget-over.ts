import { type RawBuilder, sql } from 'kysely';
import { type Forgotten, type Instant, lastEventsKept, type Retention, unfinishedStatuses } from '../../domain/index.ts';
import { type Db, table } from '../db.ts';

/** Rows that go in one statement: it must not hold up whoever writes. What is left goes the next time. */
const rowsAtOnce = 20_000;

/** Each statement stands for itself: cut off in between, the rest goes the next time. */
export async function forgetOver(db: Db, retention: Retention, now: Instant): Promise<Forgotten> {
  const upgrades = await forgetUpgrades(db, retention, now);
  const events = (await forgetEventsOfEnded(db, retention, now)) + (await forgetEventsBeyond(db, retention));
  const faceRecords = await forgetFaceRecords(db, retention, now);
  return { upgrades, events, faceRecords, auditEntries: await forgetAudit(db, retention, now) };
}

/** The newest stay: they are shown, and the next one's generation must be above theirs. Plans go with `forgetExpired`. */
async function forgetUpgrades(db: Db, { upgradesPerCluster, upgradesKeptMs }: Retention, now: Instant): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${table('upgrades')} where id in (
      select id from (
        select id, status, ended_at, row_number() over (partition by cluster_id order by position desc) as place
        from ${table('upgrades')}
      ) as placed
      where place > ${upgradesPerCluster} and ended_at < ${before(now, upgradesKeptMs)}
        and status not in (${sql.join(unfinishedStatuses)})
      limit ${rowsAtOnce}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

async function forgetEventsOfEnded(db: Db, { eventsKeptMs }: Retention, now: Instant): Promise<number> {
  return forgetEvents(
    db,
    sql`upgrades.ended_at < ${before(now, eventsKeptMs)} and upgrades.status not in (${sql.join(unfinishedStatuses)})`,
    lastEventsKept,
  );
}

async function forgetEventsBeyond(db: Db, { eventsPerUpgrade }: Retention): Promise<number> {
  return forgetEvents(db, sql`upgrades.last_seq > ${eventsPerUpgrade}`, eventsPerUpgrade);
}

/** The first event tells who began it: it stays. */
async function forgetEvents(db: Db, ofUpgrades: RawBuilder<unknown>, kept: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${table('upgrade_events')} where (upgrade_id, seq) in (
      select upgrade_events.upgrade_id, upgrade_events.seq
      from ${table('upgrades')} join ${table('upgrade_events')} on upgrade_events.upgrade_id = upgrades.id
      where ${ofUpgrades} and upgrade_events.seq > 1 and upgrade_events.seq <= upgrades.last_seq - ${kept}::integer
      limit ${rowsAtOnce}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

async function forgetFaceRecords(db: Db, { upgradesPerCluster, upgradesKeptMs }: Retention, now: Instant): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${table('face_records')} where (cluster_id, face, kind, id) in (
      select cluster_id, face, kind, id from (
        select cluster_id, face, kind, id, created_at,
          row_number() over (partition by cluster_id, face, kind order by created_at desc, id) as place
        from ${table('face_records')}
      ) as placed
      where place > ${upgradesPerCluster} and created_at < ${before(now, upgradesKeptMs)}
      limit ${rowsAtOnce}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

async function forgetAudit(db: Db, { auditKeptMs }: Retention, now: Instant): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${table('audit_entries')} where seq in (
      select seq from ${table('audit_entries')} where at < ${before(now, auditKeptMs)} order by at limit ${rowsAtOnce}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

function before(now: Instant, keptMs: number): Date {
  return new Date(Date.parse(now) - keptMs);
}
