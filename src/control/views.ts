import {
  type Caller,
  type Cluster,
  type EngineName,
  type Observation,
  type Release,
  sameRelease,
  type Upgrade,
  type WithUpgrade,
} from '../domain/index.ts';
import { awaitedSays } from './awaited.ts';
import type { ClusterView } from './control.ts';
import { type ControlParts, engineOf } from './parts.ts';

/** A cluster of another account does not exist for this caller. */
export async function ownCluster(parts: ControlParts, caller: Caller, clusterId: string): Promise<Cluster | undefined> {
  const cluster = await parts.store.getCluster(clusterId);
  return cluster?.account === caller.account ? cluster : undefined;
}

export async function ownUpgrade(parts: ControlParts, caller: Caller, upgradeId: string): Promise<Upgrade | undefined> {
  const upgrade = await parts.store.getUpgrade(upgradeId);
  if (upgrade === undefined) return undefined;
  return (await ownCluster(parts, caller, upgrade.clusterId)) === undefined ? undefined : upgrade;
}

export async function clusterView(parts: ControlParts, caller: Caller, clusterId: string): Promise<ClusterView | undefined> {
  const found = await parts.store.clusterWithUpgrade(clusterId);
  return found?.cluster.account === caller.account ? viewOf(found) : undefined;
}

export async function clusterViewByName(
  { store }: ControlParts,
  { account }: Caller,
  engine: EngineName,
  region: string,
  name: string,
): Promise<ClusterView | undefined> {
  const found = await store.clusterWithUpgradeByName(account, engine, region, name);
  return found && viewOf(found);
}

export async function clusterViews({ store }: ControlParts, { account }: Caller): Promise<readonly ClusterView[]> {
  const found = await store.clustersWithUpgrades(account);
  const known = lists.get(found);
  if (known !== undefined) return known;
  const made = found.map(viewOf);
  lists.set(found, made);
  return made;
}

export async function observeCluster(
  parts: ControlParts,
  caller: Caller,
  clusterId: string,
): Promise<Observation<unknown> | undefined> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return undefined;
  const awaited = awaitedSays(cluster);
  if (awaited !== null)
    return { at: parts.io.now(), members: [], cluster: { kind: 'unreachable', because: awaited }, hosts: {}, unknowns: [] };
  const { engine, catalog } = engineOf(parts, cluster);
  const observation = await engine.observe(cluster, catalog, parts.io, 'plan');
  await withReleaseSeen(parts, cluster, engine.releaseOf(observation));
  return observation;
}

/** A cluster may be lifted by other hands: what it was seen to run is remembered, for whatever is told from rows alone. */
export async function withReleaseSeen(parts: ControlParts, cluster: Cluster, release: Release | null): Promise<Cluster> {
  if (release === null || sameRelease(release, cluster.spec.release)) return cluster;
  return (await parts.store.refreshRelease(cluster.id, release, parts.io.now())) ?? cluster;
}

/** The same for the same: whoever has made something of a view need not make it again. */
const views = new WeakMap<WithUpgrade, ClusterView>();
const lists = new WeakMap<readonly WithUpgrade[], readonly ClusterView[]>();

function viewOf(found: WithUpgrade): ClusterView {
  const known = views.get(found);
  if (known !== undefined) return known;
  const { cluster, upgrade } = found;
  const view = { cluster, status: statusOf(cluster, upgrade), release: cluster.spec.release, upgrade };
  views.set(found, view);
  return view;
}

function statusOf(cluster: Cluster, upgrade: Upgrade | null): ClusterView['status'] {
  const { state } = cluster.provisioning;
  if (state !== 'ready') return state;
  switch (upgrade?.status) {
    case 'running':
      return 'upgrading';
    case 'paused':
    case 'gated':
    case 'stopped':
      return upgrade.status;
    default:
      return 'active';
  }
}
