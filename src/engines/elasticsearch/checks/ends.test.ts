import { describe, expect, it } from 'vitest';
import { nodeSpec, theHop } from '../decide/testing.ts';
import { checks } from './index.ts';
import {
  aHop,
  anIndex,
  ask,
  aTrial,
  type Change,
  eight,
  failed,
  known,
  lacking,
  now,
  seven,
  six,
  subjectsOf,
} from './testing.ts';

/** How each check comes to each of its ends. An end that it cannot have is null. */
interface Ends {
  readonly passed: Change;
  readonly found: { readonly change: Change; readonly subjects: readonly string[] };
  readonly notApplicable: Change | null;
  readonly couldNotRun: Change | null;
}

const noReleases = { context: { catalog: { engine: 'elasticsearch' as const, edges: [], releases: [] } } };
const zones = { awarenessAttribute: 'zone' };
const awareness = 'cluster.routing.allocation.awareness.attributes';
const zoned = (names: readonly string[]) => names.map((zone, index) => nodeSpec(`n${index + 1}`, { zone }));
const health = (change: object) => ({
  status: 'green' as const,
  timedOut: false,
  numberOfNodes: 3,
  initializing: 0,
  relocating: 0,
  unassigned: 0,
  delayedUnassigned: 0,
  inFlightFetch: 0,
  pendingTasks: 0,
  maxTaskWaitMs: 0,
  ...change,
});
const watermarks = { enabled: true, low: '85%', high: '90%', flood: '95%', headroom: { low: null, high: null } };
const critical = { level: 'critical' as const, message: 'it is gone', subject: 'index a' };

const ends: Readonly<Record<string, Ends>> = {
  'es.path-is-rolling': {
    passed: {},
    found: { change: { hop: { ...theHop, mode: 'restart' } }, subjects: ['hazard path'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.members-are-there': {
    passed: {},
    found: { change: { hop: aHop('6.7.0', '6.8.23') }, subjects: ['hazard node n1', 'hazard node n2', 'hazard node n3'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.cluster-is-settled': {
    passed: {},
    found: { change: { seen: { health: health({ status: 'red' }) } }, subjects: ['hazard cluster'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.no-long-pending-tasks': {
    passed: { seen: { health: health({ pendingTasks: 100, maxTaskWaitMs: 30_000 }) } },
    found: { change: { seen: { health: health({ pendingTasks: 1, maxTaskWaitMs: 30_001 }) } }, subjects: ['policy cluster'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.every-index-has-a-replica': {
    passed: { seen: { indices: [anIndex('a')] } },
    found: { change: { seen: { indices: [anIndex('a', { replicas: 0 })] } }, subjects: ['hazard index a'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.no-closed-indices': {
    // `logs` has copies in the routing table: from 7.2 on they are watched although it is closed.
    passed: { seen: { indices: [anIndex('logs', { state: 'close' })] } },
    found: { change: { seen: { indices: [anIndex('a', { state: 'close' })] } }, subjects: ['policy index a'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.zones-hold-copies': {
    passed: { spec: { ...zones, nodes: zoned(['a', 'b', 'c']) }, seen: { persistentSettings: { [awareness]: 'zone' } } },
    found: {
      change: { spec: { ...zones, nodes: zoned(['a', 'a', 'b']) }, seen: { persistentSettings: { [awareness]: 'rack, zone' } } },
      subjects: ['policy index logs'],
    },
    notApplicable: {},
    couldNotRun: null,
  },
  'es.quorum-survives': {
    passed: {},
    found: { change: { size: 2 }, subjects: ['hazard cluster'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.no-leftovers': {
    passed: { seen: { transientSettings: { 'cluster.routing.allocation.enable': 'all' }, votingExclusions: known([]) } },
    found: {
      change: {
        seen: {
          persistentSettings: {
            'cluster.routing.allocation.enable': 'none',
            'cluster.routing.allocation.exclude._ip': '10.0.0.1',
          },
          transientSettings: { 'cluster.routing.allocation.enable': 'all', 'cluster.routing.rebalance.enable': 'none' },
          votingExclusions: known(['n9']),
          shutdownRecords: known(['id-1 (RESTART)']),
        },
      },
      subjects: [
        'policy setting cluster.routing.allocation.enable',
        'policy setting cluster.routing.allocation.exclude._ip',
        'policy setting cluster.routing.rebalance.enable',
        'policy voting exclusion n9',
        'policy shutdown record id-1 (RESTART)',
      ],
    },
    notApplicable: null,
    couldNotRun: { seen: { shutdownRecords: failed } },
  },
  'es.index-versions': {
    passed: { hop: eight, seen: { indices: [anIndex('a')] } },
    found: { change: { hop: eight, seen: { indices: [anIndex('a', { createdMajor: 6 })] } }, subjects: ['hazard index a'] },
    notApplicable: null,
    couldNotRun: { hop: eight, seen: { indices: [anIndex('a', { createdMajor: 0 })] } },
  },
  'es.one-mapping-type': {
    passed: { hop: eight, seen: { indices: [anIndex('a', { mappingTypes: ['doc', '_default_'] })] } },
    found: {
      change: { hop: eight, seen: { indices: [anIndex('a', { mappingTypes: ['doc', 'log'] })] } },
      subjects: ['hazard index a'],
    },
    notApplicable: {},
    couldNotRun: null,
  },
  'es.settings-are-known': {
    passed: { seen: { persistentSettings: { 'cluster.routing.allocation.enable': 'all' } } },
    found: { change: { spec: { settings: { 'script.file': 'true' } } }, subjects: ['hazard setting script.file'] },
    notApplicable: null,
    couldNotRun: noReleases,
  },
  'es.no-archived-settings': {
    passed: {},
    found: {
      change: { seen: { indices: [anIndex('a', { settings: { 'archived.index.x': '1' } })] } },
      subjects: ['policy setting archived.index.x'],
    },
    notApplicable: null,
    couldNotRun: null,
  },
  'es.deprecations-are-clear': {
    passed: { hop: six, seen: { deprecations: known([{ ...critical, level: 'none' }]) } },
    found: { change: { hop: six, seen: { deprecations: known([critical]) } }, subjects: ['hazard index a'] },
    notApplicable: { hop: six, seen: { deprecations: lacking } },
    couldNotRun: { hop: six, seen: { deprecations: failed } },
  },
  'es.system-features-are-migrated': {
    passed: { hop: eight, seen: { systemFeatures: known('no-migration-needed') } },
    found: { change: { hop: eight, seen: { systemFeatures: known('migration-needed') } }, subjects: ['hazard system features'] },
    notApplicable: { hop: eight, seen: { systemFeatures: lacking } },
    couldNotRun: { hop: eight, seen: { systemFeatures: failed } },
  },
  'es.ml-is-in-upgrade-mode': {
    passed: { seen: { mlEnabled: known(true), mlUpgradeMode: known(true), mlOpenJobs: known(['j']) } },
    found: {
      change: { seen: { mlEnabled: known(true), mlUpgradeMode: known(false), mlOpenJobs: known(['j']) } },
      subjects: ['policy machine learning'],
    },
    notApplicable: { seen: { mlEnabled: lacking } },
    couldNotRun: { seen: { mlEnabled: known(true), mlUpgradeMode: known(false), mlOpenJobs: failed } },
  },
  'es.ilm-runs': {
    passed: { seen: { ilmMode: known('RUNNING') } },
    found: { change: { seen: { ilmMode: known('STOPPED') } }, subjects: ['policy index lifecycle management'] },
    notApplicable: { seen: { ilmMode: lacking } },
    couldNotRun: { seen: { ilmMode: failed } },
  },
  'es.plugins-are-available': {
    passed: { hop: seven, node: { plugins: ['analysis-icu'] } },
    found: { change: { hop: seven, node: { plugins: ['analysis-icu', 'own'] } }, subjects: ['hazard plugin own'] },
    notApplicable: { hop: aHop('7.17.29', '7.17.29') },
    couldNotRun: { hop: eight, node: { plugins: ['own'] } },
  },
  'es.distribution-fits': {
    passed: { hop: seven, node: { modules: ['reindex', 'tribe'], flavor: 'oss' } },
    found: {
      change: { hop: seven, node: { modules: ['parent-join', 'reindex'], flavor: 'oss' } },
      subjects: ['policy modules parent-join'],
    },
    notApplicable: { hop: aHop('7.17.29', '7.17.29') },
    couldNotRun: noReleases,
  },
  'es.trial-start-passed': {
    passed: {},
    found: {
      change: { trials: ['n1', 'n2', 'n3'].map((name) => aTrial(name, { kind: 'refused', at: now, lastLines: ['no'] })) },
      subjects: ['hazard node n1', 'hazard node n2', 'hazard node n3'],
    },
    notApplicable: { trials: ['n1', 'n2', 'n3'].map((name) => aTrial(name, { kind: 'off' })) },
    couldNotRun: {
      trials: ['n1', 'n2', 'n3'].map((name) => aTrial(name, { kind: 'could-not-run', at: now, because: 'no room' })),
    },
  },
  'es.java-fits': {
    passed: {},
    found: { change: { hop: eight }, subjects: ['hazard host local'] },
    notApplicable: {
      context: {
        catalog: {
          engine: 'elasticsearch',
          edges: [],
          releases: [
            { version: '5.6.16', java: null, artefacts: [], builds: [], removedSettings: [], plugins: null, oldestIndexMajor: 2 },
          ],
        },
      },
    },
    couldNotRun: noReleases,
  },
  'es.room-for-shards': {
    passed: { seen: { watermarks }, node: { diskUsedPercent: 85, diskFreeBytes: 1 } },
    found: {
      change: { seen: { watermarks }, node: { diskUsedPercent: 86, diskFreeBytes: 1 } },
      subjects: ['policy node n1', 'policy node n2', 'policy node n3'],
    },
    notApplicable: { seen: { watermarks: { ...watermarks, enabled: false } } },
    couldNotRun: { node: { diskUsedPercent: null } },
  },
  'es.heap-has-room': {
    passed: { node: { heapUsedPercent: 85 } },
    found: { change: { node: { heapUsedPercent: 86 } }, subjects: ['policy node n1', 'policy node n2', 'policy node n3'] },
    notApplicable: { node: { heapUsedPercent: 86, jvmInputArguments: ['-XX:+UseSerialGC'] } },
    couldNotRun: { node: { heapUsedPercent: null } },
  },
  'es.snapshot-is-recent': {
    passed: {},
    found: { change: { seen: { snapshots: known([]) } }, subjects: ['policy cluster'] },
    notApplicable: { seen: { snapshots: lacking } },
    couldNotRun: { seen: { snapshots: failed } },
  },
  'es.no-snapshot-runs': {
    passed: {},
    found: { change: { seen: { snapshotRunning: known(true) } }, subjects: ['hazard cluster'] },
    notApplicable: { seen: { snapshotRunning: lacking } },
    couldNotRun: { seen: { snapshotRunning: failed } },
  },
};

describe('the four ends of a check', () => {
  it('every check is here, and nothing that is none', () => {
    expect(Object.keys(ends).sort()).toEqual(checks.map((check) => check.id).sort());
  });

  it.each(Object.entries(ends))('%s passes, finds, does not apply and cannot be asked, as far as it can', (id, of) => {
    expect(ask(id, of.passed)).toEqual({ kind: 'passed' });
    expect(subjectsOf(ask(id, of.found.change))).toEqual(of.found.subjects);
    if (of.notApplicable !== null)
      expect(ask(id, of.notApplicable)).toEqual({ kind: 'not-applicable', because: expect.stringMatching(/./) });
    if (of.couldNotRun !== null)
      expect(ask(id, of.couldNotRun)).toEqual({ kind: 'could-not-run', because: expect.stringMatching(/./) });
  });
});
