import {
  type Caller,
  type Cluster,
  emptyLedger,
  type Finding,
  type NewEvent,
  obstaclesOf,
  type Plan,
  showRelease,
  type TokenRecord,
  type Upgrade,
} from '../domain/index.ts';
import type { StartRequest, StartResult } from './control.ts';
import { event } from './lift.ts';
import { type ControlParts, engineOf, type Loop } from './parts.ts';
import { makePlan } from './plan-upgrade.ts';
import { ownCluster } from './views.ts';

type Reviewed = { readonly kind: 'plan'; readonly plan: Plan; readonly stored: boolean };

export async function startUpgrade(
  parts: ControlParts & { readonly loop: Loop },
  caller: Caller,
  request: StartRequest,
): Promise<StartResult> {
  const cluster = await ownCluster(parts, caller, request.clusterId);
  if (cluster === undefined) return { kind: 'not-found' };
  const unfinished = await parts.store.unfinishedUpgrade(cluster.id);
  if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
  const reviewed = await inTime(parts, request, planFor(parts, caller, cluster, request.what));
  if (reviewed.kind !== 'plan') return reviewed;
  const { plan } = reviewed;
  const held = holds(parts, cluster, request, plan);
  if (held !== null) return held;
  if (!reviewed.stored) await parts.store.insertPlan(plan);
  return insert(parts, caller, cluster, request, plan);
}

/** Who asked may be gone by the time a slow cluster answers: then nothing may begin. */
async function inTime<T>(
  parts: ControlParts,
  { lookTimeoutMs }: StartRequest,
  look: Promise<T>,
): Promise<T | Extract<StartResult, { kind: 'unreachable' }>> {
  if (lookTimeoutMs === undefined) return look;
  const ended = new AbortController();
  const late = parts.io
    .pause(lookTimeoutMs, ended.signal)
    .then(() => ({ kind: 'unreachable', because: `it has not answered everything within ${lookTimeoutMs} ms.` }) as const);
  look.catch((error: unknown) => parts.log.debug({ err: error }, 'The look before a start failed.'));
  return Promise.race([look, late]).finally(() => ended.abort());
}

/** The plan to run. One that was reviewed must still be true: same members, same releases, and no hazard that it did not name. */
async function planFor(
  parts: ControlParts,
  caller: Caller,
  cluster: Cluster,
  what: StartRequest['what'],
): Promise<Reviewed | Exclude<StartResult, { kind: 'started' }>> {
  if ('to' in what) {
    const made = await makePlan(parts, caller, cluster, what);
    return made.kind === 'planned' ? { kind: 'plan', plan: made.plan, stored: false } : made;
  }
  const reviewed = await parts.store.getPlan(what.planId);
  if (reviewed === undefined || reviewed.clusterId !== cluster.id) return { kind: 'plan-not-found' };
  const nodegroup = reviewed.hops[0]?.hop.nodegroup;
  const fresh = await makePlan(parts, caller, cluster, { to: reviewed.to, nodegroup });
  if (fresh.kind !== 'planned') return fresh;
  if (fresh.plan.basis !== reviewed.basis)
    return {
      kind: 'plan-outdated',
      says: 'The members of the cluster, or what they run, have changed since the plan was made. Make a new plan.',
    };
  // What runs is what was reviewed; what is judged is the cluster as it is now.
  const { findings, reports } = fresh.plan;
  return { kind: 'plan', plan: { ...reviewed, findings, reports }, stored: true };
}

function holds(parts: ControlParts, cluster: Cluster, { policy, acknowledge }: StartRequest, plan: Plan): StartResult | null {
  if (plan.hops.length > policy.maxHops) {
    const next = engineOf(parts, cluster)
      .catalog.edges.filter((edge) => edge.from === plan.from.version)
      .map((edge) => edge.to);
    return { kind: 'too-far', from: plan.from, next };
  }
  const obstacles = obstaclesOf(plan, acknowledge);
  const soft = policy.policyFindings === 'hold' ? obstacles.policy.length + obstacles.couldNotRun.length : 0;
  return obstacles.hazards.length + soft > 0 ? { kind: 'obstacles', plan, obstacles } : null;
}

async function insert(
  parts: ControlParts & { readonly loop: Loop },
  caller: Caller,
  cluster: Cluster,
  request: StartRequest,
  plan: Plan,
): Promise<StartResult> {
  const at = parts.io.now();
  const upgrade: Upgrade = {
    id: parts.newId(),
    clusterId: cluster.id,
    planId: plan.id,
    from: plan.from,
    to: plan.to,
    status: 'running',
    intent: 'go',
    generation: await firstGeneration(parts, cluster),
    reason: null,
    ledger: emptyLedger,
    recorded: recordedFindings(plan),
    acknowledged: request.acknowledge,
    startedBy: caller.keyId,
    createdAt: at,
    updatedAt: at,
    endedAt: null,
  };
  const token: TokenRecord | null = request.token === null ? null : { ...request.token, answer: request.answer(upgrade) };
  const inserted = await parts.store.insertUpgrade(upgrade, firstEvents(parts, caller, request, plan), token);
  if (inserted.kind === 'unfinished-exists') return { kind: 'upgrade-unfinished', upgrade: inserted.upgrade };
  if (inserted.kind === 'token-taken') return inserted;
  if (inserted.kind === 'cluster-leaves') return { kind: 'not-ready', says: 'The cluster is about to be deleted.' };
  await parts.loop.start(upgrade.id, upgrade.generation);
  return { kind: 'started', upgrade, plan };
}

/** Generations rise over all upgrades of a cluster: hosts refuse what is older than the newest they have seen of it. */
async function firstGeneration(parts: ControlParts, cluster: Cluster): Promise<number> {
  const earlier = await parts.store.listUpgrades({ clusterId: cluster.id, limit: 1 });
  const hosts = new Set(
    engineOf(parts, cluster)
      .engine.members(cluster)
      .map((member) => member.host),
  );
  const seen = await Promise.all([...hosts].map(async (key) => (await parts.io.hosts(key)?.generationOf(cluster.id)) ?? 0));
  return Math.max(0, ...seen, ...earlier.map((upgrade) => upgrade.generation)) + 1;
}

function recordedFindings(plan: Plan): readonly Finding[] {
  return plan.findings.filter((finding) => finding.kind === 'policy' && finding.loopWaits !== true);
}

function firstEvents(parts: ControlParts, caller: Caller, request: StartRequest, plan: Plan): readonly NewEvent[] {
  const actor = caller.keyId;
  const says = `Lifts ${request.clusterId} from ${showRelease(plan.from)} to ${showRelease(plan.to)} in ${plan.hops.length} ${plan.hops.length === 1 ? 'hop' : 'hops'}.`;
  const acknowledged = request.acknowledge.map((check) => `${check} was acknowledged by ${actor}.`);
  const waved = recordedFindings(plan)
    .filter((finding) => !request.acknowledge.includes(finding.check))
    .map((finding) => `Recorded, not held: ${finding.says} (${finding.check})`);
  const unanswered = plan.reports.flatMap((report) =>
    report.result.kind === 'could-not-run' ? [`Could not be asked: ${report.check}: ${report.result.because}`] : [],
  );
  return [
    event(parts.io, 'started', says, { actor }),
    ...[...acknowledged, ...waved, ...unanswered, ...(request.remarks ?? [])].map((remark) =>
      event(parts.io, 'remark', remark, { actor }),
    ),
  ];
}
