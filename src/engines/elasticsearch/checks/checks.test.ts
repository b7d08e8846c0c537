import { describe, expect, it } from 'vitest';
import { findingsOf, runChecks, type SeenElasticsearch } from '../../../domain/index.ts';
import { aWorld, nodeSpec, observe, shardOn, theHop, worldCluster } from '../decide/testing.ts';
import { checks } from './index.ts';
import { anIndex, ask, aTrial, catalog, eight, failed, findingsIn, known, now, subjectsOf } from './testing.ts';

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
    const passed = { kind: 'passed', at: now, tookMs: 1, archive: null } as const;
    const refused = { kind: 'refused', at: now, lastLines: ['unknown setting [foo.bar]'] } as const;
    const result = ask('es.trial-start-passed', {
      trials: [aTrial('n1', passed), aTrial('n2', refused), aTrial('n3', { kind: 'pending' })],
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
    ).toEqual(['hazard setting cluster.routing.allocation.enable']);
    expect(subjectsOf(ask('es.no-archived-settings', { seen: { persistentSettings: { 'archived.x': '1' } } }))).toEqual([
      'policy setting archived.x',
    ]);
  });

  it('names members that are away and strangers', () => {
    const { nodes } = observeShards();
    const [first, ...others] = nodes;
    const stranger = { ...(first ?? nodes[0]), name: 'stranger' } as (typeof nodes)[number];
    expect(subjectsOf(ask('es.members-are-there', { seen: { nodes: [stranger, ...others] } }))).toEqual(['hazard node stranger']);
    expect(subjectsOf(ask('es.members-are-there', { seen: { clusterName: 'another' } }))).toEqual(['hazard cluster']);
  });
});

describe('judgement', () => {
  it('waits for shards that move and tasks that queue, and does not hold a start by them', () => {
    const { health } = observeShards();
    const waits = (check: string, change: object) =>
      findingsIn(ask(check, { seen: { health: { ...health, ...change } } })).map((found) => [
        found.kind,
        found.loopWaits ?? false,
      ]);
    expect(waits('es.cluster-is-settled', { relocating: 1 })).toEqual([['policy', true]]);
    expect(waits('es.cluster-is-settled', { delayedUnassigned: 1 })).toEqual([['policy', true]]);
    expect(waits('es.cluster-is-settled', { status: 'red' })).toEqual([['hazard', false]]);
    expect(waits('es.no-long-pending-tasks', { pendingTasks: 101, timedOut: true })).toEqual([['policy', true]]);
    expect(waits('es.no-long-pending-tasks', { pendingTasks: 101 })).toEqual([['policy', false]]);
  });

  it('lets a refusal count whatever else could not be tried, and forgets a member whose trials are switched off', () => {
    const refused = { kind: 'refused', at: now, lastLines: ['no'] } as const;
    const trials = [
      aTrial('n1', { kind: 'could-not-run', at: now, because: 'no room' }),
      aTrial('n2', refused),
      aTrial('n3', { kind: 'off' }),
    ];
    expect(subjectsOf(ask('es.trial-start-passed', { trials }))).toEqual(['hazard node n2']);
  });

  it('wants a majority before 7 to elect a master, no fewer and not all', () => {
    const minimum = (minimumMasterNodes: number | null, version = '6.7.0') =>
      subjectsOf(ask('es.quorum-survives', { seen: { minimumMasterNodes }, node: { version } }));
    expect(minimum(2)).toBe('passed');
    for (const wrong of [null, 1, 3]) expect(minimum(wrong)).toEqual(['hazard setting discovery.zen.minimum_master_nodes']);
    expect(minimum(null, '7.17.29')).toBe('passed');
    expect(subjectsOf(ask('es.quorum-survives', { seen: { votingNodeIds: ['n1'] }, node: { version: '7.17.29' } }))).toEqual([
      'hazard cluster',
    ]);
  });

  it('looks for removed settings in a file that its owner keeps, and not in one that is made anew', () => {
    const settings = { 'discovery.zen.ping_timeout': '3s' };
    const asked = (settingsFileOwner: 'owner' | 'clusterlift') =>
      subjectsOf(ask('es.settings-are-known', { hop: eight, node: { settings }, member: { settingsFileOwner }, size: 1 }));
    expect(asked('owner')).toEqual(['hazard setting discovery.zen.ping_timeout']);
    expect(asked('clusterlift')).toBe('passed');
  });

  it('finds allocation that is not on, at the level that has effect', () => {
    const allocation = 'cluster.routing.allocation.enable';
    const asked = (seen: Partial<SeenElasticsearch>) => subjectsOf(ask('es.no-leftovers', { seen }));
    expect(asked({ persistentSettings: { [allocation]: 'primaries' } })).toEqual([`hazard setting ${allocation}`]);
    expect(asked({ persistentSettings: { [allocation]: 'primaries' }, transientSettings: { [allocation]: 'all' } })).toEqual([
      `policy setting ${allocation}`,
    ]);
  });

  it('counts a closed index among those without a replica where its copies are watched', () => {
    const closed = { state: 'close', replicas: 0 } as const;
    const indices = [anIndex('logs', closed), anIndex('unwatched', closed)];
    expect(subjectsOf(ask('es.every-index-has-a-replica', { seen: { indices } }))).toEqual(['hazard index logs']);
  });

  it('takes no snapshot without the global state for a way back, where the version tells', () => {
    const snapshot = { repository: 'r', name: 's', state: 'SUCCESS', endedAtMs: Date.parse(now) };
    const asked = (includesGlobalState: boolean | null) =>
      ask('es.snapshot-is-recent', { seen: { snapshots: known([{ ...snapshot, includesGlobalState }]) } }).kind;
    expect([asked(true), asked(null), asked(false)]).toEqual(['passed', 'passed', 'found']);
  });
});

describe('what does not apply, or could not be asked', () => {
  it('is neither passed nor found', () => {
    expect(ask('es.one-mapping-type').kind).toBe('not-applicable');
    expect(ask('es.snapshot-is-recent', { seen: { snapshots: failed } })).toEqual({
      kind: 'could-not-run',
      because: 'HTTP 500',
    });
    expect(ask('es.no-snapshot-runs', { seen: { snapshotRunning: failed } }).kind).toBe('could-not-run');
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
    const context = {
      cluster: worldCluster(world),
      catalog,
      observation,
      seen: observation.cluster.seen,
      trials: [],
      history: [],
      now,
    };
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
