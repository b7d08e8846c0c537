import type { Caller, Cluster, Plan, RehearsalJob, RehearsalReport, Release, SeenElasticsearch } from '../domain/index.ts';
import type { PlanResult } from './control.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { makePlan } from './plan-upgrade.ts';
import type { Rehearsing } from './rehearse-report.ts';
import { ownCluster } from './views.ts';

/** Makes the runs, somewhere where nobody waits for them. */
export type RunRehearsal = (job: RehearsalJob, rehearsing: Rehearsing) => Promise<RehearsalReport>;

export interface RehearsalCases {
  /** Looks at the cluster and plans; nothing of it is touched, nothing is stored. The runs are made by `run`. */
  prepareRehearsal(caller: Caller, clusterId: string, request: RehearsalWish): Promise<RehearsalPrepared>;
}

export interface RehearsalWish {
  readonly to: Release;
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
  return {
    prepareRehearsal: async (caller, clusterId, request) => {
      const cluster = await ownCluster(parts, caller, clusterId);
      if (cluster === undefined) return { kind: 'not-found' };
      if (cluster.engine !== 'elasticsearch')
        return { kind: 'not-offered', says: 'Upgrades of clusters of Kubernetes cannot be rehearsed yet.' };
      if (busy()) return { kind: 'busy', says: busySays };
      const prepared = await jobFor(parts, caller, cluster, request);
      if ('kind' in prepared) return prepared;
      return {
        kind: 'prepared',
        plan: prepared.plan,
        run: async (rehearsing) => {
          if (busy()) return { kind: 'busy', says: busySays };
          inHand += 1;
          try {
            return { kind: 'rehearsed', report: await run(prepared, limitedInTime(rehearsing)) };
          } catch (error) {
            return { kind: 'failed', because: error instanceof Error ? error.message : String(error) };
          } finally {
            inHand -= 1;
          }
        },
      };
    },
  };
}

const busySays = 'Another rehearsal runs on this server.';

async function jobFor(
  parts: ControlParts,
  caller: Caller,
  cluster: Cluster,
  { to, runs, faults, seed }: RehearsalWish,
): Promise<RehearsalJob | Exclude<RehearsalPrepared, { kind: 'prepared' }>> {
  const unfinished = await parts.store.unfinishedUpgrade(cluster.id);
  if (unfinished !== undefined) return { kind: 'upgrade-unfinished', upgrade: unfinished };
  const made = await makePlan(parts, caller, cluster, { to });
  if (made.kind !== 'planned') return made;
  const { engine, catalog } = engineOf(parts, cluster);
  const observation = await engine.observe(cluster, catalog, parts.io, 'plan');
  if (observation.cluster.kind !== 'seen') return { kind: 'unreachable', because: observation.cluster.because };
  const seen = observation.cluster.seen as SeenElasticsearch;
  const unfit = unfitSays(cluster, seen);
  if (unfit !== null) return { kind: 'too-large', says: unfit };
  // What the twin does not need is not handed on.
  return { cluster: { ...cluster, secrets: {} }, seen, plan: made.plan, runs, faults, seed, beganMs: Date.parse(parts.io.now()) };
}

function unfitSays(cluster: Cluster, seen: SeenElasticsearch): string | null {
  const { rehearsalNodesMax, rehearsalCopiesMax } = limits;
  if (seen.nodes.length > rehearsalNodesMax)
    return `${seen.nodes.length} nodes are more than are rehearsed (${rehearsalNodesMax}).`;
  if (seen.shards.length > rehearsalCopiesMax)
    return `${seen.shards.length} copies of shards are more than are rehearsed (${rehearsalCopiesMax}).`;
  const declared = cluster.spec.kind === 'elasticsearch' ? cluster.spec.nodes.map(({ name }) => name) : [];
  const strange = seen.nodes.filter(({ name }) => !declared.includes(name)).map(({ name }) => name);
  return strange.length === 0
    ? null
    : `${strange.join(', ')} is in the cluster, but not in its description: it cannot be rehearsed.`;
}

function limitedInTime({ signal, onRun }: Rehearsing): Rehearsing {
  return { signal: AbortSignal.any([signal, AbortSignal.timeout(limits.rehearsalTimeoutMs)]), onRun };
}
