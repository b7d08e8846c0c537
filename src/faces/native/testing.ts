/** A Control in memory, time that passes when a test says so, and this face in front of them. */
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import type { Control, RehearsalCases } from '../../control/index.ts';
import type {
  AccessKey,
  CheckReport,
  Cluster,
  EngineCall,
  EngineCallResult,
  Finding,
  MemberTrial,
  NumberedEntry,
  Plan,
  TokenRecord,
  Upgrade,
  UpgradeEvent,
} from '../../domain/index.ts';
import { badUrlAnswer, nativeFace } from './index.ts';
import { fakeControl } from './testing-control.ts';
import { mistakesOf, type OpenApiDocument } from './testing-document.ts';
import { sampleExported } from './testing-exported.ts';
import { sampleRehearsal } from './testing-rehearsal.ts';
import { catalog, noon, sampleCluster, sampleKey, sampleKubernetes, strangersClusterId } from './testing-samples.ts';
import type { Sessions } from './who-calls.ts';

export interface State {
  readonly clusters: Map<string, Cluster>;
  readonly plans: Map<string, Plan>;
  readonly upgrades: Upgrade[];
  readonly events: UpgradeEvent[];
  readonly keys: AccessKey[];
  readonly tokens: Map<string, TokenRecord>;
  readonly listeners: Set<(upgradeId: string) => void>;
  readonly audit: NumberedEntry[];
  readonly clusterListeners: Set<(clusterId: string) => void>;
  readonly sessions: Map<string, { readonly keyId: string; readonly expiresAt: string }>;
  tokensMade: number;
  trials: readonly MemberTrial[];
  findings: readonly Finding[];
  reports: readonly CheckReport[];
  engineAnswer: (call: EngineCall) => Promise<EngineCallResult>;
  rehearse: RehearsalCases['prepareRehearsal'];
  rehearseOf: RehearsalCases['prepareRehearsalOf'];
  exportObservation: RehearsalCases['exportObservation'];
  now(): string;
  /** Changes the row, adds events, and tells whoever listens. */
  change(upgradeId: string, change: Partial<Upgrade>, ...events: readonly UpgradeEvent[]): void;
}

export interface World extends State {
  /** Each use case may be replaced by a test. */
  readonly control: Control;
  /** Names of the use cases that were called and write something. */
  readonly writes: string[];
  /** How long somebody waits now, in milliseconds, and the way to let that time pass. */
  readonly waits: { readonly milliseconds: number; readonly pass: () => void }[];
  /** What was logged as a warning or an error. */
  readonly logged: string[];
  /** Everything that may not change on bad input, as text. */
  picture(): string;
}

const writing = [
  'registerCluster',
  'createCluster',
  'changeCluster',
  'removeCluster',
  'cancelRemoval',
  'planUpgrade',
  'startUpgrade',
  'wish',
  'engineCall',
  'createKey',
  'revokeKey',
  'putToken',
];

/** One cluster and one key of ours, one cluster of somebody else. */
export function createWorld(): World {
  const ours = sampleCluster();
  const strangers = sampleCluster({ id: strangersClusterId, account: 'another', name: 'not ours' });
  const state: State = {
    clusters: new Map([ours, strangers].map((cluster) => [cluster.id, cluster])),
    plans: new Map(),
    upgrades: [],
    events: [],
    keys: [sampleKey()],
    tokens: new Map(),
    listeners: new Set(),
    audit: [],
    clusterListeners: new Set(),
    sessions: new Map(),
    tokensMade: 0,
    trials: [],
    findings: [],
    reports: [],
    engineAnswer: async () => ({ kind: 'refused', because: 'No test said what to answer.' }),
    rehearse: async () => sampleRehearsal(),
    rehearseOf: async () => sampleRehearsal(),
    exportObservation: async (_, __, anonymous) => ({ kind: 'exported', exported: sampleExported({ anonymous }) }),
    now: () => noon,
    change: (upgradeId, change, ...events) => {
      const index = state.upgrades.findIndex((upgrade) => upgrade.id === upgradeId);
      const before = state.upgrades[index];
      if (before === undefined) throw new Error(`there is no upgrade ${upgradeId}`);
      state.upgrades[index] = { ...before, ...change };
      state.events.push(...events);
      for (const listener of state.listeners) listener(upgradeId);
    },
  };
  const writes: string[] = [];
  const control = new Proxy(fakeControl(state), {
    get: (target, name, receiver) => {
      if (writing.includes(String(name))) writes.push(String(name));
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  const picture = () =>
    JSON.stringify([
      [...state.clusters],
      [...state.plans],
      state.upgrades,
      state.events,
      state.keys,
      [...state.tokens],
      [...state.sessions],
    ]);
  return Object.assign(state, { control, writes, waits: [], logged: [], picture });
}

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The answer’s JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  readonly json: any;
}

export interface Face {
  readonly fastify: FastifyInstance;
  readonly authorization: string;
  document(): Promise<OpenApiDocument>;
  /** Asks, and holds every answer against what the document says of it. */
  ask(method: string, path: string, body?: unknown): Promise<Asked>;
  /** As it is, with nothing added and nothing checked. */
  askRaw(request: InjectOptions & { url: string }): Promise<Asked>;
  listen(): Promise<string>;
}

/** The same for every face, and slow to make. */
let documentOnce: OpenApiDocument | null = null;

/** `prepare`: what a server does before it takes faces in. */
export async function openFace(world: World, prepare: (fastify: FastifyInstance) => void = () => {}): Promise<Face> {
  const fastify: FastifyInstance = Fastify({
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4_096 },
    frameworkErrors: (_: unknown, __: unknown, reply: { code(status: number): { send(body: unknown): void } }) => {
      const { status, body } = badUrlAnswer();
      reply.code(status).send(body);
    },
  } as object);
  prepare(fastify);
  const log = (_: object, says: string) => void world.logged.push(says);
  const face = nativeFace({
    control: world.control,
    rehearsals: {
      prepareRehearsal: (...asked) => world.rehearse(...asked),
      prepareRehearsalOf: (...asked) => world.rehearseOf(...asked),
      exportObservation: (...asked) => world.exportObservation(...asked),
    },
    authenticate: async (authorization) => authenticate(world, authorization),
    sessions: sessionsOf(world),
    now: world.now,
    pause: (milliseconds, signal) => pauseOf(world, milliseconds, signal),
    log: { debug: () => {}, info: () => {}, warn: log, error: log },
    catalog,
    defaultRegion: 'local',
    requestedSpec: sampleKubernetes,
  });
  await fastify.register(async (scope) => void (await scope.register(face)), { prefix: '/api/v1' });
  await fastify.ready();
  const authorization = basicOf(sampleKey());
  const askRaw: Face['askRaw'] = async (request) => {
    const { statusCode, headers, body } = await fastify.inject({ ...request, url: `/api/v1${request.url}` });
    const json = String(headers['content-type']).startsWith('application/json') ? JSON.parse(body) : undefined;
    return { status: statusCode, headers, text: body, json };
  };
  const ask: Face['ask'] = async (method, path, body) => {
    const asked = await askRaw({
      method: method as 'GET',
      url: path,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const mistakes = mistakesOf(await document(), method, path, asked);
    if (mistakes.length > 0) throw new Error(`${method} ${path}: ${mistakes.join('; ')}\n${asked.text}`);
    return asked;
  };
  const document = async () => {
    documentOnce ??= (await askRaw({ url: '/openapi.json', headers: { authorization } })).json as OpenApiDocument;
    return documentOnce;
  };
  return {
    fastify,
    authorization,
    document,
    ask,
    askRaw,
    listen: async () => `${await fastify.listen({ host: '127.0.0.1', port: 0 })}/api/v1`,
  };
}

export function basicOf({ id, secret }: Pick<AccessKey, 'id' | 'secret'>): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

function authenticate(world: World, authorization: string | undefined) {
  return callerWith(world, (key) => basicOf(key) === authorization);
}

function callerWith({ keys }: World, is: (key: AccessKey) => boolean) {
  const key = keys.find((one) => one.status === 'active' && is(one));
  return key === undefined ? undefined : { keyId: key.id, account: key.account, policy: key.policy };
}

/** As those of a server, with tokens that a test can tell apart. */
function sessionsOf(world: World): Sessions {
  const find = async (token: string) => {
    const session = world.sessions.get(token);
    const caller = session === undefined ? undefined : callerWith(world, ({ id }) => id === session.keyId);
    if (session === undefined || caller === undefined || session.expiresAt <= world.now()) return undefined;
    return { token, caller, expiresAt: session.expiresAt };
  };
  return {
    open: async (keyId, secret) => {
      if (callerWith(world, (key) => key.id === keyId && key.secret === secret) === undefined) return undefined;
      const token = `token-${world.tokensMade++}-`.padEnd(43, 'x');
      world.sessions.set(token, { keyId, expiresAt: twelveHoursAfter(world.now()) });
      return find(token);
    },
    find,
    close: async (token) => void world.sessions.delete(token),
  };
}

function twelveHoursAfter(at: string): string {
  return new Date(Date.parse(at) + 12 * 60 * 60_000).toISOString();
}

/** Ends when the test lets the time pass, or with its signal. */
function pauseOf({ waits }: World, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      const index = waits.indexOf(wait);
      if (index >= 0) waits.splice(index, 1);
      resolve();
    };
    const wait = { milliseconds, pass: end };
    if (signal?.aborted) return resolve();
    waits.push(wait);
    signal?.addEventListener('abort', end, { once: true });
  });
}
