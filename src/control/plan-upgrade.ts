import {
  type Caller,
  type Cluster,
  findingsOf,
  findRoute,
  type Hop,
  type Observation,
  type Plan,
  type Release,
  runChecks,
} from '../domain/index.ts';
import type { PlanResult } from './control.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { ownCluster, withReleaseSeen } from './views.ts';

/** Set on a cluster at any time, it puts a gate after the first member of the upgrades that are planned from then on. */
const gateTag = 'clusterlift:gate';

type Made = Exclude<PlanResult, { kind: 'not-found' | 'upgrade-unfinished' }>;

/** Observes, asks every check for every hop of the route, stores the plan. */
export async function planUpgrade(parts: ControlParts, caller: Caller, clusterId: string, to: Release): Promise<PlanResult> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return { kind: 'not-found' };
  const unfinished = await parts.store.unfinishedUpgrade(cluster.id);
  if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
  const made = await makePlan(parts, caller, cluster, to);
  if (made.kind === 'planned') await parts.store.insertPlan(made.plan);
  return made;
}

/** A plan as of now, not stored. */
export async function makePlan(parts: ControlParts, caller: Caller, cluster: Cluster, to: Release): Promise<Made> {
  const notReady = notReadyReason(cluster);
  if (notReady !== null) return { kind: 'not-ready', says: notReady };
  const { engine, catalog } = engineOf(parts, cluster);
  const observation = await engine.observe(cluster, catalog, parts.io, 'plan');
  if (observation.cluster.kind !== 'seen') return { kind: 'unreachable', because: observation.cluster.because };
  const from = engine.releaseOf(observation);
  if (from === null) return { kind: 'unreachable', because: 'none of its members is in the cluster' };
  const fresh = await withReleaseSeen(parts, cluster, from);
  const route = findRoute(catalog, from, to);
  if (route.kind !== 'route') return { kind: 'no-route', from, route };
  return { kind: 'planned', plan: await assemble(parts, caller, fresh, observation, { from, to, hops: route.hops }) };
}

/** Why no upgrade may begin or go on. */
export function notReadyReason(cluster: Cluster): string | null {
  if (cluster.deleteAfter !== null && cluster.provisioning.state !== 'deleting') return 'The cluster is about to be deleted.';
  switch (cluster.provisioning.state) {
    case 'ready':
      return null;
    case 'creating':
      return 'The cluster is being created.';
    case 'deleting':
      return 'The cluster is being deleted.';
    case 'failed':
      return `The cluster could not be created: ${cluster.provisioning.because}`;
  }
}

async function assemble(
  parts: ControlParts,
  caller: Caller,
  cluster: Cluster,
  observation: Observation<unknown>,
  way: { readonly from: Release; readonly to: Release; readonly hops: readonly Hop[] },
): Promise<Plan> {
  const { engine, catalog } = engineOf(parts, cluster);
  const trials = await parts.trials.of(
    cluster,
    way.hops.map((hop) => hop.to),
    'now',
  );
  const seen = observation.cluster.kind === 'seen' ? observation.cluster.seen : undefined;
  const now = parts.io.now();
  const reports = runChecks(engine.checks, { cluster, catalog, observation, seen, trials, now }, way.hops);
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
    madeAt: now,
    madeBy: caller.keyId,
  };
}
