/**
 * An engine and a host that do what a test says and keep what was asked of them. They know no cluster: a member is "in the
 * cluster" until the test says otherwise.
 */

import type {
  ActResult,
  ClusterSpec,
  DecideInput,
  Decision,
  Draft,
  DraftRequest,
  Engine,
  Host,
  Launch,
  MemberProcess,
  Observation,
  Release,
  SeenMember,
  TrialRun,
} from '../domain/index.ts';
import { elasticsearchSpec } from '../domain/index.ts';

export interface FakeEngine {
  readonly engine: Engine;
  /** What was asked, in order: `observe turn`, `decide`, `perform restart node-1`. */
  readonly asked: string[];
  /** What `decide` was given, in order. */
  readonly decided: DecideInput<unknown>[];
  decide: (input: DecideInput<unknown>) => Decision;
  perform: Engine['perform'];
  observe: (members: readonly SeenMember[]) => Observation<unknown>;
  trialText: (member: string, release: Release) => string;
  launch: (launch: Launch) => Launch;
  call: Engine['call'];
  checks: Engine['checks'];
  adoption: Engine['adoption'];
  troubles: (spec: ClusterSpec) => readonly string[];
  draft: (request: DraftRequest) => Draft;
  basis: string;
  release: Release | null;
}

export function fakeEngine(): FakeEngine {
  const asked: string[] = [];
  const decided: DecideInput<unknown>[] = [];
  const fake: FakeEngine = {
    asked,
    decided,
    decide: ({ ledger }) => ({ move: { do: 'done', as: 'done', says: 'It is lifted.' }, ledger, remarks: [] }),
    perform: async () => ({ kind: 'done', says: 'Done.' }),
    observe: (members) => ({ at: '', members, cluster: { kind: 'seen', seen: {} }, hosts: {}, unknowns: [] }),
    trialText: () => 'all the same',
    launch: (launch) => launch,
    call: async () => ({ kind: 'done', value: 'called' }),
    checks: [],
    adoption: (cluster) => ({ spec: cluster.spec, processIds: {}, missing: [] }),
    troubles: () => [],
    draft: ({ spec }) => ({ kind: 'drafted', spec, secrets: {} }),
    basis: 'as it was',
    release: { version: '5.6.16', build: null },
    get engine() {
      return engine;
    },
  };
  const engine: Engine = {
    name: 'elasticsearch',
    observe: async (cluster, _catalog, _io, depth) => {
      asked.push(`observe ${depth}`);
      return fake.observe(elasticsearchSpec(cluster).nodes.map((node) => seenMember(node.name, cluster.spec.release)));
    },
    get checks() {
      return fake.checks;
    },
    releaseOf: () => fake.release,
    planHops: (cluster, _catalog, _observation, route) =>
      route.map((hop) => ({
        hop,
        waves: elasticsearchSpec(cluster).nodes.map((node) => [node.name]),
        estimateSeconds: 30,
        oneWayDoors: [],
      })),
    touches: () => ['Everything is restarted.'],
    basisOf: () => fake.basis,
    troubles: (wanted) => fake.troubles(wanted),
    draft: async (request) => fake.draft(request),
    adoption: (cluster, observation) => fake.adoption(cluster, observation),
    decide: (input) => {
      asked.push('decide');
      decided.push(input);
      return fake.decide(input);
    },
    perform: (move, context, io) => {
      asked.push(`perform ${move.move} ${move.on.map((identity) => identity.name).join(' ')}`);
      return fake.perform(move, context, io);
    },
    launch: (cluster, _catalog, member, release, purpose) => fake.launch(launchOf(cluster.id, member, release, purpose.kind)),
    trialPorts: 2,
    trialText: (_cluster, _catalog, member, release) => fake.trialText(member, release),
    artefacts: () => [],
    call: (cluster, call, io) => fake.call(cluster, call, io),
    members: (cluster) => elasticsearchSpec(cluster).nodes.map(({ name, host }) => ({ name, host })),
  };
  return fake;
}

/** As an engine has members that their owner alone can start. */
export function foreign(members: Engine['members'], ...names: readonly string[]): Engine['members'] {
  return (cluster) => members(cluster).map((member) => ({ ...member, foreign: names.includes(member.name) }));
}

export function seenMember(name: string, release: Release, change: Partial<SeenMember> = {}): SeenMember {
  return {
    name,
    process: { state: 'running', identity: { pid: 7, startTime: '1' }, release, startedAt: null },
    running: release,
    joined: { nodeId: `id of ${name}`, ephemeralId: 'e1' },
    ...change,
  };
}

function launchOf(clusterId: string, member: string, release: Release, purpose: string): Launch {
  return {
    clusterId,
    member,
    release,
    artefacts: [{ kind: 'folder', path: '/artefact' }],
    java: null,
    command: [purpose],
    environment: {},
    files: [],
    copies: [],
    folders: null,
    sharedFolders: [],
    readyUrl: '',
    archive: null,
  };
}

export interface FakeHost {
  readonly host: Host;
  /** What was asked that changes anything, in order: `start node-1`, `erase node-2`. */
  readonly asked: string[];
  readonly trials: Launch[];
  start: (member: string) => ActResult;
  adopt: (member: string, pid: number) => ActResult;
  erase: (member: string) => ActResult;
  prefetch: () => ActResult;
  trial: (launch: Launch, signal: AbortSignal) => Promise<TrialRun>;
  fingerprint: (folder: string) => Promise<string>;
  ports: readonly number[];
  /** What it keeps a folder of. */
  members: readonly string[];
  generation: number;
}

const done: ActResult = { kind: 'done', says: 'Done.' };

export function fakeHost(): FakeHost {
  const asked: string[] = [];
  const trials: Launch[] = [];
  const note = (what: string, result: ActResult): ActResult => {
    asked.push(what);
    return result;
  };
  const fake: FakeHost = {
    asked,
    trials,
    start: () => done,
    adopt: () => done,
    erase: () => done,
    prefetch: () => done,
    trial: async () => ({ kind: 'passed', tookMs: 1, archive: null }),
    fingerprint: async () => 'unchanged',
    ports: Array.from({ length: 200 }, (_, index) => 9_200 + index),
    members: [],
    generation: 0,
    get host() {
      return host;
    },
  };
  const absent: MemberProcess = { state: 'absent' };
  const host: Host = {
    kind: 'fake',
    facts: async () => ({ javas: [], freeMemoryBytes: null, prefetched: [] }),
    generationOf: async () => fake.generation,
    prefetch: async () => fake.prefetch(),
    describe: async () => absent,
    adopt: async (_ticket, member, pid) => note(`adopt ${member} ${pid}`, fake.adopt(member, pid)),
    stop: async (_ticket, member) => note(`stop ${member}`, done),
    start: async (_ticket, launch) => note(`start ${launch.member}`, fake.start(launch.member)),
    run: async (_ticket, member, command) => note(['run', member, ...command].join(' '), done),
    trial: (launch, _limits, signal) => {
      trials.push(launch);
      return fake.trial(launch, signal);
    },
    fingerprint: (folder) => fake.fingerprint(folder),
    members: async () => fake.members,
    freeLoopbackBlock: async () => '127.64.1',
    freePorts: async (count) => fake.ports.slice(0, count),
    launches: async () => [],
    erase: async (_ticket, member) => note(`erase ${member}`, fake.erase(member)),
  };
  return fake;
}
