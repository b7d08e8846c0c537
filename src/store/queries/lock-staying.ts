import type { Provisioning } from '../../domain/index.ts';
import type { Db } from '../db.ts';

/**
 * How long a cluster stays, held until the transaction ends: whoever marks it for deletion waits. `gone` also where it is
 * being deleted.
 */
export async function lockStaying(transaction: Db, clusterId: string): Promise<'stays' | 'leaves' | 'gone'> {
  const row = await transaction
    .selectFrom('clusters')
    .select(['provisioning', 'delete_after'])
    .where('id', '=', clusterId)
    .forShare()
    .executeTakeFirst();
  if (row === undefined || (row.provisioning as Provisioning).state === 'deleting') return 'gone';
  return row.delete_after === null ? 'stays' : 'leaves';
}
