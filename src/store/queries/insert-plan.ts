import type { Plan } from '../../domain/index.ts';
import type { Db } from '../db.ts';
import { toJson } from '../json.ts';

/** A plan never changes, so one that is there already is this one. */
export async function insertPlan(db: Db, plan: Plan): Promise<void> {
  await db
    .insertInto('plans')
    .values({ id: plan.id, cluster_id: plan.clusterId, body: toJson(plan), made_at: plan.madeAt })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
