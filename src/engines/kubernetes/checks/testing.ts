/** One healthy cluster that tests of checks change in one place, and the asking of one check about it. */
import type { CheckResult, Hop, KubernetesCluster, MemberTrial, Observation, SeenKubernetes } from '../../../domain/index.ts';
import {
  aGroup,
  aWorld,
  catalog,
  forward,
  memberOf,
  old,
  passedTrials,
  planOf,
  type World,
  worldCluster,
} from '../testing-world.ts';
import { observe } from '../testing-world-look.ts';
import type { KubernetesContext } from './check.ts';
import { checks } from './index.ts';

export const now = '2026-01-01T00:00:00.000Z';

export interface Change {
  readonly hop?: Hop;
  /** Changes of the world before it is looked at. */
  readonly world?: (world: World) => void;
  readonly etcd?: number;
  readonly seen?: Partial<SeenKubernetes>;
  readonly observation?: Partial<Observation<SeenKubernetes>>;
  readonly spec?: Partial<KubernetesCluster['spec']>;
  readonly trials?: readonly MemberTrial[];
  readonly context?: Partial<KubernetesContext>;
}

export function ask(id: string, change: Change = {}): CheckResult {
  const check = checks.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  return check.run(contextOf(change));
}

function contextOf(change: Change): KubernetesContext {
  const hop = change.hop ?? forward;
  const release = hop.nodegroup === undefined ? hop.from : hop.to;
  const world = aWorld({ release, etcd: change.etcd ?? 3, nodegroups: [aGroup('blue', 2)] });
  for (const node of ['blue-1', 'blue-2']) memberOf(world, node).release = old;
  world.pods.push({ name: 'web-1', app: 'web', node: 'blue-1', movingUntilMs: null });
  change.world?.(world);
  const observation = { ...observe(world), ...change.observation };
  if (observation.cluster.kind !== 'seen') throw new Error('seen');
  return {
    cluster: worldCluster(world, change.spec ?? {}),
    catalog,
    observation,
    seen: { ...observation.cluster.seen, ...change.seen },
    hop,
    hopIndex: 0,
    trials: change.trials ?? passedTrials(world, planOf([hop])),
    history: [{ from: old, to: hop.from, status: 'done', endedAt: '2025-12-31T00:00:00.000Z' }],
    now,
    ...change.context,
  };
}

/** `hazard node blue-1`, with `told` before it where it holds no start; or how it ended where nothing was found. */
export function subjectsOf(result: CheckResult): readonly string[] | Exclude<CheckResult['kind'], 'found'> {
  return result.kind === 'found'
    ? result.findings.map(({ kind, subject, loopWaits }) => `${loopWaits === true ? 'told ' : ''}${kind} ${subject}`)
    : result.kind;
}
