/** A Control in memory and the face on a real loopback socket, for tests. */
import Fastify from 'fastify';
import type { StartRequest } from '../../control/index.ts';
import type {
  Caller,
  CheckReport,
  Cluster,
  FaceRecord,
  Finding,
  Plan,
  SignedRequest,
  TokenRecord,
  Upgrade,
} from '../../domain/index.ts';
import type { FaceControl } from './call.ts';
import { answerNoSuchPath, type EksFaceOptions, eksFace, isSignedForAws } from './index.ts';
import { type FakeState, fakeControl } from './testing-control.ts';
import { sampleAccount, sampleCatalog, sampleRegion, sampleRequestedSpec, sampleStart } from './testing-samples.ts';

export const sampleCaller: Caller = { keyId: 'AKIASAMPLE', account: sampleAccount, policy: null };

/** What a test sets, and what it looks at afterwards. */
export interface FakeWorld {
  readonly control: FaceControl;
  readonly clusters: Map<string, Cluster>;
  readonly plans: Map<string, Plan>;
  readonly upgrades: Upgrade[];
  readonly records: Map<string, FaceRecord>;
  readonly tokens: Map<string, TokenRecord>;
  /** Every call of startUpgrade, whatever came of it. */
  readonly starts: StartRequest[];
  nowMs: number;
  findings: readonly Finding[];
  reports: readonly CheckReport[];
  /** A look at a cluster waits for this. */
  lookEnds: Promise<unknown>;
  unreachable: string | null;
  refusesToMake: readonly string[];
  now(): string;
  /** Ends an upgrade well: the cluster runs its target. */
  finish(upgradeId: string): void;
  change(upgradeId: string, change: Partial<Upgrade>): void;
  changeCluster(id: string, change: Partial<Cluster>): void;
}

export function createFakeWorld(...clusters: readonly Cluster[]): FakeWorld {
  const state: FakeState = {
    clusters: new Map(clusters.map((cluster) => [cluster.id, cluster])),
    plans: new Map(),
    upgrades: [],
    records: new Map(),
    tokens: new Map(),
    starts: [],
    nowMs: Date.parse(sampleStart),
    findings: [],
    reports: [],
    lookEnds: Promise.resolve(),
    unreachable: null,
    refusesToMake: [],
    now: () => new Date(state.nowMs).toISOString(),
    change: (id, change) => {
      const index = state.upgrades.findIndex((upgrade) => upgrade.id === id);
      const upgrade = state.upgrades[index];
      if (upgrade !== undefined) state.upgrades[index] = { ...upgrade, ...change };
    },
    changeCluster: (id, change) => {
      const cluster = state.clusters.get(id);
      if (cluster !== undefined) state.clusters.set(id, { ...cluster, ...change });
    },
    finish: (id) => {
      const upgrade = state.upgrades.find((candidate) => candidate.id === id);
      const cluster = state.clusters.get(upgrade?.clusterId ?? '');
      if (upgrade === undefined || cluster === undefined) return;
      state.change(id, { status: 'done', endedAt: state.now() });
      state.changeCluster(cluster.id, { spec: { ...cluster.spec, release: upgrade.to } });
    },
  };
  return Object.assign(state, { control: fakeControl(state) });
}

export interface ServedFace {
  readonly endpoint: string;
  /** One request as anybody may send it, unsigned. */
  ask(method: string, path: string, body?: unknown): Promise<Told>;
  close(): Promise<void>;
}

export interface Told {
  readonly status: number;
  readonly errorType: string | null;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The face on a free loopback port. Without `authenticate` everybody is the sample caller, in the region that was signed for. */
export async function serveFace(world: FakeWorld, options: Partial<EksFaceOptions> = {}): Promise<ServedFace> {
  const parts = { now: world.now, newId: () => crypto.randomUUID() };
  const fastify = Fastify({
    forceCloseConnections: true,
    frameworkErrors: (_, __, reply) => answerNoSuchPath(reply, parts),
  });
  fastify.setNotFoundHandler((request, reply) =>
    isSignedForAws(request) ? answerNoSuchPath(reply, parts) : reply.code(404).send({ says: 'Nothing is here.' }),
  );
  const face = eksFace({
    ...parts,
    control: world.control,
    catalog: sampleCatalog,
    requestedSpec: sampleRequestedSpec,
    defaultVersion: '1.36',
    authenticate: async (request) => ({ kind: 'caller', caller: sampleCaller, region: regionOf(request), service: 'eks' }),
    log: silent,
    ...options,
  });
  await fastify.register(face);
  await fastify.listen({ host: '127.0.0.1', port: 0 });
  const address = fastify.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const endpoint = `http://127.0.0.1:${port}`;
  return { endpoint, ask: (method, path, body) => ask(endpoint, method, path, body), close: () => fastify.close() };
}

function regionOf({ headers }: SignedRequest): string {
  return /Credential=[^/]+\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? sampleRegion;
}

async function ask(endpoint: string, method: string, path: string, body?: unknown): Promise<Told> {
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = text === null ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(`${endpoint}${path}`, { method, headers, body: text });
  const said = await answer.text();
  return {
    status: answer.status,
    errorType: answer.headers.get('x-amzn-errortype'),
    headers: answer.headers,
    body: said === '' ? {} : (JSON.parse(said) as Record<string, unknown>),
  };
}
