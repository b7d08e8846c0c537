import type { KubernetesCluster } from '../../domain/index.ts';
import { nodeFolders } from './launch/index.ts';

/** Snapshots of etcd, unless their owner said where they lie; and what nodes write outside their own folder. */
export function leftovers({ id, spec }: KubernetesCluster, own: string) {
  const etcd = new Set(spec.members.filter(({ component }) => component === 'etcd').map(({ host }) => host));
  const snapshots = spec.snapshotFolder === own ? [...etcd].map((host) => ({ host, folder: own })) : [];
  const nodes = spec.nodegroups.flatMap((group) => group.nodes);
  return [...snapshots, ...nodes.flatMap(({ name, host }) => nodeFolders(id, name).map((folder) => ({ host, folder })))];
}
