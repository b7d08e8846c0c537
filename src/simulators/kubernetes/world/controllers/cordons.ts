import { timeAt } from '../clock.ts';
import type { Moment, World } from '../model.ts';
import { changeObject } from '../objects.ts';
import { listOf } from '../store.ts';

const cordoned = 'node.kubernetes.io/unschedulable';

interface NodeSpec {
  readonly unschedulable?: boolean;
  readonly taints?: readonly { readonly key: string; readonly effect: string; readonly timeAdded?: string }[];
}

/** A node that takes no pods is tainted, for those who look at taints alone. */
export function taintCordoned(world: World, { nowMs }: Moment): void {
  for (const found of listOf(world, '/nodes')) {
    const { taints = [], ...spec } = (found.object.spec ?? {}) as NodeSpec;
    const wanted = spec.unschedulable === true;
    if (wanted === taints.some(({ key }) => key === cordoned)) continue;
    const others = taints.filter(({ key }) => key !== cordoned);
    const added = wanted ? [{ key: cordoned, effect: 'NoSchedule', timeAdded: timeAt(world, nowMs) }] : [];
    const all = [...others, ...added];
    changeObject(world, found, { ...found.object, spec: all.length === 0 ? spec : { ...spec, taints: all } });
  }
}
