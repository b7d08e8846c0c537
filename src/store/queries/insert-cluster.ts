import type { Cluster, SecretBox } from '../../domain/index.ts';
import { brokenUnique, type Db } from '../db.ts';
import { clusterToRow } from '../rows/cluster-row.ts';

/** An id that is taken answers like a name that is taken, unless it is this very cluster, inserted before its answer was lost. */
export async function insertCluster(db: Db, cluster: Cluster, box: SecretBox): Promise<'inserted' | 'name-taken'> {
  try {
    await db.insertInto('clusters').values(clusterToRow(cluster, box)).execute();
    return 'inserted';
  } catch (error) {
    if (brokenUnique(error) === undefined) throw error;
    const same = await db
      .selectFrom('clusters')
      .select('id')
      .where('id', '=', cluster.id)
      .where('account', '=', cluster.account)
      .where('name', '=', cluster.name)
      .where('created_at', '=', new Date(cluster.createdAt))
      .executeTakeFirst();
    return same === undefined ? 'name-taken' : 'inserted';
  }
}
