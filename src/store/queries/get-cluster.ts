import type { Cluster, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

export async function getCluster(db: Db, id: string, box: SecretBox): Promise<Cluster | undefined> {
  const row = await db.selectFrom('clusters').selectAll().where('id', '=', id).executeTakeFirst();
  return row && clusterFromRow(row, box);
}
