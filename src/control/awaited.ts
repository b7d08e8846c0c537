/** Places for clusters that their owners bring under care later. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { activationCodeSecret, type Caller, type Cluster, type KubernetesSpec } from '../domain/index.ts';
import type { OpenResult, Registration } from './control.ts';
import { clusterFrom, newClusterId } from './describe-cluster.ts';
import type { ControlParts } from './parts.ts';

/** Why nothing can be done with it yet; null for one that is under care. */
export function awaitedSays({ provisioning }: Cluster): string | null {
  if (provisioning.state !== 'awaited') return null;
  return `The cluster is awaited until ${provisioning.until}: its owner has not brought it under care yet.`;
}

export async function openRegistration(parts: ControlParts, caller: Caller, registration: Registration): Promise<OpenResult> {
  const { name, region, tags, face, activationCode, awaitedUntil } = registration;
  const secrets = { [activationCodeSecret]: activationCode };
  const request = { name, description: '', region, tags, spec: { ...unknownSpec, face }, secrets };
  const cluster = clusterFrom(parts, caller, request, {
    origin: 'registered',
    provisioning: { state: 'awaited', until: awaitedUntil },
    id: newClusterId(parts, 'kubernetes'),
  });
  return (await parts.store.insertCluster(cluster)) === 'name-taken' ? { kind: 'name-taken' } : { kind: 'opened', cluster };
}

/** Nothing is known of the cluster yet. */
const unknownSpec: KubernetesSpec = {
  kind: 'kubernetes',
  release: { version: '', build: null },
  firstVersion: '',
  gateAfterFirstMember: false,
  members: [],
  nodegroups: [],
  endpoint: '',
  serviceCidr: '',
  flags: {},
  soakMs: 0,
  authenticationUrl: null,
  face: {},
};

/** The caller's cluster that is awaited with this code; undefined for a wrong code and for one whose time is over. */
export async function awaitedBy(parts: ControlParts, caller: Caller, code: string): Promise<Cluster | undefined> {
  const now = parts.io.now();
  const clusters = await parts.store.listClusters(caller.account);
  return clusters.find(({ provisioning, secrets }) => {
    const fits = same(code, secrets[activationCodeSecret] ?? '');
    return provisioning.state === 'awaited' && provisioning.until > now && fits;
  });
}

/** In a time that tells nothing of how much was right. */
function same(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return secret !== '' && timingSafeEqual(digest(given), digest(secret));
}

/** Nobody came in time: the place is given up, and its name is free. */
export async function forgetOverdue(parts: ControlParts, { id, name, provisioning }: Cluster): Promise<void> {
  const now = parts.io.now();
  if (provisioning.state !== 'awaited' || provisioning.until > now) return;
  if (await parts.store.forgetAwaited(id, now))
    parts.log.info({ cluster: id, name }, 'A cluster that was registered was not brought under care in time, and is forgotten.');
}
