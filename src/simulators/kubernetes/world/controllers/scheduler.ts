import { timeAt } from '../clock.ts';
import type { KubeObject, Moment, World } from '../model.ts';
import { isNodeReady } from '../node-conditions.ts';
import { changeObject } from '../objects.ts';
import { byCode, listOf } from '../store.ts';

interface PodSpec {
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly value?: string;
    readonly effect?: string;
  }[];
}

interface NodeSpec {
  readonly unschedulable?: boolean;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

const placesAtMost = 110;

/** Each waiting pod goes to the node that takes it and has the fewest. */
export function schedulePods(world: World, { nowMs }: Moment): void {
  const waiting = listOf(world, '/pods').filter(
    ({ object }) => (object.spec as PodSpec).nodeName === undefined && object.metadata.deletionTimestamp === undefined,
  );
  if (waiting.length === 0) return;
  const counts = new Map<string, number>();
  for (const { object } of listOf(world, '/pods')) {
    const { nodeName } = object.spec as PodSpec;
    if (nodeName !== undefined) counts.set(nodeName, (counts.get(nodeName) ?? 0) + 1);
  }
  const nodes = listOf(world, '/nodes').map(({ object }) => object);
  for (const pod of waiting) {
    const [best] = nodes
      .filter((node) => takes(node, pod.object.spec as PodSpec))
      .map((node) => node.metadata.name)
      .filter((name) => (counts.get(name) ?? 0) < placesAtMost)
      .sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || byCode(a, b));
    if (best === undefined) {
      changeObject(world, pod, unschedulable(world, pod.object, nodes.length, nowMs));
      continue;
    }
    counts.set(best, (counts.get(best) ?? 0) + 1);
    const condition = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timeAt(world, nowMs) };
    const spec = { ...(pod.object.spec as object), nodeName: best };
    changeObject(world, pod, { ...pod.object, spec, status: { ...(pod.object.status as object), conditions: [condition] } });
  }
}

function takes(node: KubeObject, { nodeSelector = {}, tolerations = [] }: PodSpec): boolean {
  const { unschedulable = false, taints = [] } = (node.spec ?? {}) as NodeSpec;
  const labels = node.metadata.labels ?? {};
  const tolerated = taints
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .every((taint) =>
      tolerations.some(
        ({ key, operator = 'Equal', value = '', effect }) =>
          (key === undefined || key === taint.key) &&
          (operator === 'Exists' || value === (taint.value ?? '')) &&
          (effect === undefined || effect === '' || effect === taint.effect),
      ),
    );
  const chosen = Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);
  return !unschedulable && isNodeReady(node) && tolerated && chosen;
}

function unschedulable(world: World, pod: KubeObject, nodes: number, nowMs: number): KubeObject {
  const was = (pod.status ?? {}) as { readonly conditions?: readonly { readonly lastTransitionTime: string }[] };
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: was.conditions?.[0]?.lastTransitionTime ?? timeAt(world, nowMs),
    reason: 'Unschedulable',
    message: `0/${nodes} nodes are available.`,
  };
  return { ...pod, status: { ...was, phase: 'Pending', conditions: [condition] } };
}
