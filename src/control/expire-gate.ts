import type { Cluster, Upgrade } from '../domain/index.ts';
import { limits } from './limits.ts';
import type { ControlParts, Loop } from './parts.ts';
import { wish } from './wish.ts';

/** Who asks in the record of an upgrade that was cancelled because nobody came to its gate. */
const actor = 'gate-expiry';

/** A gate that nobody passes does not keep its cluster for ever: the members that were lifted stay, the upgrade ends. */
export async function expireGate(
  parts: ControlParts & { readonly loop: Loop },
  cluster: Cluster,
  upgrade: Upgrade,
): Promise<void> {
  const waitedMs = Date.parse(parts.io.now()) - Date.parse(upgrade.updatedAt);
  if (upgrade.status !== 'gated' || waitedMs < limits.gateExpiryMs) return;
  await wish(parts, { keyId: actor, account: cluster.account, policy: null }, upgrade.id, 'cancel');
  parts.log.info({ cluster: cluster.id, upgrade: upgrade.id }, 'A gate was not passed in time: its upgrade is cancelled.');
}
