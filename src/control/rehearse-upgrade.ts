import type {
  Caller,
  Cluster,
  ExportedObservation,
  MemberTrial,
  Observation,
  Plan,
  RehearsalJob,
  RehearsalReport,
  Release,
} from '../domain/index.ts';
import type { PlanResult } from './control.ts';
import { clusterOfExported, exportedFrom } from './export/index.ts';
import { unfitSays } from './fit-for-rehearsal.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { findWay, hasNodegroup, makePlan, notReadyReason, planFrom } from './plan-upgrade.ts';
import type { Rehearsing } from './rehearse-report.ts';
import { ownCluster } from './views.ts';
import { withinTime } from './within-time.ts';

/** Makes the runs, somewhere where nobody waits for them. */
export type RunRehearsal = (job: RehearsalJob, rehearsing: Rehearsing) => Promise<RehearsalReport>;

export interface RehearsalCases {
  /** Looks at the cluster and plans; nothing of it is touched, nothing is stored. The runs are made by `run`. */
  prepareRehearsal(caller: Caller, clusterId: string, request: RehearsalWish): Promise<RehearsalPrepared>;
  /** One look as a document without secrets, `anonymous`: without names as well. */
  exportObservation(caller: Caller, clusterId: string, anonymous: boolean): Promise<ObservationExported>;
  /** From such a document, of a cluster that this server need not know. */
  prepareRehearsalOf(caller: Caller, exported: ExportedObservation, request: RehearsalWish): Promise<RehearsalPrepared>;
}

export type ObservationExported =
  | { readonly kind: 'exported'; readonly exported: ExportedObservation }
  | { readonly kind: 'not-offered'; readonly says: string }
  | Extract<PlanResult, { kind: 'not-found' | 'not-ready' | 'unreachable' }>;

export interface RehearsalWish {
  readonly to: Release;
  /** Only the nodes of this group of a control plane. Absent: the cluster itself. */
  readonly nodegroup?: string;
  readonly runs: number;
  readonly faults: boolean;
  readonly seed: number;
}

export type RehearsalPrepared =
  | { readonly kind: 'prepared'; readonly plan: Plan; readonly run: (rehearsing: Rehearsing) => Promise<RehearsalRan> }
  | { readonly kind: 'not-offered' | 'busy' | 'too-large'; readonly says: string }
  | Exclude<PlanResult, { kind: 'planned' }>;

export type RehearsalRan =
  | { readonly kind: 'rehearsed'; readonly report: RehearsalReport }
  | { readonly kind: 'busy'; readonly says: string }
  | { readonly kind: 'failed'; readonly because: string };

/** One at a time: a rehearsal takes all that one processor has. */
export function createRehearsalCases(parts: ControlParts, run: RunRehearsal): RehearsalCases {
  let inHand = 0;
  const busy = () => inHand >= limits.rehearsalsAtOnce;
  const oneAtATime =
    (job: RehearsalJob) =>
    async (rehearsing: Rehearsing): Promise<RehearsalRan> => {
      if (busy()) return { kind: 'busy', says: busySays };
      inHand += 1;
      const runOf = (signal: AbortSignal) => run(job, { ...rehearsing, signal });
      try {
        return { kind: 'rehearsed', report: await withinTime(limits.rehearsalTimeoutMs, rehearsing.signal, runOf) };
      } catch (error) {
        return { kind: 'failed', because: error instanceof Error ? error.message : String(error) };
      } finally {
        inHand -= 1;
      }
    };
  const prepared = (made: RehearsalJob | Refused): RehearsalPrepared =>
    'kind' in made ? made : { kind: 'prepared', plan: made.plan, run: oneAtATime(made) };
  return {
    prepareRehearsal: async (caller, clusterId, request) => {
      const cluster = await ownCluster(parts, caller, clusterId);
      if (cluster === undefined) return { kind: 'not-found' };
      if (isOwners(cluster)) return { kind: 'not-offered', says: ownersSays };
      if (busy()) return { kind: 'busy', says: busySays };
      return prepared(await jobFor(parts, caller, cluster, request));
    },
    prepareRehearsalOf: async (caller, exported, request) => {
      if (busy()) return { kind: 'busy', says: busySays };
      return prepared(jobOf(parts, caller, exported, request));
    },
    exportObservation: (caller, clusterId, anonymous) => exportObservation(parts, caller, clusterId, anonymous),
  };
}

const busySays = 'Another rehearsal runs on this server.';
const ownersSays = 'A control plane that its owner runs cannot be rehearsed: its members are never stopped or started from here.';

function isOwners({ engine, origin }: Cluster): boolean {
  return engine === 'kubernetes' && origin === 'registered';
}

type Refused = Exclude<RehearsalPrepared, { kind: 'prepared' }>;

async function jobFor(
  parts: ControlParts,
  caller: Caller,
  cluster: Cluster,
  request: RehearsalWish,
): Promise<RehearsalJob | Refused> {
  const unfinished = await parts.store.unfinishedUpgrade(cluster.id);
  if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
  const made = await makePlan(parts, caller, cluster, { to: request.to, nodegroup: request.nodegroup });
  if (made.kind !== 'planned') return made;
  const { engine, catalog } = engineOf(parts, cluster);
  const observation = await engine.observe(cluster, catalog, parts.io, 'plan');
  const unfit = unfitToRehearse(cluster, observation);
  return unfit ?? jobWith(cluster, observation, made.plan, request, parts.io.now());
}

/** The plan is made from the document alone, by the catalog of this server and as of the moment of the look. */
function jobOf(
  parts: ControlParts,
  caller: Caller,
  exported: ExportedObservation,
  request: RehearsalWish,
): RehearsalJob | Refused {
  const cluster = clusterOfExported(exported, caller.account, parts.io.now());
  const { takenAt: at, members, hosts, unknowns, seen } = exported;
  const observation: Observation<unknown> = { at, members, hosts, unknowns, cluster: { kind: 'seen', seen } };
  const unfit = unfitToRehearse(cluster, observation);
  if (unfit !== null) return unfit;
  if (request.nodegroup !== undefined && !hasNodegroup(cluster, request.nodegroup))
    return { kind: 'not-ready', says: `The cluster has no node group ${request.nodegroup}.` };
  const found = findWay(parts, cluster, observation, request.to, request.nodegroup);
  if (found.kind !== 'way') return found;
  const { way } = found;
  const trials = members.flatMap(({ name }) =>
    way.hops.map(({ to }): MemberTrial => {
      const key = { clusterId: cluster.id, member: name, release: to, settingsHash: '' };
      return { key, outcome: { kind: 'off' } };
    }),
  );
  const matter = { cluster, observation, way, trials, history: [], madeBy: caller.keyId, madeAt: at };
  return jobWith(cluster, observation, planFrom(parts, matter), request, at);
}

function unfitToRehearse(cluster: Cluster, observation: Observation<unknown>): Refused | null {
  if (observation.cluster.kind !== 'seen') return { kind: 'unreachable', because: observation.cluster.because };
  const says = unfitSays(cluster, observation);
  return says === null ? null : { kind: 'too-large', says };
}

function jobWith(
  cluster: Cluster,
  { cluster: account }: Observation<unknown>,
  plan: Plan,
  { runs, faults, seed }: RehearsalWish,
  at: string,
): RehearsalJob {
  const seen = account.kind === 'seen' ? account.seen : null;
  // What the twin does not need is not handed on.
  return { cluster: { ...cluster, secrets: {} }, seen, plan, runs, faults, seed, beganMs: Date.parse(at) };
}

async function exportObservation(
  parts: ControlParts,
  caller: Caller,
  clusterId: string,
  anonymous: boolean,
): Promise<ObservationExported> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return { kind: 'not-found' };
  if (isOwners(cluster)) return { kind: 'not-offered', says: ownersSays };
  const notReady = notReadyReason(cluster);
  if (notReady !== null) return { kind: 'not-ready', says: notReady };
  const { engine, catalog } = engineOf(parts, cluster);
  const observation = await engine.observe(cluster, catalog, parts.io, 'plan');
  if (observation.cluster.kind !== 'seen') return { kind: 'unreachable', because: observation.cluster.because };
  return { kind: 'exported', exported: exportedFrom(cluster, observation, anonymous) };
}
