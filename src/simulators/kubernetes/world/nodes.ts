/** Nodes: what their kubelets say of them, and what is found when a kubelet is gone. */
import { schedule, timeAt, unschedule } from './clock.ts';
import { acquireLease } from './leases.ts';
import type { KubeObject, Moment, Stored, World } from './model.ts';
import { changeObject, deleteObject, makeObject } from './objects.ts';
import { withReadiness } from './pods.ts';
import { listOf, read } from './store.ts';

export interface NodeStart {
  readonly name: string;
  /** `1.36.1`. */
  readonly version: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly address?: string;
  /** Free pod places; absent: 110. */
  readonly pods?: number;
}

/** A kubelet runs: it makes its Node or takes it over as it is (a cordon stays), and it is ready. Tried again while etcd does not write. */
export function startKubelet(world: World, start: NodeStart, moment: Moment): void {
  const { name, version } = start;
  world.kubelets.set(name, { name, version, startedMs: moment.nowMs });
  unschedule(world, `kubelet ${name} is gone`);
  registerNode(world, start, moment);
}

const registerAgainMs = 5_000;

function registerNode(world: World, start: NodeStart, moment: Moment): void {
  const { name, version } = start;
  if (world.kubelets.get(name)?.version !== version) return;
  if (!world.etcd.quorum || world.etcd.noSpace) {
    const happen = (then: World, at: Moment) => registerNode(then, start, at);
    schedule(world, { atMs: moment.nowMs + registerAgainMs, name: `kubelet ${name} registers`, happen });
    return;
  }
  const found = read(world, '/nodes', '', name);
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...start.labels,
  };
  const status = statusOf(world, start, moment);
  acquireLease(world, { namespace: 'kube-node-lease', name, holder: name, durationSeconds: 40 }, moment);
  if (found === undefined) {
    const spec = start.taints === undefined || start.taints.length === 0 ? {} : { taints: start.taints };
    makeObject(world, '/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec, status }, moment);
    return;
  }
  const { metadata } = found.object;
  const merged = { ...metadata, labels: { ...metadata.labels, ...labels } };
  changeObject(world, found, { ...withoutTaints(found.object), metadata: merged, status });
}

/** The kubelet ended. After its grace its node is no longer ready, where a controller manager leads. */
export function stopKubelet(world: World, name: string, moment: Moment): void {
  if (!world.kubelets.delete(name)) return;
  schedule(world, {
    atMs: moment.nowMs + world.knobs.nodeGraceMs,
    name: `kubelet ${name} is gone`,
    happen: (then, at) => noticeGone(then, name, at),
  });
}

const noticeAgainMs = 5_000;

function noticeGone(world: World, name: string, moment: Moment): void {
  if (world.kubelets.has(name)) return;
  const found = read(world, '/nodes', '', name);
  if (found === undefined) return;
  if (!world.controllers.manager || !world.etcd.quorum || world.etcd.noSpace) {
    const happen = (then: World, at: Moment) => noticeGone(then, name, at);
    schedule(world, { atMs: moment.nowMs + noticeAgainMs, name: `kubelet ${name} is gone`, happen });
    return;
  }
  markUnknown(world, found, moment);
}

const unreachable = 'node.kubernetes.io/unreachable';

function markUnknown(world: World, found: Stored, moment: Moment): void {
  const lastTransitionTime = timeAt(world, moment.nowMs);
  const status = found.object.status as { readonly conditions?: readonly Record<string, unknown>[] };
  const conditions = (status.conditions ?? []).map((condition) => ({
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime,
  }));
  const spec = found.object.spec as { readonly taints?: readonly object[] } | undefined;
  const taints = [
    ...(spec?.taints ?? []),
    { key: unreachable, effect: 'NoSchedule', timeAdded: lastTransitionTime },
    { key: unreachable, effect: 'NoExecute', timeAdded: lastTransitionTime },
  ];
  const { name } = found.object.metadata;
  changeObject(world, found, { ...found.object, spec: { ...spec, taints }, status: { ...status, conditions } });
  for (const pod of podsOn(world, name)) changeObject(world, pod, withReadiness(world, pod.object, false, moment.nowMs));
  schedule(world, {
    atMs: moment.nowMs + podsLeaveMs,
    name: `pods leave ${name}`,
    happen: (then, at) => {
      if (then.kubelets.has(name)) return;
      for (const pod of podsOn(then, name)) deleteObject(then, pod, at);
    },
  });
}

/** Pods tolerate a node that does not answer for so long. */
const podsLeaveMs = 300_000;

function podsOn(world: World, node: string): readonly Stored[] {
  return listOf(world, '/pods').filter(({ object }) => (object.spec as { readonly nodeName?: string }).nodeName === node);
}

function withoutTaints(node: KubeObject): KubeObject {
  const spec = (node.spec ?? {}) as { readonly taints?: readonly { readonly key: string }[] };
  const { taints = [], ...rest } = spec;
  const left = taints.filter(({ key }) => key !== unreachable && key !== 'node.kubernetes.io/not-ready');
  return { ...node, spec: left.length === 0 ? rest : { ...rest, taints: left } };
}

const healthy = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

function statusOf(world: World, { name, version, address = '127.0.0.1', pods = 110 }: NodeStart, { nowMs }: Moment) {
  const now = timeAt(world, nowMs);
  const room = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '100Gi', pods: String(pods) };
  return {
    capacity: room,
    allocatable: room,
    conditions: healthy.map(([type, status, reason, message]) => ({
      type,
      status,
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason,
      message,
    })),
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: '6.1.0-simulated',
      osImage: 'Simulated Linux',
      containerRuntimeVersion: 'simulated://1.0.0',
      kubeletVersion: `v${version}`,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  };
}
