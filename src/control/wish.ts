import { type Caller, type OwnersWish, type Upgrade, wishOn } from '../domain/index.ts';
import type { WishEnd } from './control.ts';
import { event } from './lift.ts';
import { limits } from './limits.ts';
import type { ControlParts, Loop } from './parts.ts';
import { notReadyReason } from './plan-upgrade.ts';
import { ownUpgrade } from './views.ts';

const asked = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel', continue: 'Continue past the gate' } as const;

/** Pause, resume, continue, cancel: written on the upgrade, compare-and-set; a waiting loop wakes at once. */
export async function wish(
  parts: ControlParts & { readonly loop: Loop },
  caller: Caller,
  upgradeId: string,
  wanted: OwnersWish,
): Promise<WishEnd> {
  for (let attempt = 0; attempt < limits.wishAttempts; attempt += 1) {
    const upgrade = await ownUpgrade(parts, caller, upgradeId);
    if (upgrade === undefined) return { kind: 'not-found' };
    const result = wishOn(upgrade.status, upgrade.intent, wanted);
    if (result.kind !== 'accepted') return { ...result, upgrade };
    const written = await parts.store.writeIntent({
      upgradeId,
      expectedStatus: upgrade.status,
      expectedGeneration: upgrade.generation,
      intent: result.intent,
      nextGeneration: result.nextGeneration,
      gatePassed: result.passGate ? upgrade.ledger.hop : null,
      events: [
        event(parts.io, wanted === 'resume' ? 'resumed' : 'asked', `${asked[wanted]}, asked by ${caller.keyId}.`, {
          actor: caller.keyId,
        }),
      ],
      at: parts.io.now(),
    });
    if (written === undefined) continue;
    if (written === 'cluster-leaves') return { kind: 'not-now', says: await leavingReason(parts, upgrade), upgrade };
    if (result.nextGeneration) await parts.loop.start(written.id, written.generation, true);
    return { kind: 'accepted', upgrade: written };
  }
  throw new Error(`upgrade ${upgradeId} changed ${limits.wishAttempts} times while a wish was written`);
}

async function leavingReason(parts: ControlParts, { clusterId }: Upgrade): Promise<string> {
  const cluster = await parts.store.getCluster(clusterId);
  return (cluster && notReadyReason(cluster)) ?? 'The cluster was about to be deleted. Ask again.';
}
