import type { AuditEntry, NumberedEntry } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { instant } from '../rows/moment.ts';

export async function insertAuditEntry(db: Db, entry: AuditEntry): Promise<void> {
  const { keyId: key_id, isSession: is_session, requestId: request_id, ...same } = entry;
  await db
    .insertInto('audit_entries')
    .values({ ...same, key_id, is_session, request_id })
    .execute();
}

/** Newest first; those with a lower seq than `before`. */
export async function listAudit(
  db: Db,
  account: string,
  limit: number,
  before: number | null,
): Promise<readonly NumberedEntry[]> {
  const ofAccount = db.selectFrom('audit_entries').selectAll().where('account', '=', account);
  const rows = await (before === null ? ofAccount : ofAccount.where('seq', '<', String(before)))
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ seq, at, key_id: keyId, is_session: isSession, request_id: requestId, ...same }) => ({
    ...same,
    seq: Number(seq),
    at: instant(at),
    keyId,
    isSession,
    requestId,
  }));
}
