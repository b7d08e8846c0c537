import { sql } from 'kysely';
import type { AwaitedKnown, Cluster, Instant, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

const isAwaited = sql<boolean>`provisioning->>'state' = 'awaited'`;
const until = sql<Date>`(provisioning->>'until')::timestamptz`;

/** One of several who come with the same code at once finds it awaited. `repeated`: its own answer may have been lost. */
export async function fulfilAwaited(
  db: Db,
  id: string,
  { description, spec, secrets }: AwaitedKnown,
  at: Instant,
  box: SecretBox,
  repeated: boolean,
): Promise<Cluster | undefined> {
  const row = await db
    .updateTable('clusters')
    .set({
      description,
      spec: toJson(spec),
      sealed_secrets: box.seal(JSON.stringify(secrets)),
      provisioning: toJson({ state: 'ready' }),
      updated_at: at,
    })
    .where('id', '=', id)
    .where(isAwaited)
    .where(until, '>', new Date(at))
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return clusterFromRow(row, box);
  if (!repeated) return undefined;
  const written = await db
    .selectFrom('clusters')
    .selectAll()
    .where('id', '=', id)
    .where('updated_at', '=', new Date(at))
    .where(sql<boolean>`provisioning->>'state' = 'ready'`)
    .executeTakeFirst();
  return written && clusterFromRow(written, box);
}

export async function forgetAwaited(db: Db, id: string, now: Instant): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('clusters')
    .where('id', '=', id)
    .where(isAwaited)
    .where(until, '<=', new Date(now))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
