/** A Control in memory and the face on a real loopback socket, for tests. */
import Fastify from 'fastify';
import type { Control, StartRequest } from '../../control/index.ts';
import type {
  Caller,
  CheckReport,
  Cluster,
  EngineCall,
  EngineCallResult,
  Finding,
  TokenRecord,
  Upgrade,
  UpgradeEvent,
} from '../../domain/index.ts';
import { type AliyunFaceOptions, aliyunFace, answerBadPath } from './index.ts';
import { type FakeState, fakeControl } from './testing-control.ts';
import { sampleAccount, sampleCatalog, sampleStart } from './testing-samples.ts';

export const sampleCaller: Caller = { keyId: 'testid', account: sampleAccount, policy: null };

/** What a test sets, and what it looks at afterwards. */
export interface FakeWorld {
  readonly control: Control;
  readonly clusters: Map<string, Cluster>;
  readonly upgrades: Upgrade[];
  readonly events: UpgradeEvent[];
  readonly tokens: Map<string, TokenRecord>;
  /** Every call of startUpgrade, whatever came of it. */
  readonly starts: StartRequest[];
  readonly engineCalls: EngineCall[];
  readonly removals: { readonly clusterId: string; readonly graceMs: number }[];
  nowMs: number;
  findings: readonly Finding[];
  reports: readonly CheckReport[];
  /** A look at a cluster waits for this. */
  lookEnds: Promise<unknown>;
  unreachable: string | null;
  seen: unknown;
  engineAnswers: (call: EngineCall) => EngineCallResult;
  now(): string;
  /** Ends an upgrade well: the cluster runs its target. */
  finish(upgradeId: string): void;
  change(upgradeId: string, change: Partial<Upgrade>): void;
}

export function createFakeWorld(...clusters: readonly Cluster[]): FakeWorld {
  const state: FakeState = {
    clusters: new Map(clusters.map((cluster) => [cluster.id, cluster])),
    upgrades: [],
    events: [],
    tokens: new Map(),
    starts: [],
    engineCalls: [],
    removals: [],
    nowMs: Date.parse(sampleStart),
    findings: [],
    reports: [],
    lookEnds: Promise.resolve(),
    unreachable: null,
    seen: { health: { status: 'green' }, nodes: [] },
    engineAnswers: () => ({ kind: 'done', value: [] }),
    now: () => new Date(state.nowMs).toISOString(),
    change: (id, change) => {
      const index = state.upgrades.findIndex((upgrade) => upgrade.id === id);
      const before = state.upgrades[index];
      if (before !== undefined) state.upgrades[index] = { ...before, ...change };
    },
    finish: (id) => {
      const upgrade = state.upgrades.find((candidate) => candidate.id === id);
      const cluster = state.clusters.get(upgrade?.clusterId ?? '');
      if (upgrade === undefined || cluster === undefined) return;
      state.change(id, { status: 'done', endedAt: state.now() });
      state.clusters.set(cluster.id, { ...cluster, spec: { ...cluster.spec, release: upgrade.to } });
    },
  };
  return Object.assign(state, { control: fakeControl(state) });
}

export interface ServedFace {
  readonly endpoint: string;
  close(): Promise<void>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The face below `/openapi` on a free loopback port. `authenticate` decides who calls; without it everybody is the sample caller. */
export async function serveFace(world: FakeWorld, options: Partial<AliyunFaceOptions> = {}): Promise<ServedFace> {
  const fastify = Fastify({
    forceCloseConnections: true,
    frameworkErrors: (_, request, reply) => answerBadPath(request, reply, () => crypto.randomUUID()),
  });
  const face = aliyunFace({
    control: world.control,
    catalog: sampleCatalog,
    authenticate: async () => ({ kind: 'caller', caller: sampleCaller }),
    now: world.now,
    newId: () => crypto.randomUUID(),
    log: silent,
    defaultRegion: 'cn-hangzhou',
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
    ...options,
  });
  await fastify.register(face, { prefix: '/openapi' });
  await fastify.listen({ host: '127.0.0.1', port: 0 });
  const address = fastify.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { endpoint: `127.0.0.1:${port}`, close: () => fastify.close() };
}
