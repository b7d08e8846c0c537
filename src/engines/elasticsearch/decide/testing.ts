/**
 * A small world for tests of decide: nodes, copies and settings as plain values that moves change at once. It is no
 * simulator: no time passes in it but the test's, no shard takes long, nothing answers HTTP.
 */
import {
  type Catalog,
  type Cluster,
  type DecideInput,
  type Decision,
  type ElasticsearchNodeSpec,
  emptyLedger,
  type Hop,
  type Intent,
  type Ledger,
  type MemberTrial,
  type Observation,
  type Plan,
  type Release,
  type SeenElasticsearch,
  type SeenNode,
  type SeenShardCopy,
  showRelease,
} from '../../../domain/index.ts';
import { split } from './allocation.ts';
import { decide } from './index.ts';

export interface WorldNode {
  readonly spec: ElasticsearchNodeSpec;
  running: boolean;
  joined: boolean;
  release: Release;
  launches: number;
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
  nowMs: number;
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
    nowMs: Date.parse('2026-01-01T00:00:00.000Z'),
    violations: [],
    acts: [],
  };
}

/** `index` with one shard that has its primary on the first node and replicas on the others. */
export function shardOn(index: string, ...nodes: readonly string[]): WorldCopy[] {
  return nodes.map((node, position) => ({ index, shard: 0, primary: position === 0, node, blockedBy: null }));
}

export function worldCluster(world: World, change: Partial<Cluster['spec']> = {}): Cluster {
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
    basis: '',
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
      process: node.running
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
        prefetched: ['5.6.16', '6.3.2', '5.5.3+ali1.2.0'],
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
    clusterUuid: 'uuid',
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
    indices: [],
    templates: [],
    persistentSettings: world.persistent,
    transientSettings: world.transient,
    votingNodeIds: joined.filter((node) => node.spec.roles.includes('master')).map((node) => node.spec.name),
    minimumMasterNodes: Math.floor(world.nodes.filter((node) => node.spec.roles.includes('master')).length / 2) + 1,
    snapshots: absent,
    repositories: absent,
    snapshotRunning: absent,
    watermarks: { low: '85%', high: '90%', flood: null },
    votingExclusions: absent,
    shutdownRecords: absent,
    deprecations: absent,
    systemFeatures: absent,
    mlEnabled: absent,
    ilmMode: absent,
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
    pid: node.launches,
    plugins: [],
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

/** Carries out an act at once. What it must never do is noted as a violation. */
export function perform(world: World, decision: Decision): void {
  const { move } = decision;
  if (move.do !== 'act') return;
  world.acts.push(`${move.move} ${move.on.map((identity) => identity.name).join(',')}`.trim());
  if (move.move === 'freeze' || move.move === 'thaw') {
    for (const [key, value] of Object.entries(move.parameters)) {
      const { level, name } = split(key);
      if (value === null) delete world[level][name];
      else world[level][name] = value;
    }
  }
  if (move.move === 'lift-member' || move.move === 'start-member') {
    const release = { version: move.parameters.version ?? '', build: move.parameters.build ?? null };
    if (move.move === 'lift-member')
      stopAll(
        world,
        move.on.map((identity) => identity.name),
      );
    for (const identity of move.on) start(world, identity.name, release);
  }
  heal(world);
}

export function stopAll(world: World, names: readonly string[]): void {
  for (const node of world.nodes.filter((candidate) => names.includes(candidate.spec.name))) {
    node.running = false;
    node.joined = false;
  }
  const left = world.nodes.filter((node) => node.joined);
  for (const shard of new Set(world.copies.map((copy) => `${copy.index}/${copy.shard}`))) {
    const copies = world.copies.filter((copy) => `${copy.index}/${copy.shard}` === shard);
    const before = copies.some((copy) => copy.node !== null);
    for (const copy of copies) if (copy.node !== null && names.includes(copy.node)) copy.node = null;
    const kept = copies.filter((copy) => copy.node !== null);
    if (before && kept.length === 0) world.violations.push(`${shard} lost its last copy when ${names.join(',')} stopped`);
    promote(copies);
  }
  const masters = world.nodes.filter((node) => node.spec.roles.includes('master'));
  const staying = left.filter((node) => node.spec.roles.includes('master'));
  if (staying.length * 2 <= masters.length) world.violations.push(`the quorum was lost when ${names.join(',')} stopped`);
  if (names.includes(world.master)) world.master = staying[0]?.spec.name ?? '';
}

function promote(copies: readonly WorldCopy[]): void {
  if (copies.some((copy) => copy.primary && copy.node !== null)) return;
  const heir = copies.find((copy) => copy.node !== null);
  const lost = copies.find((copy) => copy.primary);
  if (heir === undefined || lost === undefined) return;
  lost.primary = false;
  heir.primary = true;
}

function start(world: World, name: string, release: Release): void {
  const node = world.nodes.find((candidate) => candidate.spec.name === name);
  if (node === undefined || node.running) return;
  node.release = release;
  node.launches += 1;
  if (node.refuses?.version === release.version) return;
  node.running = true;
  node.joined = true;
  if (world.master === '') world.master = name;
}

/** Where allocation is on, unassigned copies that nothing blocks are made on nodes that may hold them. */
export function heal(world: World): void {
  const enabled =
    (world.transient['cluster.routing.allocation.enable'] ?? world.persistent['cluster.routing.allocation.enable'] ?? 'all') ===
    'all';
  if (!enabled) return;
  for (const copy of world.copies.filter((candidate) => candidate.node === null && candidate.blockedBy === null)) {
    const holders = world.copies
      .filter((other) => other.index === copy.index && other.shard === copy.shard && other.node !== null)
      .map((other) => other.node);
    const zones = world.nodes.filter((node) => holders.includes(node.spec.name)).map((node) => node.spec.zone);
    const free = world.nodes.filter(
      (node) => node.joined && node.spec.roles.includes('data') && !holders.includes(node.spec.name),
    );
    const room = free.find((node) => node.spec.zone === null || !zones.includes(node.spec.zone));
    if (room !== undefined) copy.node = room.spec.name;
  }
}

export interface RunOptions {
  readonly cluster: Cluster;
  readonly plan: Plan;
  readonly intent?: (turn: number) => Intent;
  readonly ledger?: Ledger;
  readonly generation?: number;
  readonly trials?: readonly MemberTrial[];
  /** Called before each turn: faults are injected here. */
  readonly before?: (world: World, turn: number) => void;
  /** Cuts the turn off before its act is performed. */
  readonly cutOff?: (turn: number) => boolean;
  readonly maxTurns?: number;
}

export interface RunEnd {
  readonly last: Decision;
  readonly turns: number;
  readonly remarks: readonly string[];
  readonly waits: readonly string[];
}

/** Turns of observe, decide, act until the end; a run that does not end throws. */
export function run(world: World, options: RunOptions): RunEnd {
  let ledger = options.ledger ?? emptyLedger;
  const remarks: string[] = [];
  const waits: string[] = [];
  for (let turn = 0; turn < (options.maxTurns ?? 400); turn += 1) {
    options.before?.(world, turn);
    const input: DecideInput<SeenElasticsearch> = {
      cluster: options.cluster,
      catalog: { engine: 'elasticsearch', releases: [], edges: [] } satisfies Catalog,
      plan: options.plan,
      observation: observe(world),
      ledger,
      intent: options.intent?.(turn) ?? 'go',
      generation: options.generation ?? 1,
      trials: options.trials ?? passedTrials(world, options.plan),
      now: new Date(world.nowMs).toISOString(),
    };
    const decision = decide(input);
    ledger = decision.ledger;
    remarks.push(...decision.remarks);
    if (decision.move.do === 'act') {
      if (options.cutOff?.(turn) !== true) perform(world, decision);
      world.nowMs += 1_000;
    } else if (decision.move.do === 'wait') {
      waits.push(decision.move.for.code);
      world.nowMs += Math.max(decision.move.lookAgainAfterMs, 5_000);
    } else {
      return { last: decision, turns: turn + 1, remarks, waits };
    }
  }
  throw new Error(
    `the run did not end: ${world.acts.slice(-5).join('; ')} / ${waits.slice(-3).join(', ')} (${showRelease(options.plan.to)})`,
  );
}
