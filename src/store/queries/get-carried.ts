import type { Carried, SecretBox } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';

/** One question instead of three: every look at an upgrade begins with it. */
export async function getCarried(db: Db, upgradeId: string, box: SecretBox): Promise<Carried | undefined> {
  const row = await db
    .selectFrom('upgrades')
    .innerJoin('clusters', 'clusters.id', 'upgrades.cluster_id')
    .innerJoin('plans', 'plans.id', 'upgrades.plan_id')
    .selectAll('upgrades')
    .select([
      'plans.body as plan',
      'clusters.account as account',
      'clusters.engine as engine',
      'clusters.origin as origin',
      'clusters.name as name',
      'clusters.description as description',
      'clusters.region as region',
      'clusters.tags as tags',
      'clusters.spec as spec',
      'clusters.sealed_secrets as sealed_secrets',
      'clusters.provisioning as provisioning',
      'clusters.delete_after as delete_after',
      'clusters.created_at as cluster_created_at',
      'clusters.updated_at as cluster_updated_at',
    ])
    .where('upgrades.id', '=', upgradeId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const times = { created_at: row.cluster_created_at, updated_at: row.cluster_updated_at };
  const cluster = clusterFromRow({ ...row, id: row.cluster_id, ...times }, box);
  return { upgrade: upgradeFromRow(row), cluster, plan: row.plan as Carried['plan'] };
}
