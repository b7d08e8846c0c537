import type { ExportedObservation, Known, SeenElasticsearch } from '../../domain/index.ts';
import { noon } from './testing-samples.ts';

const known = <T>(value: T): Known<T> => ({ known: true, value });
const lacking: Known<never> = { known: false, because: 'this distribution has none', absent: true };
const none = { pid: null, plugins: [], modules: [], flavor: 'oss', jvmInputArguments: [], javaVersion: '8' } as const;
const figures = { heapUsedPercent: 20, diskUsedPercent: 31.4, diskFreeBytes: 1e9, build: null } as const;

const seen: SeenElasticsearch = {
  stateUuid: 'state',
  stateVersion: 7,
  clusterName: 'shop',
  clusterUuid: 'uuid-of-shop',
  answeredAt: 'http://127.0.0.1:9201',
  masterNodeId: 'id-1',
  nodes: [1, 2].map((number) => ({
    ...{ nodeId: `id-${number}`, ephemeralId: `e-${number}`, name: `n${number}`, version: '5.6.16', zone: null },
    ...{ roles: ['master', 'data'] as const, settings: { 'node.name': `n${number}` }, ...none, ...figures },
  })),
  health: {
    ...{ status: 'green', timedOut: false, numberOfNodes: 2, initializing: 0, relocating: 0, unassigned: 0 },
    ...{ delayedUnassigned: 0, inFlightFetch: 0, pendingTasks: 0, maxTaskWaitMs: 0 },
  },
  shards: [1, 2].map((number) => ({
    ...{ index: 'orders', shard: 0, primary: number === 1, state: 'STARTED' as const, nodeId: `id-${number}` },
    ...{ relocatingTo: null, inSync: true, unassignedReason: null, delayed: false, blockedBy: null },
  })),
  indices: [
    {
      ...{ name: 'orders', uuid: 'uuid-of-orders', state: 'open', createdMajor: 5, createdVersion: '5.6.16', replicas: 1 },
      ...{ autoExpandReplicas: null, mappingTypes: ['doc'], settings: { 'index.number_of_replicas': '1' }, blocks: [] },
    },
  ],
  templates: [{ name: 'all', settings: {}, mappingTypes: [] }],
  persistentSettings: { 'cluster.routing.allocation.enable': 'all' },
  transientSettings: {},
  votingNodeIds: ['id-1', 'id-2'],
  minimumMasterNodes: 2,
  snapshots: known([{ repository: 'r', name: 's', state: 'SUCCESS', endedAtMs: 1, includesGlobalState: true }]),
  repositories: known(['r']),
  snapshotRunning: known(false),
  watermarks: { enabled: true, low: '85%', high: '90%', flood: null, headroom: { low: null, high: null } },
  votingExclusions: lacking,
  shutdownRecords: lacking,
  deprecations: known([{ level: 'warning', message: 'It is old.', subject: 'cluster' }]),
  systemFeatures: lacking,
  mlEnabled: lacking,
  mlUpgradeMode: lacking,
  mlOpenJobs: lacking,
  ilmMode: lacking,
};

/** Two nodes with one index, as a server exports them. */
export function sampleExported(change: { readonly anonymous?: boolean } = {}): ExportedObservation {
  const release = { version: '5.6.16', build: null };
  return {
    ...{ format: 'clusterlift-observation', version: 1, name: 'shop', anonymous: false, takenAt: noon, engine: 'elasticsearch' },
    members: [1, 2].map((number) => ({
      name: `n${number}`,
      process: { state: 'running', identity: { pid: number, startTime: '1' }, release, startedAt: noon },
      running: release,
      joined: { nodeId: `id-${number}`, ephemeralId: `e-${number}` },
    })),
    hosts: { local: { kind: 'seen', javas: [17], freeMemoryBytes: 1e9, prefetched: [], generation: 0 } },
    unknowns: [],
    spec: {
      kind: 'elasticsearch',
      clusterName: 'shop',
      nodes: [1, 2].map((number) => ({
        ...{ name: `n${number}`, host: 'local', url: `http://127.0.0.1:920${number}`, httpPort: 9200 + number },
        ...{ transportPort: 9300 + number, zone: null, roles: ['master', 'data'] as const, heapMb: 512 },
        ...{ settingsFileOwner: 'owner', folders: null },
      })),
      ...{ release, settings: {}, awarenessAttribute: null, bindAddress: '127.0.0.1', repositoryPath: null, username: null },
      ...{ hooks: { preStop: null, postStart: null }, gateAfterFirstMember: false },
    },
    seen,
    ...change,
  } as ExportedObservation;
}
