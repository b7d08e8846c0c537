import { kubernetesClient } from '../client/index.ts';
import { type Look, noteSilent, timeouts } from './look.ts';

/** Whether somebody takes connections at the address of the cluster. With nobody behind it a balancer takes and cuts them. */
export async function lookAtFrontDoor(look: Look): Promise<boolean> {
  const client = kubernetesClient(look.cluster, look.io, look.cluster.spec.endpoint);
  const sent = await client.look('/readyz', { timeoutMs: timeouts.readyMs, until: look.until });
  if (sent.kind === 'answered' || sent.accepted) return true;
  const member = look.cluster.spec.members.find(({ component }) => component === 'front-door');
  noteSilent(look, 'frontDoor', sent, member?.name ?? look.cluster.spec.endpoint);
  return false;
}
