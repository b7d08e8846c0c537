import { timeAt } from './clock.ts';
import type { KubeObject, World } from './model.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
}

/** The pod with its containers ready, or not. */
export function withReadiness(world: World, pod: KubeObject, ready: boolean, nowMs: number): KubeObject {
  const now = timeAt(world, nowMs);
  const status = (pod.status ?? {}) as { readonly conditions?: readonly Condition[]; readonly startTime?: string };
  const text = ready ? 'True' : 'False';
  const wanted: readonly Condition[] = [
    { type: 'PodScheduled', status: 'True' },
    { type: 'Initialized', status: 'True' },
    { type: 'ContainersReady', status: text },
    { type: 'Ready', status: text },
  ];
  const conditions = wanted.map((condition) => {
    const was = (status.conditions ?? []).find(({ type }) => type === condition.type);
    return was?.status === condition.status ? was : { ...condition, lastProbeTime: null, lastTransitionTime: now };
  });
  const { containers = [] } = pod.spec as { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
  const containerStatuses = containers.map(({ name, image = '' }) => ({
    name,
    image,
    imageID: image,
    containerID: `simulated://${pod.metadata.uid}/${name}`,
    ready,
    started: ready,
    restartCount: 0,
    lastState: {},
    state: { running: { startedAt: status.startTime ?? now } },
  }));
  return {
    ...pod,
    status: {
      qosClass: 'BestEffort',
      ...status,
      phase: 'Running',
      startTime: status.startTime ?? now,
      conditions,
      containerStatuses,
    },
  };
}
