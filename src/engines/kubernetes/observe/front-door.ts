import { kubernetesClient } from '../client/index.ts';
import { type Look, noteSilent, timeouts } from './look.ts';

/**
 * Whether somebody takes connections at the address of the cluster. With nobody behind it a balancer takes and cuts them:
 * ours does its work then, of its owner's all that counts is whether it leads to an apiserver.
 */
export async function lookAtFrontDoor(look: Look): Promise<boolean> {
  const client = kubernetesClient(look.cluster, look.io, look.cluster.spec.endpoint);
  const sent = await client.look('/readyz', { timeoutMs: timeouts.readyMs, until: look.until });
  const member = look.cluster.spec.members.find(({ component }) => component === 'front-door');
  if (sent.kind === 'answered' || (member !== undefined && sent.accepted)) return true;
  noteSilent(look, 'frontDoor', sent, member?.name ?? look.cluster.spec.endpoint);
  return false;
}
