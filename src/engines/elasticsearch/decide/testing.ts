/**
 * A small world for tests of decide: nodes, copies and settings as plain values that moves change at once. It is no
 * simulator: no time passes in it but the test's, no shard takes long, nothing answers HTTP.
 */
import type {
  ElasticsearchCluster,
  ElasticsearchNodeSpec,
  Hop,
  MemberTrial,
  Observation,
  Plan,
  Release,
  SeenElasticsearch,
  SeenIndex,
  SeenNode,
  SeenShardCopy,
} from '../../../domain/index.ts';

export interface WorldNode {
  readonly spec: ElasticsearchNodeSpec;
  running: boolean;
  joined: boolean;
  release: Release;
  launches: number;
  /** Its owner started it, so its host's record says that it is stopped: with the process id that it tells, null where it tells none. */
  startedByOwner?: { readonly pid: number | null } | null;
  /** Refuses to start at this version, with these last lines. */
  refuses: { version: string; lines: readonly string[] } | null;
}

export interface WorldCopy {
  index: string;
  shard: number;
  primary: boolean;
  node: string | null;
  /** For an unassigned copy that can never be assigned. */
  blockedBy: readonly string[] | null;
}

export interface World {
  readonly nodes: WorldNode[];
  copies: WorldCopy[];
  master: string;
  persistent: Record<string, string>;
  transient: Record<string, string>;
  /** Names and the major version in which each was created. */
  indices: Record<string, number>;
  nowMs: number;
  /** Another cluster answers in its place: its id. */
  otherCluster?: string;
  /** Releases that lie ready on the host. */
  readonly prefetched: string[];
  readonly violations: string[];
  readonly acts: string[];
}

export const from: Release = { version: '5.5.3', build: null };
export const to: Release = { version: '5.6.16', build: null };
export const theHop: Hop = { from, to, mode: 'rolling', requires: [], oneWayDoors: [] };

export function nodeSpec(name: string, change: Partial<ElasticsearchNodeSpec> = {}): ElasticsearchNodeSpec {
  return {
    name,
    host: 'local',
    url: `http://127.0.0.1/${name}`,
    httpPort: 9200,
    transportPort: 9300,
    zone: null,
    roles: ['master', 'data', 'ingest'],
    heapMb: 256,
    settingsFileOwner: 'clusterlift',
    folders: null,
    ...change,
  };
}

export function aWorld(specs: readonly ElasticsearchNodeSpec[], copies: readonly WorldCopy[] = []): World {
  return {
    nodes: specs.map((spec) => ({ spec, running: true, joined: true, release: from, launches: 1, refuses: null })),
    copies: copies.map((copy) => ({ ...copy })),
    master: specs.find((spec) => spec.roles.includes('master'))?.name ?? '',
    persistent: {},
    transient: {},
    indices: {},
    nowMs: Date.parse('2026-01-01T00:00:00.000Z'),
    prefetched: ['5.5.3', '5.6.16', '6.3.2', '5.5.3+ali1.2.0'],
    violations: [],
    acts: [],
  };
}

/** `index` with one shard that has its primary on the first node and replicas on the others. */
export function shardOn(index: string, ...nodes: readonly string[]): WorldCopy[] {
  return nodes.map((node, position) => ({ index, shard: 0, primary: position === 0, node, blockedBy: null }));
}

export function worldCluster(world: World, change: Partial<ElasticsearchCluster['spec']> = {}): ElasticsearchCluster {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    id: 'es-cn-test',
    engine: 'elasticsearch',
    origin: 'created',
    name: 'test',
    description: '',
    account: 'a',
    region: 'r',
    tags: {},
    secrets: {},
    createdAt: at,
    updatedAt: at,
    provisioning: { state: 'ready' },
    deleteAfter: null,
    spec: {
      kind: 'elasticsearch',
      clusterName: 'test',
      nodes: world.nodes.map((node) => node.spec),
      release: from,
      settings: {},
      awarenessAttribute: null,
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: null,
      hooks: { preStop: null, postStart: null },
      gateAfterFirstMember: false,
      ...change,
    },
  };
}

export function planOf(hops: readonly Hop[] = [theHop], gateAfterFirstMember = false): Plan {
  const first = hops[0] ?? theHop;
  return {
    id: 'plan',
    clusterId: 'es-cn-test',
    engine: 'elasticsearch',
    from: first.from,
    to: (hops.at(-1) ?? first).to,
    hops: hops.map((hop) => ({ hop, waves: [], estimateSeconds: 0, oneWayDoors: [] })),
    reports: [],
    findings: [],
    touches: [],
    estimateSeconds: 0,
    basis: 'uuid',
    gateAfterFirstMember,
    madeAt: '2026-01-01T00:00:00.000Z',
    madeBy: 'test',
  };
}

export function passedTrials(world: World, plan: Plan): readonly MemberTrial[] {
  return plan.hops.flatMap(({ hop }) =>
    world.nodes.map((node) => ({
      key: { clusterId: 'es-cn-test', member: node.spec.name, release: hop.to, settingsHash: 'x' },
      outcome: { kind: 'passed' as const, at: '2026-01-01T00:00:00.000Z', tookMs: 1, archive: null },
    })),
  );
}

export function observe(world: World): Observation<SeenElasticsearch> {
  const joined = world.nodes.filter((node) => node.joined);
  return {
    at: new Date(world.nowMs).toISOString(),
    members: world.nodes.map((node) => ({
      name: node.spec.name,
      process:
        node.running && (node.startedByOwner ?? null) === null
          ? {
              state: 'running',
              identity: { pid: node.launches, startTime: `${node.spec.name}#${node.launches}` },
              release: node.release,
              startedAt: null,
            }
          : { state: 'stopped', release: node.release, exitCode: 1, lastLines: node.refuses?.lines ?? [] },
      running: node.joined ? node.release : null,
      joined: node.joined ? { nodeId: node.spec.name, ephemeralId: `${node.spec.name}#${node.launches}` } : null,
    })),
    cluster:
      joined.length === 0 ? { kind: 'unreachable', because: 'no node answers' } : { kind: 'seen', seen: seenOf(world, joined) },
    hosts: {
      local: {
        kind: 'seen',
        javas: [17],
        freeMemoryBytes: null,
        prefetched: world.prefetched,
        generation: 1,
      },
    },
    unknowns: [],
  };
}

function seenOf(world: World, joined: readonly WorldNode[]): SeenElasticsearch {
  const unassigned = world.copies.filter((copy) => copy.node === null);
  const absent = { known: false, because: 'not asked', absent: true } as const;
  return {
    stateUuid: `state-${world.acts.length}`,
    stateVersion: world.acts.length,
    clusterName: 'test',
    clusterUuid: world.otherCluster ?? 'uuid',
    masterNodeId: world.master,
    nodes: joined.map(seenNode),
    health: {
      status: unassigned.some((copy) => copy.primary) ? 'red' : unassigned.length > 0 ? 'yellow' : 'green',
      timedOut: false,
      numberOfNodes: joined.length,
      initializing: 0,
      relocating: 0,
      unassigned: unassigned.length,
      delayedUnassigned: 0,
      inFlightFetch: 0,
      pendingTasks: 0,
      maxTaskWaitMs: 0,
    },
    shards: world.copies.map(seenCopy),
    indices: Object.entries(world.indices).map(([name, createdMajor]) => seenIndex(name, createdMajor)),
    templates: [],
    persistentSettings: world.persistent,
    transientSettings: world.transient,
    votingNodeIds: joined.filter((node) => node.spec.roles.includes('master')).map((node) => node.spec.name),
    minimumMasterNodes: Math.floor(world.nodes.filter((node) => node.spec.roles.includes('master')).length / 2) + 1,
    snapshots: absent,
    repositories: absent,
    snapshotRunning: absent,
    watermarks: { enabled: true, low: '85%', high: '90%', flood: null, headroom: { low: null, high: null } },
    votingExclusions: absent,
    shutdownRecords: absent,
    deprecations: absent,
    systemFeatures: absent,
    mlEnabled: absent,
    mlUpgradeMode: absent,
    mlOpenJobs: absent,
    ilmMode: absent,
  };
}

function seenIndex(name: string, createdMajor: number): SeenIndex {
  return {
    name,
    uuid: name,
    state: 'open',
    createdMajor,
    createdVersion: `${createdMajor}.0.0`,
    replicas: 1,
    autoExpandReplicas: null,
    mappingTypes: [],
    settings: {},
    blocks: [],
  };
}

function seenNode(node: WorldNode): SeenNode {
  return {
    nodeId: node.spec.name,
    ephemeralId: `${node.spec.name}#${node.launches}`,
    name: node.spec.name,
    version: node.release.version,
    roles: node.spec.roles,
    zone: node.spec.zone,
    pid: (node.startedByOwner ?? null) === null ? node.launches : (node.startedByOwner?.pid ?? null),
    plugins: [],
    modules: [],
    flavor: null,
    settings: {},
    jvmInputArguments: [],
    javaVersion: '17',
    heapUsedPercent: 10,
    diskUsedPercent: 10,
    diskFreeBytes: 1e12,
    build: node.release.build,
  };
}

function seenCopy(copy: WorldCopy): SeenShardCopy {
  return {
    index: copy.index,
    shard: copy.shard,
    primary: copy.primary,
    state: copy.node === null ? 'UNASSIGNED' : 'STARTED',
    nodeId: copy.node,
    relocatingTo: null,
    inSync: copy.node !== null,
    unassignedReason: copy.node === null ? 'NODE_LEFT' : null,
    delayed: false,
    blockedBy: copy.node === null ? copy.blockedBy : null,
  };
}
