/** What the tests of this face put into their world. Every secret in it holds `marker`. */
import {
  type AccessKey,
  type Catalog,
  type Cluster,
  emptyLedger,
  type Finding,
  type KubernetesComponent,
  type KubernetesMemberSpec,
  type KubernetesSpec,
  type Observation,
  type Plan,
  type SeenElasticsearch,
  type SeenNode,
  type Upgrade,
  type UpgradeEvent,
} from '../../domain/index.ts';
import type { RequestedCluster } from './call.ts';

export const marker = 'MARKER-of-a-secret';
export const noon = '2026-11-24T12:00:00.000Z';
export const account = '100000000000';
export const clusterId = 'es-cn-abcdefgh12345678';
export const strangersClusterId = 'es-cn-strangers0000000';

/** UUIDs that a reader can tell apart. */
export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const catalog: Catalog = {
  engine: 'elasticsearch',
  releases: ['5.6.16', '6.3.2', '6.7.0', '9.2.8'].map((version) => ({
    version,
    java: { min: 8, max: 17 },
    artefacts: [{ kind: 'archive', url: `https://user:${marker}@mirror.example/${version}.zip`, sha256: 'aa' }],
    builds: [{ id: 'ali1.2.0', jvmOptions: [], settings: { 'secure.password': marker }, plugins: [] }],
    removedSettings: [],
    plugins: null,
    oldestIndexMajor: 5,
  })),
  edges: [
    { from: '5.6.16', to: '6.3.2', mode: 'rolling', requires: ['no multi-type indices'], oneWayDoors: ['the last 5.6 node'] },
    { from: '6.3.2', to: '6.7.0', mode: 'rolling', requires: [], oneWayDoors: [] },
  ],
};

export function sampleCluster(change: Partial<Cluster> = {}): Cluster {
  return {
    id: clusterId,
    engine: 'elasticsearch',
    origin: 'registered',
    name: 'logs',
    description: 'Logs of the shop',
    account,
    region: 'local',
    tags: { team: 'search' },
    spec: {
      kind: 'elasticsearch',
      clusterName: 'logs',
      nodes: ['n1', 'n2'].map((name, index) => ({
        name,
        host: 'local',
        url: `http://user:${marker}@127.0.0.1:920${index}`,
        httpPort: 9200 + index,
        transportPort: 9300 + index,
        zone: index === 0 ? 'a' : 'b',
        roles: ['master', 'data'],
        heapMb: 512,
        settingsFileOwner: 'clusterlift',
        folders: null,
      })),
      release: { version: '5.6.16', build: null },
      settings: { 'xpack.notification.password': marker },
      awarenessAttribute: 'zone',
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: 'elastic',
      hooks: { preStop: ['leave', marker], postStart: null },
      gateAfterFirstMember: false,
    },
    secrets: { password: marker },
    createdAt: noon,
    updatedAt: noon,
    provisioning: { state: 'ready' },
    deleteAfter: null,
    ...change,
  };
}

export const hazard: Finding = {
  check: 'es.settings-are-known',
  kind: 'hazard',
  hop: 0,
  subject: 'setting index.store.throttle.type',
  says: '6.3.2 does not know index.store.throttle.type.',
  evidence: ['elasticsearch.yml of n1'],
  remedy: 'Remove the setting.',
};

export const policyFinding: Finding = {
  check: 'es.snapshot-is-recent',
  kind: 'policy',
  hop: 0,
  subject: 'the cluster',
  says: 'There is no snapshot of the last hour.',
  evidence: [],
  remedy: 'Take a snapshot.',
};

export const waitedFor: Finding = { ...policyFinding, check: 'es.no-shard-moves', says: 'A shard moves.', loopWaits: true };

/** What the engine would make of it, as far as this face tells. */
export function sampleKubernetes({ release, ...said }: RequestedCluster): KubernetesSpec {
  const { serviceCidr = '10.96.0.0/16', flags = {}, soakMs = 60_000, gateAfterFirstMember = false } = said;
  const { drainTimeoutMs, apiservers = 2, etcd = 1, controllers = 2, endpoint } = said;
  const member = (component: KubernetesComponent, index: number): KubernetesMemberSpec => ({
    ...{ name: `${component}-${index + 1}`, component, host: 'local', address: '', port: 0, surge: false, nodegroup: null },
  });
  const several = (component: KubernetesComponent, count: number) =>
    Array.from({ length: count }, (_, index) => member(component, index));
  return {
    ...{
      kind: 'kubernetes',
      release,
      firstVersion: release.version,
      gateAfterFirstMember,
      nodegroups: [],
      endpoint: endpoint ?? '',
    },
    ...{ serviceCidr, flags, soakMs, authenticationUrl: null, face: {} },
    ...(drainTimeoutMs === undefined ? {} : { drainTimeoutMs }),
    members: [
      ...several('kube-apiserver', apiservers),
      ...several('etcd', etcd),
      ...several('kube-scheduler', controllers),
      ...several('front-door', endpoint === undefined ? 1 : 0),
    ],
  };
}

export function samplePlan(change: Partial<Plan> = {}): Plan {
  const from = { version: '5.6.16', build: null };
  const to = { version: '6.3.2', build: null };
  return {
    id: uuidOf(1),
    clusterId,
    engine: 'elasticsearch',
    from,
    to,
    hops: [
      {
        hop: { from, to, mode: 'rolling', requires: ['no multi-type indices'], oneWayDoors: ['the last 5.6 node'] },
        waves: [['n2'], ['n1']],
        estimateSeconds: 60,
        oneWayDoors: ['after n1: the last 5.6 node'],
      },
    ],
    reports: [
      { check: 'es.quorum-survives', asks: 'Does the quorum survive?', hop: 0, result: { kind: 'passed' } },
      {
        check: 'es.plugins-fit',
        asks: 'Do plugins fit?',
        hop: 0,
        result: { kind: 'not-applicable', because: 'There are none.' },
      },
    ],
    findings: [],
    touches: ['n1 and n2 are restarted'],
    estimateSeconds: 60,
    basis: 'n1 5.6.16, n2 5.6.16',
    gateAfterFirstMember: false,
    madeAt: noon,
    madeBy: 'LTAItests',
    ...change,
  };
}

export function sampleUpgrade(change: Partial<Upgrade> = {}): Upgrade {
  return {
    id: uuidOf(100),
    clusterId,
    planId: uuidOf(1),
    from: { version: '5.6.16', build: null },
    to: { version: '6.3.2', build: null },
    status: 'running',
    intent: 'go',
    generation: 3,
    reason: { code: 'es.joining', subject: 'n2', says: 'n2 is starting.', clearedBy: 'It joins.', evidence: ['a line'] },
    ledger: {
      ...emptyLedger,
      generation: 3,
      inHand: [{ name: 'n2', nodeId: 'id-2', ephemeralId: 'e-2', process: { pid: 4711, startTime: '1' } }],
      ownerSettings: { 'persistent:secret.thing': marker },
    },
    recorded: [policyFinding],
    acknowledged: ['es.snapshot-is-recent'],
    startedBy: 'LTAItests',
    createdAt: noon,
    updatedAt: noon,
    endedAt: null,
    ...change,
  };
}

export function sampleEvent(seq: number, change: Partial<UpgradeEvent> = {}): UpgradeEvent {
  return {
    seq,
    upgradeId: uuidOf(100),
    at: noon,
    kind: 'remark',
    generation: 3,
    move: null,
    members: [],
    says: `Event ${seq}.\nIn two lines.`,
    reason: null,
    actor: null,
    ...change,
  };
}

export function sampleKey(change: Partial<AccessKey> = {}): AccessKey {
  return {
    id: 'LTAItests',
    secret: `the secret, ${marker}`,
    account,
    description: 'of the tests',
    status: 'active',
    policy: null,
    createdAt: noon,
    ...change,
  };
}

export function sampleObservation(): Observation<SeenElasticsearch> {
  const node = (index: number) =>
    ({
      nodeId: `id-${index}`,
      name: `n${index}`,
      settings: { 'bootstrap.password': marker },
      jvmInputArguments: [marker],
    }) as unknown;
  return {
    at: noon,
    members: [
      {
        name: 'n1',
        process: { state: 'running', identity: { pid: 4710, startTime: '1' }, release: null, startedAt: noon },
        running: { version: '5.6.16', build: null },
        joined: { nodeId: 'id-1', ephemeralId: 'e-1' },
      },
      {
        name: 'n2',
        process: { state: 'stopped', release: null, exitCode: 1, lastLines: ['no room'] },
        running: null,
        joined: null,
      },
      { name: 'n3', process: { state: 'unknown', because: 'the host is away' }, running: null, joined: null },
      { name: 'n4', process: { state: 'absent' }, running: null, joined: null },
    ],
    cluster: {
      kind: 'seen',
      seen: {
        masterNodeId: 'id-1',
        nodes: [node(1), node(2)] as readonly SeenNode[],
        health: {
          status: 'yellow',
          timedOut: false,
          numberOfNodes: 1,
          initializing: 1,
          relocating: 0,
          unassigned: 4,
          delayedUnassigned: 0,
          inFlightFetch: 0,
          pendingTasks: 2,
          maxTaskWaitMs: 5,
        },
        persistentSettings: { 'xpack.secret': marker },
      } as unknown as SeenElasticsearch,
    },
    hosts: {
      local: { kind: 'seen', javas: [17], freeMemoryBytes: 1e9, prefetched: ['6.3.2'], generation: 3 },
      far: { kind: 'unreachable', because: 'no route' },
    },
    unknowns: ['snapshots of repository nightly: HTTP 500'],
  };
}
