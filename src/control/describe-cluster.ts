import { type Caller, type Cluster, type ClusterSpec, catalogRelease, type Provisioning } from '../domain/index.ts';
import type { NewCluster } from './control.ts';
import { type ControlParts, engineOf } from './parts.ts';

const nodesMax = 99;

/** The row of a new cluster. */
export function clusterFrom(
  parts: ControlParts,
  caller: Caller,
  request: NewCluster,
  own: { readonly origin: Cluster['origin']; readonly provisioning: Provisioning; readonly id: string },
): Cluster {
  const at = parts.io.now();
  return {
    id: own.id,
    engine: request.spec.kind,
    origin: own.origin,
    name: request.name,
    description: request.description,
    account: caller.account,
    region: request.region,
    tags: request.tags,
    spec: request.spec,
    secrets: request.secrets,
    createdAt: at,
    updatedAt: at,
    provisioning: own.provisioning,
    deleteAfter: null,
  };
}

export function newClusterId(parts: ControlParts): string {
  return `es-cn-${parts.newName(16)}`;
}

/** What is wrong with a description before anything is asked of the cluster: each a sentence that names the key. */
export function troubles(parts: ControlParts, spec: ClusterSpec): readonly string[] {
  const { nodes } = spec;
  const names = nodes.map((node) => node.name);
  const hosts = [...new Set(nodes.map((node) => node.host))].filter((key) => parts.io.hosts(key) === undefined);
  const urls = nodes.map((node) => node.url).filter((url) => url !== '');
  return [
    ...(nodes.length === 0 ? ['nodes: a cluster has at least one node.'] : []),
    ...(nodes.length > nodesMax ? [`nodes: at most ${nodesMax} are possible.`] : []),
    ...(new Set(names).size < names.length ? ['nodes: each node has a name of its own.'] : []),
    ...(new Set(urls).size < urls.length ? ['nodes: each node has a url of its own.'] : []),
    ...(nodes.length > 0 && !nodes.some((node) => node.roles.includes('master')) ? ['nodes: none has the role master.'] : []),
    ...(nodes.length > 0 && !nodes.some((node) => node.roles.includes('data')) ? ['nodes: none has the role data.'] : []),
    ...hosts.map((key) => `nodes: host ${key} is not configured on this server.`),
  ];
}

/** A release that a cluster is to be made at, or was seen at, must be in the catalog. */
export function releaseTroubles(parts: ControlParts, cluster: Pick<Cluster, 'engine' | 'spec'>): readonly string[] {
  const { catalog } = engineOf(parts, cluster);
  const { version, build } = cluster.spec.release;
  const release = catalogRelease(catalog, version);
  if (release === undefined)
    return [`Version ${version} is not in the catalog, which has ${catalog.releases.map((one) => one.version).join(', ')}.`];
  if (build !== null && !release.builds.some((one) => one.id === build)) return [`Version ${version} has no build ${build}.`];
  return [];
}
