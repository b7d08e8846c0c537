/** Budgets: how many of their pods may go, and what becomes of the wish that one does. */
import type { KubeObject, Moment, Stored, World } from './model.ts';
import { changeObject, deleteObject } from './objects.ts';
import { type LabelSelector, selects } from './selectors.ts';
import { listOf } from './store.ts';

export type EvictionEnd =
  | { readonly kind: 'evicted' }
  /** The budget keeps it for now. */
  | { readonly kind: 'kept'; readonly budget: string; readonly message: string }
  | { readonly kind: 'several-budgets' }
  | { readonly kind: 'not-followed-up'; readonly budget: string };

interface BudgetSpec {
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly selector?: LabelSelector;
  readonly unhealthyPodEvictionPolicy?: string;
}

interface BudgetStatus {
  readonly disruptionsAllowed?: number;
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly expectedPods?: number;
  readonly observedGeneration?: number;
}

const budgets = 'policy/poddisruptionbudgets';

export function isPodReady({ status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

/** Evicts a pod if the budgets of its namespace allow it. */
export function evictPod(world: World, pod: Stored, moment: Moment, graceSeconds?: number, dryRun = false): EvictionEnd {
  const { metadata, status } = pod.object;
  const { phase } = (status ?? {}) as { readonly phase?: string };
  const free = phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || metadata.deletionTimestamp !== undefined;
  const evict = (): EvictionEnd => {
    if (!dryRun) deleteObject(world, pod, moment, graceSeconds);
    return { kind: 'evicted' };
  };
  if (free) return evict();
  const concerned = budgetsOf(world, pod.object);
  if (concerned.length > 1) return { kind: 'several-budgets' };
  const [budget] = concerned;
  if (budget === undefined) return evict();
  const found = budgetStatus(budget.object);
  const { unhealthyPodEvictionPolicy } = budget.object.spec as BudgetSpec;
  const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = found;
  if (!isPodReady(pod.object)) {
    const spare = currentHealthy >= desiredHealthy && desiredHealthy > 0;
    if (unhealthyPodEvictionPolicy === 'AlwaysAllow' || spare) return evict();
  }
  const { name } = budget.object.metadata;
  if ((found.observedGeneration ?? 0) < (budget.object.metadata.generation ?? 0))
    return { kind: 'not-followed-up', budget: name };
  if (disruptionsAllowed <= 0) {
    const message = `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
    return { kind: 'kept', budget: name, message };
  }
  if (dryRun) return { kind: 'evicted' };
  // Counted at once: the controller that counts healthy pods comes later.
  changeObject(world, budget, { ...budget.object, status: { ...found, disruptionsAllowed: disruptionsAllowed - 1 } });
  return evict();
}

export function budgetsOf(world: World, pod: KubeObject): readonly Stored[] {
  const { namespace = '', labels = {} } = pod.metadata;
  return listOf(world, budgets, namespace).filter(({ object }) => {
    const { selector } = object.spec as BudgetSpec;
    return selector !== undefined && selects(selector, labels);
  });
}

function budgetStatus(budget: KubeObject): BudgetStatus {
  return (budget.status ?? {}) as BudgetStatus;
}

/** The controller's part: how many are healthy, how many may go. */
export function countBudget(world: World, budget: Stored, nowText: string): void {
  const { object } = budget;
  const { selector, minAvailable, maxUnavailable } = object.spec as BudgetSpec;
  const pods = listOf(world, '/pods', object.metadata.namespace)
    .map((stored) => stored.object)
    .filter((pod) => selector !== undefined && selects(selector, pod.metadata.labels ?? {}))
    .filter((pod) => !['Succeeded', 'Failed'].includes(((pod.status ?? {}) as { phase?: string }).phase ?? ''));
  const expected = pods.length;
  const healthy = pods.filter((pod) => isPodReady(pod) && pod.metadata.deletionTimestamp === undefined).length;
  const wanted =
    maxUnavailable === undefined
      ? shareOf(minAvailable ?? 1, expected)
      : Math.max(0, expected - shareOf(maxUnavailable, expected));
  const disruptionsAllowed = Math.max(0, expected > 0 ? healthy - wanted : 0);
  const was = object.status as {
    readonly conditions?: readonly { readonly status: string; readonly lastTransitionTime: string }[];
  };
  const allowed = disruptionsAllowed > 0 ? 'True' : 'False';
  const before = was?.conditions?.[0];
  const observedGeneration = object.metadata.generation ?? 1;
  const status = {
    observedGeneration,
    disruptionsAllowed,
    currentHealthy: healthy,
    desiredHealthy: wanted,
    expectedPods: expected,
    conditions: [
      {
        type: 'DisruptionAllowed',
        status: allowed,
        observedGeneration,
        lastTransitionTime: before?.status === allowed ? before.lastTransitionTime : nowText,
        reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      },
    ],
  };
  changeObject(world, budget, { ...object, status });
}

/** Rounded up, as the real one does. */
function shareOf(value: number | string, of: number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? Number(value) || 0 : Math.ceil((Number(percent) * of) / 100);
}
