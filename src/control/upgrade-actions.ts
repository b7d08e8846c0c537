/** What a person may do with an upgrade now, and why not: the same rules that the commands themselves are held by. */
import {
  type Caller,
  type Catalog,
  type Cluster,
  findRoute,
  isUnfinished,
  type OwnersWish,
  type Plan,
  type RouteResult,
  showRelease,
  type Upgrade,
  type UpgradeAction,
  wishOn,
} from '../domain/index.ts';
import type { WayBackResult } from './control.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { notReadyReason, planUpgrade } from './plan-upgrade.ts';
import { ownCluster, ownUpgrade } from './views.ts';

/** What is known of an upgrade without a look at its cluster. */
export interface UpgradeFacts {
  readonly upgrade: Upgrade;
  readonly cluster: Cluster;
  readonly catalog: Catalog;
  /** Of its cluster none began after it. */
  readonly isLatest: boolean;
  /** Null where it was forgotten. Asked for where the upgrade has ended. */
  readonly plan: Plan | null;
}

const wishes = ['pause', 'resume', 'cancel', 'continue'] as const satisfies readonly OwnersWish[];

export function actionsOf(facts: UpgradeFacts): readonly UpgradeAction[] {
  return [
    ...wishes.map((wish) => shown(wish, whyNoWish(facts, wish))),
    shown('roll-back', isUnfinished(facts.upgrade.status) ? unfinished : whyNoWayBack(facts)),
  ];
}

/** Of one that has just begun: what is known of its cluster changes nothing of it. */
export function actionsOfStarted({ status, intent }: Upgrade): readonly UpgradeAction[] {
  const whyNot = (wish: OwnersWish) => {
    const result = wishOn(status, intent, wish);
    return result.kind === 'accepted' ? null : result.says;
  };
  return [...wishes.map((wish) => shown(wish, whyNot(wish))), shown('roll-back', unfinished)];
}

function shown(action: UpgradeAction['action'], reason: string | null): UpgradeAction {
  return { action, possible: reason === null, reason };
}

function whyNoWish({ upgrade, cluster }: UpgradeFacts, wish: OwnersWish): string | null {
  const result = wishOn(upgrade.status, upgrade.intent, wish);
  if (result.kind !== 'accepted') return result.says;
  if (!result.nextGeneration) return null;
  // What is about to be deleted may still be left clean; nothing else begins to run.
  const isLeaving = cluster.provisioning.state === 'deleting' || (cluster.deleteAfter !== null && result.intent !== 'cancel');
  return isLeaving ? (notReadyReason(cluster) ?? 'The cluster is about to be deleted.') : null;
}

const unfinished = 'The upgrade has not ended. Cancel it first, then take it back.';

function whyNoWayBack(facts: UpgradeFacts): string | null {
  const { upgrade, cluster, isLatest, plan } = facts;
  if (!isLatest) return 'A later upgrade of this cluster has begun: only the latest can be taken back.';
  const notReady = notReadyReason(cluster);
  if (notReady !== null) return notReady;
  const nodegroup = plan?.hops[0]?.hop.nodegroup;
  if (nodegroup !== undefined) return whyNoNodegroup(cluster, nodegroup);
  const way = wayBack(facts);
  switch (way.kind) {
    case 'route':
      return null;
    case 'already-there':
      return `The cluster runs ${showRelease(upgrade.from)}: there is nothing to take back.`;
    default:
      return `There is no way back from ${showRelease(cluster.spec.release)} to ${showRelease(upgrade.from)}. ${remedies[cluster.engine]}`;
  }
}

const remedies = {
  elasticsearch: 'A node never starts at an older version: the way back is a snapshot, restored into a new cluster.',
  kubernetes: 'A control plane goes back one minor at a time, where the catalog has that way.',
} as const;

function whyNoNodegroup({ spec }: Cluster, name: string): string | null {
  const isThere = spec.kind === 'kubernetes' && spec.nodegroups.some((group) => group.name === name);
  return isThere ? null : `The cluster has no node group ${name} any more.`;
}

/** One that was cancelled half-way left some members at the hop's target, which the lowest release does not tell. */
function wayBack({ upgrade, cluster, catalog, plan }: UpgradeFacts): RouteResult {
  const way = findRoute(catalog, cluster.spec.release, upgrade.from);
  const reached = plan?.hops[upgrade.ledger.hop]?.hop.to;
  if (way.kind !== 'already-there' || upgrade.status !== 'cancelled' || reached === undefined) return way;
  return findRoute(catalog, reached, upgrade.from);
}

/** In the order of the upgrades; none for one of another account. */
export async function upgradeActions(
  parts: ControlParts,
  caller: Caller,
  upgrades: readonly Upgrade[],
): Promise<readonly (readonly UpgradeAction[])[]> {
  const ended = upgrades.filter(({ status }) => !isUnfinished(status)).map(({ clusterId }) => clusterId);
  const latest = ended.length === 0 ? new Map<string, string>() : await parts.store.latestUpgrades([...new Set(ended)]);
  return Promise.all(
    upgrades.map(async (upgrade) => {
      const facts = await factsOf(parts, caller, upgrade, latest);
      return facts === undefined ? [] : actionsOf(facts);
    }),
  );
}

/** Plans the way back of an upgrade; it is checked and started as any other. */
export async function planWayBack(parts: ControlParts, caller: Caller, upgradeId: string): Promise<WayBackResult> {
  const upgrade = await ownUpgrade(parts, caller, upgradeId);
  const facts = upgrade && (await factsOf(parts, caller, upgrade, await parts.store.latestUpgrades([upgrade.clusterId])));
  if (facts === undefined) return { kind: 'not-found' };
  const says = actionsOf(facts).find(({ action }) => action === 'roll-back')?.reason ?? null;
  if (says !== null) return { kind: 'not-now', upgrade: facts.upgrade, says };
  const { clusterId, from } = facts.upgrade;
  return planUpgrade(parts, caller, clusterId, from, facts.plan?.hops[0]?.hop.nodegroup);
}

async function factsOf(
  parts: ControlParts,
  caller: Caller,
  upgrade: Upgrade,
  latest: ReadonlyMap<string, string>,
): Promise<UpgradeFacts | undefined> {
  const cluster = await ownCluster(parts, caller, upgrade.clusterId);
  if (cluster === undefined) return undefined;
  const { catalog } = engineOf(parts, cluster);
  if (isUnfinished(upgrade.status)) return { upgrade, cluster, catalog, isLatest: true, plan: null };
  const isLatest = latest.get(cluster.id) === upgrade.id;
  const plan = isLatest ? ((await parts.store.getPlan(upgrade.planId)) ?? null) : null;
  return { upgrade, cluster, catalog, isLatest, plan };
}
