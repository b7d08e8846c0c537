import type { Cluster, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';

type Named = Pick<Cluster, 'account' | 'engine' | 'region' | 'name'>;

/** There is one at most: what it is asked by is unique together. */
export async function clusterByName(db: Db, named: Named, box: SecretBox): Promise<Cluster | undefined> {
  const row = await db
    .selectFrom('clusters')
    .selectAll()
    .where('account', '=', named.account)
    .where('engine', '=', named.engine)
    .where('region', '=', named.region)
    .where('name', '=', named.name)
    .executeTakeFirst();
  return row && clusterFromRow(row, box);
}
