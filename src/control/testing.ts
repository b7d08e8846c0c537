/** What the tests of control work with. Time is the test's: it goes on by what is waited for. */
import type {
  Caller,
  ElasticsearchCatalog,
  ElasticsearchNodeSpec,
  ElasticsearchSpec,
  EngineIo,
  Log,
  MemberIdentity,
  Move,
  Plan,
  Reason,
  Release,
  Store,
} from '../domain/index.ts';
import type { NewCluster } from './control.ts';
import type { ControlParts, Loop } from './parts.ts';
import { type FakeEngine, type FakeHost, fakeEngine, fakeHost } from './testing-fakes.ts';

export const caller: Caller = { keyId: 'key-1', account: 'owner', policy: null };
export const stranger: Caller = { keyId: 'key-2', account: 'stranger', policy: null };

export const oldRelease: Release = { version: '5.6.16', build: null };
export const newRelease: Release = { version: '6.7.0', build: null };

/** A way of one hop and a build to roll to. */
export const catalog: ElasticsearchCatalog = {
  engine: 'elasticsearch',
  releases: [catalogued('5.6.16'), catalogued('6.7.0', ['ali1.2.0']), catalogued('6.8.23')],
  edges: [edge('5.6.16', '6.7.0'), edge('6.7.0', '6.8.23')],
};

function catalogued(version: string, builds: readonly string[] = []): ElasticsearchCatalog['releases'][number] {
  return {
    version,
    java: { min: 8, max: 11 },
    artefacts: [],
    builds: builds.map((id) => ({ id, jvmOptions: [], settings: {}, plugins: [] })),
    removedSettings: [],
    plugins: null,
    oldestIndexMajor: 2,
  };
}

function edge(from: string, to: string): ElasticsearchCatalog['edges'][number] {
  return { from, to, mode: 'rolling', requires: [], oneWayDoors: [] };
}

export function nodeSpec(name: string, change: Partial<ElasticsearchNodeSpec> = {}): ElasticsearchNodeSpec {
  return {
    name,
    host: 'local',
    url: `http://${name}.test`,
    httpPort: 0,
    transportPort: 0,
    zone: null,
    roles: ['master', 'data'],
    heapMb: 256,
    settingsFileOwner: 'clusterlift',
    folders: null,
    ...change,
  };
}

export function spec(change: Partial<ElasticsearchSpec> = {}): ElasticsearchSpec {
  return {
    kind: 'elasticsearch',
    clusterName: 'search',
    nodes: [nodeSpec('node-1'), nodeSpec('node-2')],
    release: oldRelease,
    settings: {},
    awarenessAttribute: null,
    bindAddress: '127.0.0.1',
    repositoryPath: null,
    username: null,
    hooks: { preStop: null, postStart: null },
    gateAfterFirstMember: false,
    ...change,
  };
}

export function newCluster(change: Partial<NewCluster> = {}): NewCluster {
  return { name: 'search', description: '', region: 'here', tags: {}, spec: spec(), secrets: {}, ...change };
}

/** Time goes on by exactly what somebody waits for, and no other time passes. */
export interface Clock {
  readonly now: () => string;
  readonly pause: EngineIo['pause'];
  /** What was waited for, in order. */
  readonly pauses: number[];
  advance(milliseconds: number): void;
}

export function fakeClock(start = '2026-11-23T12:00:00.000Z'): Clock {
  let at = Date.parse(start);
  const pauses: number[] = [];
  return {
    pauses,
    now: () => new Date(at).toISOString(),
    pause: async (milliseconds, signal) => {
      if (signal?.aborted) return;
      pauses.push(milliseconds);
      at += milliseconds;
    },
    advance: (milliseconds) => {
      at += milliseconds;
    },
  };
}

export interface LogLine {
  readonly about: object;
  readonly says: string;
}

export function keepingLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (about: object, says: string) => void lines.push({ about, says });
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}

export interface Given {
  readonly parts: ControlParts & { readonly loop: Loop };
  readonly engine: FakeEngine;
  readonly host: FakeHost;
  readonly clock: Clock;
  readonly log: ReturnType<typeof keepingLog>;
  /** Generations that the loop was asked to carry on: `<upgrade id> 2`. */
  readonly started: string[];
  /** What trial starts were asked for: `<cluster id> 6.7.0 now`. */
  readonly triedOut: string[];
}

const none = () => Promise.reject(new Error('no certificate is made here'));
const noCertificates = { authority: none, issue: none, signingKeys: none };

/** Everything that use cases work with, on a store that the test opened; hosts `local` and no other. */
export function given(store: Store): Given {
  const [engine, host, clock, log] = [fakeEngine(), fakeHost(), fakeClock(), keepingLog()];
  const started: string[] = [];
  const triedOut: string[] = [];
  let names = 0;
  const name = (length: number) => `${names++}${Math.random().toString(36).slice(2)}`.padEnd(length, 'x').slice(0, length);
  const parts: Given['parts'] = {
    store,
    engines: { elasticsearch: { engine: engine.engine, catalog } },
    io: {
      http: () => Promise.reject(new Error('nobody answers')),
      hosts: (key) => (key === 'local' ? host.host : undefined),
      now: clock.now,
      pause: clock.pause,
      certificates: noCertificates,
    },
    trials: {
      of: async (cluster, releases, urgency) => {
        triedOut.push(...releases.map((release) => `${cluster.id} ${release.version} ${urgency}`));
        return [];
      },
    },
    log,
    newId: () => crypto.randomUUID(),
    newName: name,
    newSecret: () => `secret ${crypto.randomUUID()}`,
    authenticationUrl: (clusterId) => `http://127.0.0.1:7171/kubernetes/authenticate/${clusterId}`,
    repositoryFolder: (clusterId) => `/snapshots/${clusterId}`,
    loop: { start: async (upgradeId, generation) => void started.push(`${upgradeId} ${generation}`) },
  };
  return { parts, engine, host, clock, log, started, triedOut };
}

export function because(code: string, change: Partial<Reason> = {}): Reason {
  return { code, subject: 'cluster', says: `It is so: ${code}.`, clearedBy: 'It passes.', ...change };
}

export function identity(name: string): MemberIdentity {
  return { name, nodeId: `id of ${name}`, ephemeralId: 'e1', process: { pid: 7, startTime: '1' } };
}

export function actOn(name: string, change: Partial<Extract<Move, { do: 'act' }>> = {}): Extract<Move, { do: 'act' }> {
  return { do: 'act', move: 'restart', on: [identity(name)], parameters: {}, why: `${name} is next.`, ...change };
}

export function waitFor(code: string, lookAgainAfterMs = 1_000): Move {
  return { do: 'wait', for: because(code), lookAgainAfterMs };
}

/** One hop over the catalog above. */
export function planOf(clusterId: string): Partial<Plan> {
  const hop = { from: oldRelease, to: newRelease, mode: 'rolling', requires: [], oneWayDoors: [] } as const;
  return {
    clusterId,
    from: oldRelease,
    to: newRelease,
    hops: [{ hop, waves: [['node-1'], ['node-2']], estimateSeconds: 60, oneWayDoors: [] }],
  };
}
