import type { Static } from 'typebox';
import type { ClusterView } from '../../../control/index.ts';
import {
  addressInUrl,
  type ClusterSpec,
  hasOwnersBalancer,
  kubernetesMembers,
  placesBehindBalancer,
  type Reason,
} from '../../../domain/index.ts';
import type { Cluster } from '../wire/index.ts';

/** What is shown of a cluster: chosen member by member, so that secrets and settings cannot slip in. */
export function clusterWire(view: ClusterView): Static<typeof Cluster> {
  const { cluster, release, upgrade } = view;
  return {
    id: cluster.id,
    name: cluster.name,
    description: cluster.description,
    engine: cluster.engine,
    origin: cluster.origin,
    region: cluster.region,
    tags: { ...cluster.tags },
    createdAt: cluster.createdAt,
    updatedAt: cluster.updatedAt,
    status: view.status,
    statusReason: statusReason(view),
    release: { version: release.version, build: release.build },
    nodes: nodesOf(cluster.spec),
    endpoint: cluster.spec.kind === 'kubernetes' ? cluster.spec.endpoint || null : null,
    behindBalancer: behindBalancer(cluster),
    upgradeId: upgrade?.id ?? null,
    deleteAfter: cluster.deleteAfter,
  };
}

/** A registered cluster's balancer knows its apiservers already. */
function behindBalancer({ origin, spec }: ClusterView['cluster']) {
  if (spec.kind !== 'kubernetes' || origin !== 'created' || !hasOwnersBalancer(spec)) return [];
  return placesBehindBalancer(spec).map(({ name, at }) => ({ name, at }));
}

function nodesOf(spec: ClusterSpec) {
  if (spec.kind === 'kubernetes')
    return kubernetesMembers(spec)
      .filter((member) => !member.surge)
      .map(({ name, host, address, port, component }) => ({
        name,
        host,
        url: `https://${addressInUrl(address)}:${port}`,
        zone: null,
        roles: [component],
      }));
  return spec.nodes.map(({ name, host, url, zone, roles }) => ({
    name,
    host,
    url: withoutCredentials(url),
    zone,
    roles: [...roles],
  }));
}

function statusReason({ status, cluster, upgrade }: ClusterView): string | null {
  const { provisioning, deleteAfter } = cluster;
  switch (status) {
    case 'awaited':
      return provisioning.state === 'awaited'
        ? `Its owner has until ${provisioning.until} to bring it under care with its activation code.`
        : null;
    case 'creating':
      return provisioning.state === 'creating' ? (provisioning.says ?? null) : null;
    case 'failed':
      return provisioning.state === 'failed' ? provisioning.because : null;
    case 'upgrading':
      return upgrade?.reason?.says ?? null;
    case 'paused':
    case 'gated':
    case 'stopped':
      return sentence(upgrade?.reason ?? null);
    default:
      return deleteAfter === null ? null : `It is removed at ${deleteAfter}, unless it is restored before.`;
  }
}

function sentence(reason: Reason | null): string | null {
  return reason === null ? null : `${reason.says} ${reason.clearedBy}`.trim();
}

/** A description is refused with credentials in a url; one that came in another way is shown without them. */
function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/]*@/, '$1');
}
