/**
 * A small world for tests of rules: a control plane, nodes, pods and budgets as plain values that acts change at once. It is
 * no simulator: no time passes in it but the test's, and nothing answers HTTP.
 */
import type {
  Hop,
  KubernetesCluster,
  KubernetesComponent,
  KubernetesMemberSpec,
  MemberTrial,
  NodegroupSpec,
  Plan,
  Release,
} from '../../domain/index.ts';
import { forward, old } from './testing-catalog.ts';

export { aHop, backward, catalog, forward, old, oldBuild, older, patch, patchOf, withEtcd, young } from './testing-catalog.ts';

export const clusterUid = 'uid-of-the-cluster';
export const startedAt = '2026-01-01T00:00:00.000Z';

export interface WorldMember {
  readonly spec: KubernetesMemberSpec;
  process: 'running' | 'stopped' | 'absent' | 'unknown';
  pid: number;
  release: Release;
  /** Of an apiserver. */
  emulate: string | null;
  /** Ready from then on, while what it needs serves; a start that never gets ready is at infinity. */
  readyAtMs: number;
  startedAtMs: number;
  /** It was told to end, and serves nobody more until then. */
  endsAtMs: number | null;
  leader: boolean;
  lastLines: readonly string[];
  alarms: string[];
  launches: number;
  /** Of a node. */
  uid: string;
  cordoned: 'no' | 'ours' | 'owner';
}

export interface WorldPod {
  readonly name: string;
  readonly app: string;
  node: string;
  /** Evicted or deleted, and on its way to another node until then. */
  movingUntilMs: number | null;
}

export interface WorldBudget {
  readonly name: string;
  readonly app: string;
  readonly minAvailable: number;
}

/** What a start comes to: by default it gets ready after some seconds. */
export type StartEnds = 'ready' | 'ends' | 'never-ready';

export interface World {
  readonly members: WorldMember[];
  readonly nodegroups: readonly NodegroupSpec[];
  pods: WorldPod[];
  budgets: WorldBudget[];
  nowMs: number;
  pids: number;
  readonly acts: string[];
  readonly violations: string[];
  /** How each start ends, by `NAME VERSION+BUILD` and `NAME VERSION+BUILD as MINOR`. */
  starts: (start: string) => StartEnds;
  readyAfterMs: number;
  /** Until another one leads in the place of one that ended. */
  leaseMs: number;
  readonly leaderlessSinceMs: Map<KubernetesComponent, number>;
  prefetched: string[];
  /** Members that are away because the test made them so: promises about them are the test's to break. */
  readonly fallen: Set<string>;
  soakMs: number;
  /** As its host tells it; null: it does not. */
  freeMemoryBytes: number | null;
  drainTimeoutMs: number | null;
  otherCluster: string | null;
  /** The host of everything cannot be asked. */
  hostAway: boolean;
}

export interface WorldSize {
  readonly release?: Release;
  readonly etcd?: number;
  readonly apiservers?: number;
  readonly surge?: boolean;
  readonly controllers?: number;
  readonly etcdVersion?: string;
  readonly leaseMs?: number;
  readonly nodegroups?: readonly NodegroupSpec[];
}

export function memberSpec(
  name: string,
  component: KubernetesComponent,
  change: Partial<KubernetesMemberSpec> = {},
): KubernetesMemberSpec {
  return { name, component, host: 'local', address: '127.77.3.1', port: 6443, surge: false, nodegroup: null, ...change };
}

export function aGroup(
  name: string,
  size: number,
  change: Partial<NodegroupSpec> & { readonly surge?: boolean } = {},
): NodegroupSpec {
  const { surge = true, ...rest } = change;
  const names = Array.from({ length: size }, (_, index) => `${name}-${index + 1}`);
  return {
    name,
    release: old,
    nodes: [
      ...names.map((node) => memberSpec(node, 'node', { nodegroup: name })),
      ...(surge ? [memberSpec(`${name}-surge`, 'node', { nodegroup: name, surge: true })] : []),
    ],
    minSize: 0,
    maxSize: 9,
    maxUnavailable: 1,
    labels: {},
    taints: [],
    createdAt: startedAt,
    modifiedAt: startedAt,
    deleting: false,
    tags: {},
    face: {},
    ...rest,
  };
}

function numbered(count: number, name: string, component: KubernetesComponent): readonly KubernetesMemberSpec[] {
  return Array.from({ length: count }, (_, index) => memberSpec(`${name}-${index + 1}`, component));
}

export function aWorld(size: WorldSize = {}): World {
  const release = size.release ?? old;
  const etcd: Release = { version: size.etcdVersion ?? (release.version === '1.35' ? '3.5.35' : '3.6.16'), build: null };
  const nodegroups = size.nodegroups ?? [];
  const specs = [
    ...numbered(size.etcd ?? 1, 'etcd', 'etcd'),
    ...numbered(size.apiservers ?? 2, 'apiserver', 'kube-apiserver'),
    ...(size.surge === false ? [] : [memberSpec('apiserver-surge', 'kube-apiserver', { surge: true })]),
    ...numbered(size.controllers ?? 2, 'controller-manager', 'kube-controller-manager'),
    ...numbered(size.controllers ?? 2, 'scheduler', 'kube-scheduler'),
    memberSpec('front-door', 'front-door'),
    ...nodegroups.flatMap((group) => group.nodes),
  ];
  const world: World = {
    members: specs.map((spec, index) => ({
      spec,
      process: spec.surge ? 'absent' : 'running',
      pid: index + 1,
      release: spec.component === 'etcd' ? etcd : (nodegroups.find(({ name }) => name === spec.nodegroup)?.release ?? release),
      emulate: null,
      readyAtMs: 0,
      startedAtMs: 0,
      endsAtMs: null,
      leader: spec.name.endsWith('-1'),
      lastLines: [],
      alarms: [],
      launches: spec.surge ? 0 : 1,
      uid: `uid-${spec.name}`,
      cordoned: 'no',
    })),
    nodegroups,
    pods: [],
    budgets: [],
    nowMs: Date.parse(startedAt),
    pids: specs.length,
    acts: [],
    violations: [],
    starts: () => 'ready',
    readyAfterMs: 5_000,
    leaseMs: size.leaseMs ?? 0,
    leaderlessSinceMs: new Map(),
    prefetched: ['1.35+eks.4', '1.36+eks.1', '1.36+eks.3', '1.37+eks.2', '3.5.35', '3.6.16'],
    fallen: new Set(),
    soakMs: 10_000,
    freeMemoryBytes: 8 * 2 ** 30,
    drainTimeoutMs: null,
    otherCluster: null,
    hostAway: false,
  };
  return world;
}

export function memberOf(world: World, name: string): WorldMember {
  const member = world.members.find(({ spec }) => spec.name === name);
  if (member === undefined) throw new Error(`there is no ${name}`);
  return member;
}

export function ofKind(world: World, ...components: readonly KubernetesComponent[]): readonly WorldMember[] {
  return world.members.filter(({ spec }) => components.includes(spec.component));
}

export function worldCluster(world: World, change: Partial<KubernetesCluster['spec']> = {}): KubernetesCluster {
  return {
    id: 'k8s-test',
    engine: 'kubernetes',
    origin: 'created',
    name: 'test',
    description: '',
    account: 'a',
    region: 'r',
    tags: {},
    secrets: {},
    createdAt: startedAt,
    updatedAt: startedAt,
    provisioning: { state: 'ready' },
    deleteAfter: null,
    spec: {
      kind: 'kubernetes',
      release: old,
      firstVersion: '1.35',
      gateAfterFirstMember: false,
      members: world.members.map(({ spec }) => spec).filter(({ component }) => component !== 'node'),
      nodegroups: world.nodegroups,
      endpoint: 'https://127.77.3.1:6443',
      serviceCidr: '10.96.0.0/16',
      flags: {},
      soakMs: world.soakMs,
      ...(world.drainTimeoutMs === null ? {} : { drainTimeoutMs: world.drainTimeoutMs }),
      authenticationUrl: null,
      face: {},
      ...change,
    },
  };
}

export function planOf(hops: readonly Hop[], change: Partial<Plan> = {}): Plan {
  const first = hops[0] ?? forward;
  return {
    id: 'p',
    clusterId: 'k8s-test',
    engine: 'kubernetes',
    from: first.from,
    to: (hops.at(-1) ?? first).to,
    hops: hops.map((hop) => ({ hop, waves: [], estimateSeconds: 0, oneWayDoors: [] })),
    reports: [],
    findings: [],
    touches: [],
    estimateSeconds: 0,
    basis: `${clusterUid} and so on`,
    gateAfterFirstMember: false,
    madeAt: startedAt,
    madeBy: 'k',
    ...change,
  };
}

export function passedTrials(world: World, plan: Plan): readonly MemberTrial[] {
  return world.members.flatMap(({ spec }) =>
    plan.hops.map(({ hop }) => ({
      key: { clusterId: 'k8s-test', member: spec.name, release: hop.to, settingsHash: '' },
      outcome: { kind: 'passed' as const, at: startedAt, tookMs: 1, archive: null },
    })),
  );
}
