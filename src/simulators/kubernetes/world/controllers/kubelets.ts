/** What running kubelets do with the pods of their nodes. */
import { schedule } from '../clock.ts';
import { isPodReady } from '../eviction.ts';
import type { KubeObject, Moment, Stored, World } from '../model.ts';
import { changeObject, endPod } from '../objects.ts';
import { withReadiness } from '../pods.ts';
import { listOf, read } from '../store.ts';

interface OnNode {
  readonly pod: Stored;
  readonly node: string;
}

function podsOfKubelets(world: World): readonly OnNode[] {
  return listOf(world, '/pods').flatMap((pod) => {
    const { nodeName } = pod.object.spec as { readonly nodeName?: string };
    return nodeName !== undefined && world.kubelets.has(nodeName) ? [{ pod, node: nodeName }] : [];
  });
}

export function startPods(world: World, { nowMs, random }: Moment): void {
  for (const { pod, node } of podsOfKubelets(world)) {
    const { uid = '', deletionTimestamp, namespace = '', name } = pod.object.metadata;
    const { phase } = (pod.object.status ?? {}) as { readonly phase?: string };
    const over = phase === 'Succeeded' || phase === 'Failed' || deletionTimestamp !== undefined;
    if (over || isPodReady(pod.object)) continue;
    if (phase !== 'Running') changeObject(world, pod, running(world, pod.object, random, nowMs));
    schedule(world, {
      atMs: nowMs + world.knobs.podReadyMs * (0.8 + 0.4 * random()),
      name: `pod ${uid} is ready`,
      happen: (then, at) => {
        const found = read(then, '/pods', namespace, name);
        const same = found?.object.metadata.uid === uid && found.object.metadata.deletionTimestamp === undefined;
        if (found === undefined || !same || !then.kubelets.has(node) || !then.etcd.quorum) return;
        changeObject(then, found, withReadiness(then, found.object, true, at.nowMs));
      },
    });
  }
}

function running(world: World, pod: KubeObject, random: () => number, nowMs: number): KubeObject {
  const podIP = `10.244.${Math.floor(random() * 256)}.${1 + Math.floor(random() * 254)}`;
  const started = withReadiness(world, pod, false, nowMs);
  return { ...started, status: { ...(started.status as object), hostIP: '127.0.0.1', podIP, podIPs: [{ ip: podIP }] } };
}

/** Those that were to end while their kubelet was away. */
export function endPods(world: World, moment: Moment): void {
  for (const { pod } of podsOfKubelets(world)) {
    if (pod.object.metadata.deletionTimestamp !== undefined) endPod(world, pod.object, moment);
  }
}
