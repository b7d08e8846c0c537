import {
  type Caller,
  type Catalog,
  type Cluster,
  catalogRelease,
  defaultRelease,
  findingsOf,
  findRoute,
  type Hop,
  type Instant,
  type MemberTrial,
  type Observation,
  type PastUpgrade,
  type Plan,
  type Release,
  type RouteResult,
  runChecks,
  sameRelease,
} from '../domain/index.ts';
import { awaitedSays } from './awaited.ts';
import type { PlanResult } from './control.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { ownCluster, withReleaseSeen } from './views.ts';

/** Set on a cluster at any time, it puts a gate after the first member of the upgrades that are planned from then on. */
const gateTag = 'clusterlift:gate';

type Made = Exclude<PlanResult, { kind: 'not-found' | 'upgrade-unfinished' }>;

/** Observes, asks every check for every hop of the route, stores the plan. */
export async function planUpgrade(
  parts: ControlParts,
  caller: Caller,
  clusterId: string,
  to: Release,
  nodegroup?: string,
): Promise<PlanResult> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return { kind: 'not-found' };
  const unfinished = await parts.store.unfinishedUpgrade(cluster.id);
  if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
  const made = await makePlan(parts, caller, cluster, { to, nodegroup });
  if (made.kind === 'planned') await parts.store.insertPlan(made.plan);
  return made;
}

/** A plan as of now, not stored. */
export async function makePlan(
  parts: ControlParts,
  caller: Caller,
  cluster: Cluster,
  { to, nodegroup }: { readonly to: Release; readonly nodegroup?: string | undefined },
): Promise<Made> {
  const notReady = notReadyReason(cluster);
  if (notReady !== null) return { kind: 'not-ready', says: notReady };
  if (nodegroup !== undefined && !hasNodegroup(cluster, nodegroup))
    return { kind: 'not-ready', says: `The cluster has no node group ${nodegroup}.` };
  const { engine, catalog } = engineOf(parts, cluster);
  const observation = await engine.observe(cluster, catalog, parts.io, 'plan');
  const release = engine.releaseOf(observation);
  const fresh = release === null ? cluster : await withReleaseSeen(parts, cluster, release);
  const found = findWay(parts, fresh, observation, to, nodegroup);
  if (found.kind !== 'way') return found;
  const { way } = found;
  const trials = await parts.trials.of(
    fresh,
    way.hops.map((hop) => hop.to),
    'now',
  );
  const history = await pastUpgrades(parts, fresh);
  const plan = planFrom(parts, {
    cluster: fresh,
    observation,
    way,
    trials,
    history,
    madeBy: caller.keyId,
    madeAt: parts.io.now(),
  });
  return { kind: 'planned', plan };
}

/** The way to the target from what one look saw, whoever had it. */
export function findWay(
  parts: Pick<ControlParts, 'engines'>,
  cluster: Cluster,
  observation: Observation<unknown>,
  to: Release,
  nodegroup?: string,
): { readonly kind: 'way'; readonly way: Way } | Extract<Made, { kind: 'unreachable' | 'no-route' }> {
  const { engine, catalog } = engineOf(parts, cluster);
  if (observation.cluster.kind !== 'seen') return { kind: 'unreachable', because: observation.cluster.because };
  const from = engine.releaseOf(observation);
  if (from === null) return { kind: 'unreachable', because: 'none of its members is in the cluster' };
  const newest = engine.newestOf?.(observation) ?? from;
  const way = nodegroup === undefined ? wayOfMixed(catalog, from, newest, to) : wayOfNodegroup(cluster, nodegroup, catalog, to);
  return way.kind === 'route' ? { kind: 'way', way } : { kind: 'no-route', from, route: way };
}

export function hasNodegroup({ spec }: Cluster, name: string): boolean {
  return spec.kind === 'kubernetes' && spec.nodegroups.some((group) => group.name === name);
}

export type Way = { readonly kind: 'route'; readonly from: Release; readonly to: Release; readonly hops: readonly Hop[] };

function wayOf(catalog: Catalog, from: Release, to: Release): Way | Exclude<RouteResult, { kind: 'route' }> {
  const route = findRoute(catalog, from, to);
  if (route.kind !== 'route') return route;
  return { kind: 'route', from, to: route.hops.at(-1)?.to ?? to, hops: route.hops };
}

/** Where some are there and others above it, a way back was left half-way: it begins with those that are above. */
function wayOfMixed(catalog: Catalog, lowest: Release, newest: Release, to: Release): ReturnType<typeof wayOf> {
  const way = wayOf(catalog, lowest, to);
  return way.kind === 'already-there' && !sameRelease(lowest, newest) ? wayOf(catalog, newest, lowest) : way;
}

/** Nodes are replaced, not lifted version by version: the way is one hop, whatever lies between. */
function wayOfNodegroup(
  cluster: Cluster,
  name: string,
  catalog: Catalog,
  wanted: Release,
): Way | Exclude<RouteResult, { kind: 'route' }> {
  const group = cluster.spec.kind === 'kubernetes' ? cluster.spec.nodegroups.find((one) => one.name === name) : undefined;
  if (group === undefined) throw new Error(`cluster ${cluster.id} has no node group ${name}, which was asked for before`);
  const release = catalogRelease(catalog, wanted.version);
  if (release === undefined) return { kind: 'unknown-version', version: wanted.version };
  const to = wanted.build === null ? defaultRelease(catalog, wanted.version) : wanted;
  if (to.build !== null && !release.builds.some((build) => build.id === to.build))
    return { kind: 'unknown-build', version: to.version, build: to.build };
  const { release: from } = group;
  const hop: Hop = { from, to, mode: 'rolling', requires: [], oneWayDoors: [], nodegroup: name };
  return { kind: 'route', from, to, hops: [hop] };
}

/** Why no upgrade may begin or go on. */
export function notReadyReason(cluster: Cluster): string | null {
  if (cluster.deleteAfter !== null && cluster.provisioning.state !== 'deleting') return 'The cluster is about to be deleted.';
  switch (cluster.provisioning.state) {
    case 'ready':
      return null;
    case 'awaited':
      return awaitedSays(cluster);
    case 'creating':
      return 'The cluster is being created.';
    case 'deleting':
      return 'The cluster is being deleted.';
    case 'failed':
      return `The cluster could not be created: ${cluster.provisioning.because}`;
  }
}

interface PlanMatter {
  readonly cluster: Cluster;
  readonly observation: Observation<unknown>;
  readonly way: Way;
  readonly trials: readonly MemberTrial[];
  readonly history: readonly PastUpgrade[];
  readonly madeBy: string;
  readonly madeAt: Instant;
}

/** Asks every check for every hop of the way. Nothing is stored, and nobody is asked anything. */
export function planFrom(parts: Pick<ControlParts, 'engines' | 'newId'>, matter: PlanMatter): Plan {
  const { cluster, observation, way, trials, history, madeBy, madeAt } = matter;
  const { engine, catalog } = engineOf(parts, cluster);
  const seen = observation.cluster.kind === 'seen' ? observation.cluster.seen : undefined;
  const reports = runChecks(engine.checks, { cluster, catalog, observation, seen, trials, history, now: madeAt }, way.hops);
  const hops = engine.planHops(cluster, catalog, observation, way.hops);
  return {
    id: parts.newId(),
    clusterId: cluster.id,
    engine: cluster.engine,
    from: way.from,
    to: way.to,
    hops,
    reports,
    findings: findingsOf(reports),
    touches: engine.touches(cluster, way.hops),
    estimateSeconds: hops.reduce((sum, hop) => sum + hop.estimateSeconds, 0),
    basis: engine.basisOf(observation),
    gateAfterFirstMember: cluster.spec.gateAfterFirstMember || cluster.tags[gateTag] === 'first-member',
    madeAt,
    madeBy,
  };
}

/** How far back a check may ask. */
const pastUpgradesMax = 20;

/** Newest first; those of the whole cluster only. */
async function pastUpgrades(parts: ControlParts, cluster: Cluster): Promise<readonly PastUpgrade[]> {
  const upgrades = await parts.store.listUpgrades({ clusterId: cluster.id, limit: pastUpgradesMax });
  const ended = await Promise.all(
    upgrades.map(async ({ planId, from, to, status, endedAt }): Promise<readonly PastUpgrade[]> => {
      if (endedAt === null || (status !== 'done' && status !== 'cancelled' && status !== 'returned')) return [];
      const plan = await parts.store.getPlan(planId);
      return plan?.hops.some(({ hop }) => hop.nodegroup !== undefined) === true ? [] : [{ from, to, status, endedAt }];
    }),
  );
  return ended.flat();
}
