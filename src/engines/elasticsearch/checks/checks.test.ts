import { describe, expect, it } from 'vitest';
import {
  type Catalog,
  type CheckResult,
  type Cluster,
  findingsOf,
  type Hop,
  type MemberTrial,
  runChecks,
  type SeenElasticsearch,
  type SeenIndex,
} from '../../../domain/index.ts';
import { aWorld, nodeSpec, observe, passedTrials, planOf, shardOn, theHop, worldCluster } from '../decide/testing.ts';
import type { EsContext } from './check.ts';
import { checks } from './index.ts';

const now = '2026-01-01T12:00:00.000Z';
const known = <T>(value: T) => ({ known: true, value }) as const;
const unknown = { known: false, because: 'HTTP 500', absent: false } as const;
const eight: Hop = {
  from: { version: '7.17.29', build: null },
  to: { version: '8.19.21', build: null },
  mode: 'rolling',
  requires: [],
  oneWayDoors: [],
};
const healthy: Partial<SeenElasticsearch> = {
  snapshots: known([
    { repository: 'r', name: 's', state: 'SUCCESS', endedAtMs: Date.parse(now) - 60_000, includesGlobalState: true },
  ]),
  snapshotRunning: known(false),
};
const catalog: Catalog = {
  engine: 'elasticsearch',
  edges: [],
  releases: [
    {
      version: '5.6.16',
      java: { min: 8, max: 17 },
      artefacts: [],
      builds: [],
      removedSettings: ['script.file'],
      plugins: null,
      oldestIndexMajor: 2,
    },
    {
      version: '8.19.21',
      java: { min: 21, max: 25 },
      artefacts: [],
      builds: [],
      removedSettings: ['discovery.zen.*'],
      plugins: null,
      oldestIndexMajor: 7,
    },
  ],
};

function anIndex(name: string, change: Partial<SeenIndex> = {}): SeenIndex {
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

interface Change {
  readonly seen?: Partial<SeenElasticsearch>;
  readonly hop?: Hop;
  readonly spec?: Partial<Cluster['spec']>;
  readonly trials?: readonly MemberTrial[];
  readonly size?: number;
  readonly context?: Partial<EsContext>;
}

function ask(id: string, change: Change = {}): CheckResult {
  const check = checks.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  const world = aWorld(
    Array.from({ length: change.size ?? 3 }, (_, index) => nodeSpec(`n${index + 1}`)),
    shardOn('logs', 'n1', 'n2'),
  );
  const observation = observe(world);
  if (observation.cluster.kind !== 'seen') throw new Error('seen');
  const seen = { ...observation.cluster.seen, ...healthy, ...change.seen };
  const hop = change.hop ?? theHop;
  const trials = change.trials ?? passedTrials(world, planOf([hop]));
  return check.run({
    cluster: worldCluster(world, change.spec ?? {}),
    catalog,
    observation,
    seen,
    hop,
    hopIndex: 0,
    trials,
    now,
    ...change.context,
  });
}

const subjectsOf = (result: CheckResult) =>
  result.kind === 'found' ? result.findings.map((finding) => `${finding.kind} ${finding.subject}`) : result.kind;

describe('on a healthy cluster', () => {
  it('every check passes or does not apply', () => {
    for (const check of checks) expect(['passed', 'not-applicable'], check.id).toContain(ask(check.id).kind);
  });

  it('ids are dotted sentences, each once', () => {
    const ids = checks.map((check) => check.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^es\.[a-z]+(-[a-z]+)+$/);
  });
});

describe('what is found', () => {
  it('names each index that is too old, closed ones too, and the hop', () => {
    const indices = [
      anIndex('fine'),
      anIndex('old', { createdMajor: 6, createdVersion: '6.8.23' }),
      anIndex('shut', { createdMajor: 5, state: 'close' }),
    ];
    const result = ask('es.index-versions', { seen: { indices }, hop: eight });
    expect(subjectsOf(result)).toEqual(['hazard index old', 'hazard index shut']);
    expect(result.kind === 'found' && result.findings[0]?.remedy).toContain('8.19.21');
  });

  it('names indices without a replica, and closed ones apart from them', () => {
    const indices = [anIndex('fine'), anIndex('single', { replicas: 0 }), anIndex('shut', { state: 'close', replicas: 0 })];
    expect(subjectsOf(ask('es.every-index-has-a-replica', { seen: { indices } }))).toEqual(['hazard index single']);
    expect(subjectsOf(ask('es.no-closed-indices', { seen: { indices } }))).toEqual(['policy index shut']);
  });

  it('names a removed setting wherever it stands', () => {
    const change = {
      hop: eight,
      seen: {
        persistentSettings: { 'discovery.zen.minimum_master_nodes': '2' },
        indices: [anIndex('a', { settings: { 'discovery.zen.x': '1' } })],
      },
      spec: { settings: { 'discovery.zen.ping_timeout': '3s', 'script.file': 'true' } },
    };
    expect(subjectsOf(ask('es.settings-are-known', change))).toEqual([
      'hazard setting discovery.zen.minimum_master_nodes',
      'hazard setting discovery.zen.x',
      'hazard setting discovery.zen.ping_timeout',
    ]);
  });

  it('counts a red cluster as a hazard and a lasting yellow as a matter of policy', () => {
    const shards = observeShards();
    const red = { ...shards, health: { ...shards.health, status: 'red' as const } };
    expect(subjectsOf(ask('es.cluster-is-settled', { seen: red }))).toEqual(['hazard cluster']);
    const missing = {
      index: 'logs',
      shard: 0,
      primary: false,
      state: 'UNASSIGNED' as const,
      nodeId: null,
      relocatingTo: null,
      inSync: false,
      unassignedReason: 'INDEX_CREATED',
      delayed: false,
      blockedBy: ['same_shard'],
    };
    expect(subjectsOf(ask('es.cluster-is-settled', { seen: { shards: [missing] } }))).toEqual(['policy cluster']);
  });

  it('knows an old snapshot, a missing one and a running one', () => {
    const old = known([
      { repository: 'r', name: 's', state: 'SUCCESS', endedAtMs: Date.parse(now) - 2 * 3_600_000, includesGlobalState: true },
    ]);
    const partial = known([
      { repository: 'r', name: 's', state: 'PARTIAL', endedAtMs: Date.parse(now), includesGlobalState: true },
    ]);
    expect(subjectsOf(ask('es.snapshot-is-recent', { seen: { snapshots: old } }))).toEqual(['policy cluster']);
    expect(subjectsOf(ask('es.snapshot-is-recent', { seen: { snapshots: partial } }))).toEqual(['policy cluster']);
    expect(subjectsOf(ask('es.no-snapshot-runs', { seen: { snapshotRunning: known(true) } }))).toEqual(['hazard cluster']);
  });

  it('shows a refused trial in the words of the release, and an unfinished one as something that the loop waits for', () => {
    const trial = (member: string, outcome: MemberTrial['outcome']): MemberTrial => ({
      key: { clusterId: 'c', member, release: theHop.to, settingsHash: '' },
      outcome,
    });
    const passed = { kind: 'passed', at: now, tookMs: 1, archive: null } as const;
    const refused = { kind: 'refused', at: now, lastLines: ['unknown setting [foo.bar]'] } as const;
    const result = ask('es.trial-start-passed', {
      trials: [trial('n1', passed), trial('n2', refused), trial('n3', { kind: 'pending' })],
    });
    expect(subjectsOf(result)).toEqual(['hazard node n2', 'policy node n3']);
    const findings = result.kind === 'found' ? result.findings : [];
    expect(findings.map((finding) => finding.evidence)).toEqual([['unknown setting [foo.bar]'], []]);
    // The upgrade touches nothing before its trials have passed, so an unfinished one holds no start.
    expect(findings.map((finding) => finding.loopWaits ?? false)).toEqual([false, true]);
  });

  it('holds a cluster whose quorum could not survive, a Java that does not fit, several types before 7, a restart edge and leftovers', () => {
    expect(subjectsOf(ask('es.quorum-survives', { size: 2 }))).toEqual(['hazard cluster']);
    expect(subjectsOf(ask('es.java-fits', { hop: eight }))).toEqual(['hazard host local']);
    expect(
      subjectsOf(
        ask('es.one-mapping-type', {
          hop: eight,
          seen: { indices: [anIndex('multi', { mappingTypes: ['a', 'b', '_default_'] })] },
        }),
      ),
    ).toEqual(['hazard index multi']);
    expect(subjectsOf(ask('es.path-is-rolling', { hop: { ...theHop, mode: 'restart' } }))).toEqual(['hazard path']);
    expect(
      subjectsOf(ask('es.no-leftovers', { seen: { transientSettings: { 'cluster.routing.allocation.enable': 'primaries' } } })),
    ).toEqual(['policy setting cluster.routing.allocation.enable']);
    expect(subjectsOf(ask('es.no-archived-settings', { seen: { persistentSettings: { 'archived.x': '1' } } }))).toEqual([
      'policy setting archived.x',
    ]);
  });

  it('names members that are away and strangers', () => {
    const { nodes } = observeShards();
    const [first, ...others] = nodes;
    const stranger = { ...(first ?? nodes[0]), name: 'stranger' } as (typeof nodes)[number];
    expect(subjectsOf(ask('es.members-are-there', { seen: { nodes: [stranger, ...others] } }))).toEqual(['hazard node stranger']);
  });
});

describe('what does not apply, or could not be asked', () => {
  it('is neither passed nor found', () => {
    expect(ask('es.one-mapping-type').kind).toBe('not-applicable');
    expect(ask('es.snapshot-is-recent', { seen: { snapshots: unknown } })).toEqual({
      kind: 'could-not-run',
      because: 'HTTP 500',
    });
    expect(ask('es.no-snapshot-runs', { seen: { snapshotRunning: unknown } }).kind).toBe('could-not-run');
    expect(ask('es.index-versions', { context: { catalog: { ...catalog, releases: [] } } }).kind).toBe('could-not-run');
    const off = ['n1', 'n2', 'n3'].map((member) => ({
      key: { clusterId: 'c', member, release: theHop.to, settingsHash: '' },
      outcome: { kind: 'off' as const },
    }));
    expect(ask('es.trial-start-passed', { trials: off }).kind).toBe('not-applicable');
  });

  it('a check that throws could not run, and findings carry the check and the hop', () => {
    const world = aWorld([nodeSpec('n1')]);
    const observation = observe(world);
    if (observation.cluster.kind !== 'seen') throw new Error('seen');
    const context = { cluster: worldCluster(world), catalog, observation, seen: observation.cluster.seen, trials: [], now };
    const broken = {
      id: 'es.broken-check',
      asks: '?',
      scope: 'every-hop' as const,
      run: () => {
        throw new Error('broken');
      },
    };
    const quorum = checks.filter((check) => check.id === 'es.quorum-survives');
    const reports = runChecks([broken, ...quorum], context, [theHop, eight]);
    expect(
      reports.filter((report) => report.check === 'es.broken-check').map((report) => [report.hop, report.result.kind]),
    ).toEqual([
      [0, 'could-not-run'],
      [1, 'could-not-run'],
    ]);
    expect(findingsOf(reports)).toMatchObject([{ check: 'es.quorum-survives', hop: 0, kind: 'hazard' }]);
  });
});

function observeShards(): SeenElasticsearch {
  const { cluster } = observe(aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')], shardOn('logs', 'n1', 'n2')));
  if (cluster.kind !== 'seen') throw new Error('seen');
  return cluster.seen;
}
