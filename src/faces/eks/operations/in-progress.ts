import type { Upgrade } from '../../../domain/index.ts';
import { type ApiError, fail } from '../errors.ts';

/**
 * Clients look for `in progress` and try again. An upgrade that stopped for a person is not in progress to anybody but
 * us: what it waits for is said.
 */
export function inProgress(type: string, clusterName: string, upgrade: Upgrade | null): ApiError {
  const which = upgrade === null ? 'an update' : `update ${upgrade.id}`;
  const says = `Cannot ${type} because cluster ${clusterName} currently has ${which} in progress`;
  const reason = upgrade?.status === 'stopped' ? upgrade.reason : null;
  const stopped =
    upgrade?.status === 'stopped'
      ? `. It stopped: ${reason?.says ?? ''} ${reason?.clearedBy ?? ''} Then ask for version ${upgrade.to.version} again, or call CancelUpdate.`
      : '';
  return fail('ResourceInUseException', `${says}${stopped}`, { clusterName });
}
