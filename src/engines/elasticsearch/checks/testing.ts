/** One healthy cluster of three that tests of checks change in one place, and the asking of one check about it. */
import type {
  CheckResult,
  ElasticsearchCatalog,
  ElasticsearchCluster,
  ElasticsearchNodeSpec,
  Hop,
  Known,
  MemberTrial,
  SeenElasticsearch,
  SeenIndex,
  SeenNode,
} from '../../../domain/index.ts';
import { aWorld, nodeSpec, observe, passedTrials, planOf, shardOn, theHop, worldCluster } from '../decide/testing.ts';
import type { EsContext } from './check.ts';
import { checks } from './index.ts';

export const now = '2026-01-01T12:00:00.000Z';
export const known = <T>(value: T): Known<T> => ({ known: true, value });
/** A call that failed. */
export const failed: Known<never> = { known: false, because: 'HTTP 500', absent: false };
/** A call that the distribution does not have. */
export const lacking: Known<never> = { known: false, because: 'this distribution has none', absent: true };

export function aHop(from: string, to: string): Hop {
  return {
    from: { version: from, build: null },
    to: { version: to, build: null },
    mode: 'rolling',
    requires: [],
    oneWayDoors: [],
  };
}
export const six = aHop('5.6.16', '6.3.2');
export const seven = aHop('6.8.23', '7.17.29');
export const eight = aHop('7.17.29', '8.19.21');

const healthy: Partial<SeenElasticsearch> = {
  snapshots: known([
    { repository: 'r', name: 's', state: 'SUCCESS', endedAtMs: Date.parse(now) - 60_000, includesGlobalState: true },
  ]),
  snapshotRunning: known(false),
};

function aRelease(version: string, oldestIndexMajor: number, removedSettings: readonly string[] = []) {
  return {
    version,
    java: { min: 8, max: 17 },
    artefacts: [],
    builds: [],
    removedSettings,
    plugins: ['analysis-icu'],
    distribution: { flavor: 'oss' as const, modules: ['lang-painless', 'reindex'] },
    oldestIndexMajor,
  };
}

export const catalog: ElasticsearchCatalog = {
  engine: 'elasticsearch',
  edges: [],
  releases: [
    aRelease('5.6.16', 2, ['script.file']),
    aRelease('6.3.2', 5),
    aRelease('7.17.29', 6),
    { ...aRelease('8.19.21', 7, ['discovery.zen.*']), java: { min: 21, max: 25 }, plugins: null },
  ],
};

export function anIndex(name: string, change: Partial<SeenIndex> = {}): SeenIndex {
  return {
    name,
    uuid: name,
    state: 'open',
    createdMajor: 7,
    createdVersion: '7.17.29',
    replicas: 1,
    autoExpandReplicas: null,
    mappingTypes: ['doc'],
    settings: {},
    blocks: [],
    ...change,
  };
}

export interface Change {
  readonly seen?: Partial<SeenElasticsearch>;
  /** Changes of every node. */
  readonly node?: Partial<SeenNode>;
  readonly hop?: Hop;
  readonly spec?: Partial<ElasticsearchCluster['spec']>;
  /** Changes of every declared member. */
  readonly member?: Partial<ElasticsearchNodeSpec>;
  readonly trials?: readonly MemberTrial[];
  readonly size?: number;
  readonly context?: Partial<EsContext>;
}

export function ask(id: string, change: Change = {}): CheckResult {
  const check = checks.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  return check.run(contextOf(change));
}

export function contextOf(change: Change): EsContext {
  const world = aWorld(
    Array.from({ length: change.size ?? 3 }, (_, index) => nodeSpec(`n${index + 1}`, change.member ?? {})),
    shardOn('logs', 'n1', 'n2'),
  );
  const observation = observe(world);
  if (observation.cluster.kind !== 'seen') throw new Error('seen');
  const plain = { ...observation.cluster.seen, ...healthy, ...change.seen };
  const hop = change.hop ?? theHop;
  return {
    cluster: worldCluster(world, change.spec ?? {}),
    catalog,
    observation,
    seen: { ...plain, nodes: plain.nodes.map((node) => ({ ...node, ...change.node })) },
    hop,
    hopIndex: 0,
    trials: change.trials ?? passedTrials(world, planOf([hop])),
    history: [],
    now,
    ...change.context,
  };
}

export function aTrial(member: string, outcome: MemberTrial['outcome']): MemberTrial {
  return { key: { clusterId: 'c', member, release: theHop.to, settingsHash: '' }, outcome };
}

/** `hazard node n2`, or how it ended where nothing was found. */
export function subjectsOf(result: CheckResult): readonly string[] | Exclude<CheckResult['kind'], 'found'> {
  return result.kind === 'found' ? result.findings.map((finding) => `${finding.kind} ${finding.subject}`) : result.kind;
}

export function findingsIn(result: CheckResult) {
  return result.kind === 'found' ? result.findings : [];
}
