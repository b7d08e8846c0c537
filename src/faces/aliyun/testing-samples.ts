/** A small catalog and a three-node cluster for the tests of this face. */
import type {
  Edge,
  ElasticsearchCatalog,
  ElasticsearchCluster,
  ElasticsearchRelease,
  Finding,
  Plan,
  Release,
  Upgrade,
} from '../../domain/index.ts';
import { emptyLedger } from '../../domain/index.ts';

const kernels = ['ali1.0.2', 'ali1.2.0'].map((id) => ({ id, jvmOptions: [], settings: {}, plugins: [] }));

function release(version: string, builds: ElasticsearchRelease['builds'] = kernels): ElasticsearchRelease {
  return { version, builds, java: null, artefacts: [], removedSettings: [], plugins: null, oldestIndexMajor: 5 };
}

function edge(from: string, to: string): Edge {
  return { from, to, mode: 'rolling', requires: [], oneWayDoors: [] };
}

export const sampleCatalog: ElasticsearchCatalog = {
  engine: 'elasticsearch',
  releases: [
    ...['5.5.3', '5.6.16', '6.3.2', '6.7.0'].map((version) => release(version)),
    release('6.8.23', []),
    ...['8.19.9', '8.19.21'].map((version) => release(version)),
  ],
  edges: [
    edge('5.5.3', '5.6.16'),
    edge('5.6.16', '6.3.2'),
    edge('6.3.2', '6.7.0'),
    edge('6.7.0', '6.8.23'),
    edge('8.19.9', '8.19.21'),
  ],
};

export const sampleAccount = 'main';
export const sampleId = 'es-cn-n6w1o1x0w001c000';
export const sampleStart = '2026-11-22T10:00:00.000Z';

export function sampleCluster(change: Partial<ElasticsearchCluster> & { readonly release?: Release } = {}): ElasticsearchCluster {
  const { release: running = { version: '6.3.2', build: null }, ...rest } = change;
  return {
    id: sampleId,
    engine: 'elasticsearch',
    origin: 'created',
    name: 'sample',
    description: 'a sample',
    account: sampleAccount,
    region: 'cn-hangzhou',
    tags: {},
    spec: {
      kind: 'elasticsearch',
      clusterName: 'sample',
      nodes: ['es-1', 'es-2', 'es-3'].map((name, index) => ({
        name,
        host: 'local',
        url: `http://127.0.0.1:${9201 + index}`,
        httpPort: 9201 + index,
        transportPort: 9301 + index,
        zone: `cn-hangzhou-${'abc'[index]}`,
        roles: ['master', 'data', 'ingest'],
        heapMb: 512,
        settingsFileOwner: 'clusterlift',
        folders: null,
      })),
      release: running,
      settings: {},
      awarenessAttribute: null,
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: null,
      hooks: { preStop: null, postStart: null },
      gateAfterFirstMember: false,
    },
    secrets: {},
    createdAt: sampleStart,
    updatedAt: sampleStart,
    provisioning: { state: 'ready' },
    deleteAfter: null,
    ...rest,
  };
}

export function sampleFinding(check: string, kind: Finding['kind'], change: Partial<Finding> = {}): Finding {
  return {
    check,
    kind,
    hop: 0,
    subject: `subject of ${check}`,
    says: `${check} says so.`,
    evidence: [],
    remedy: 'Mend it.',
    ...change,
  };
}

export function samplePlan(
  change: Pick<Plan, 'id' | 'clusterId' | 'from' | 'to' | 'hops' | 'findings' | 'reports' | 'madeAt'>,
): Plan {
  return {
    engine: 'elasticsearch',
    touches: [],
    estimateSeconds: 60,
    basis: 'sample',
    gateAfterFirstMember: false,
    madeBy: 'sample',
    ...change,
  };
}

export function sampleUpgrade(change: Pick<Upgrade, 'id' | 'clusterId' | 'planId' | 'from' | 'to' | 'createdAt'>): Upgrade {
  return {
    status: 'running',
    intent: 'go',
    generation: 1,
    reason: null,
    ledger: emptyLedger,
    recorded: [],
    acknowledged: [],
    startedBy: 'sample',
    updatedAt: change.createdAt,
    endedAt: null,
    ...change,
  };
}
