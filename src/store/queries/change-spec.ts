import type { Cluster, ClusterSpec, Instant, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

/** Reads, changes and writes in one transaction, so that two changes at once both count. Null from `change` leaves it as it is. */
export function changeSpec(
  db: Db,
  id: string,
  change: (spec: ClusterSpec) => ClusterSpec | null,
  at: Instant,
  box: SecretBox,
): Promise<Cluster | undefined> {
  return db.transaction().execute(async (transaction) => {
    const row = await transaction.selectFrom('clusters').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) return undefined;
    const spec = change(row.spec as ClusterSpec);
    if (spec === null) return clusterFromRow(row, box);
    const written = await transaction
      .updateTable('clusters')
      .set({ spec: toJson(spec), updated_at: at })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return clusterFromRow(written, box);
  });
}
