import {
  type Caller,
  type Cluster,
  type ClusterSpec,
  catalogRelease,
  type EngineName,
  type Provisioning,
} from '../domain/index.ts';
import type { NewCluster } from './control.ts';
import { type ControlParts, engineOf } from './parts.ts';

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

/** Names are unique among the clusters of one account, engine and region: what a public API shows together. */
export function isNamed(
  { account, engine, region, name }: Cluster,
  wanted: { readonly caller: Caller; readonly engine: EngineName; readonly region: string; readonly name: string },
): boolean {
  return account === wanted.caller.account && engine === wanted.engine && region === wanted.region && name === wanted.name;
}

const idPrefixes = { elasticsearch: 'es-cn-', kubernetes: 'k8s-' } as const satisfies Record<EngineName, string>;

export function newClusterId(parts: ControlParts, engine: EngineName): string {
  return `${idPrefixes[engine]}${parts.newName(16)}`;
}

/** What is wrong with a description before anything is asked of the cluster: each a sentence that names the key. */
export function troubles(parts: ControlParts, spec: ClusterSpec): readonly string[] {
  const isHost = (key: string) => parts.io.hosts(key) !== undefined;
  return engineOf(parts, { engine: spec.kind }).engine.troubles(spec, isHost);
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
