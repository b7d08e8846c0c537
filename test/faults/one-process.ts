import { performance } from 'node:perf_hooks';
import {
  advance,
  type Control,
  type ControlParts,
  createControl,
  createTrials,
  createWakes,
  type LiftParts,
  type Wakes,
} from '../../src/control/index.ts';
import {
  type ActResult,
  type Caller,
  type ElasticsearchCatalog,
  type ElasticsearchSpec,
  type Host,
  type Launch,
  type MakerIo,
  nativePolicy,
  type OwnersWish,
  type Plan,
  type Upgrade,
  type UpgradeEvent,
} from '../../src/domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../../src/engines/elasticsearch/index.ts';
import { http, newId, newName, newSecret, pause as sleep } from '../../src/server/outside.ts';
import {
  createSimulatedHost,
  type Simulator,
  startSimulator,
  type WantedCluster,
} from '../../src/simulators/elasticsearch/index.ts';
import { catalogFile } from '../../src/simulators/elasticsearch/testing.ts';
import { openTestStore, type TestStore } from '../../src/store/samples.ts';
import { silentLog } from '../../src/store/testing.ts';
import { seedOfRun } from '../rig/index.ts';
import { Network } from './network.ts';
import { SimulatedWorld } from './simulated-world.ts';

/** Simulated milliseconds in a real one; the loop's clock runs as fast. */
const speed = 100;
/** Of real time: a loop that has not come to an end by then never will. */
const endTimeoutMs = 4 * 60_000;

export const caller: Caller = { keyId: 'key-of-the-lab', account: 'lab', policy: null };
export const from = '5.5.3';
export const to = '5.6.16';

export interface LoopCluster {
  readonly name: string;
  readonly id: string;
  readonly spec: ElasticsearchSpec;
  readonly wanted: WantedCluster;
}

/**
 * The use cases, the loop and a real database in the test's own process, on a simulated world whose clock the loop shares:
 * limits of ten minutes pass in seconds. What a turn asks goes through a network that the test may disturb.
 */
export class OneProcess extends SimulatedWorld {
  readonly store: TestStore;
  readonly control: Control;
  readonly network = new Network();
  /** The simulated host, asked past the network and past `launched`. */
  readonly host: Host;
  readonly seed: number;
  /** Added to what the loop takes for the time: a clock that is set. */
  skewMs = 0;
  /** What a launch becomes on its way to the host. */
  launched: (launch: Launch) => Launch = (launch) => launch;
  readonly #parts: LiftParts;
  readonly #wakes: Wakes;
  readonly #beganMs = performance.timeOrigin + performance.now();

  private constructor(simulator: Simulator, store: TestStore, seed: number) {
    super(simulator);
    this.store = store;
    this.seed = seed;
    const pause = (milliseconds: number, signal?: AbortSignal) => sleep(milliseconds / speed, signal);
    this.host = createSimulatedHost({ url: simulator.url, http });
    const host = this.#throughUs(createSimulatedHost({ url: simulator.url, http: this.network.http }));
    const never = () => Promise.reject(new Error('no certificate is made here'));
    const io: MakerIo = {
      http: this.network.http,
      hosts: (key) => (key === 'simulated' ? host : undefined),
      now: () => this.now(),
      pause,
      certificates: { authority: never, issue: never, signingKeys: never },
    };
    const closing = new AbortController().signal;
    const engines = { elasticsearch: { engine: elasticsearchEngine, catalog: catalogOfFile() } };
    const known = { store: store.store, engines, io, log: silentLog };
    const trials = createTrials({ ...known, enabled: false, closing });
    this.#wakes = createWakes(store.store, pause);
    this.#parts = { ...known, trials, wakes: this.#wakes, closing };
    const parts: ControlParts = {
      ...known,
      trials,
      newId,
      newName,
      newSecret,
      repositoryFolder: (clusterId) => `/simulated/snapshots/${clusterId}`,
      authenticationUrl: () => 'http://127.0.0.1/nobody-asks',
    };
    const loop = { start: async () => undefined };
    this.control = createControl({ ...parts, loop }, closing).control;
  }

  static async open(purpose: string, durations: Parameters<typeof startSimulator>[0]['durations'] = {}): Promise<OneProcess> {
    const seed = seedOfRun(purpose);
    const nowMs = () => performance.timeOrigin + performance.now();
    const simulator = await startSimulator({ port: 0, seed, speed, nowMs, portSeed: seed + process.pid, durations });
    return new OneProcess(simulator, await openTestStore(), seed);
  }

  async close(): Promise<void> {
    this.#wakes.close();
    await this.simulator.close();
    await this.store.close();
  }

  /** The loop's clock. */
  now(): string {
    const elapsedMs = (performance.timeOrigin + performance.now() - this.#beganMs) * speed;
    return new Date(this.#beganMs + elapsedMs + this.skewMs).toISOString();
  }

  /** Three nodes that their owner has running, with indices that one of them may leave; registered. */
  async addCluster(name: string, more: Partial<WantedCluster> = {}): Promise<LoopCluster> {
    const wanted: WantedCluster = {
      name,
      version: from,
      nodes: [1, 2, 3].map((number) => ({ name: `${name}-${number}` })),
      indices: [
        { name: 'orders', shards: 2, replicas: 1 },
        { name: 'users', shards: 1, replicas: 2 },
      ],
      ...more,
    };
    const spec = await this.simulator.addCluster(wanted);
    const request = { name, description: '', region: 'local', tags: {}, spec, secrets: {} };
    const result = await this.control.registerCluster(caller, request);
    if (result.kind !== 'registered') throw new Error(`${name}: ${JSON.stringify(result)}`);
    return { name, id: result.cluster.id, spec, wanted };
  }

  async plan(cluster: LoopCluster, version: string = to): Promise<Plan> {
    const result = await this.control.planUpgrade(caller, cluster.id, { version, build: null });
    if (result.kind !== 'planned') throw new Error(`${cluster.name}: ${JSON.stringify(result)}`);
    return result.plan;
  }

  /** Starts what was planned; what is policy only is acknowledged. */
  async start(plan: Plan): Promise<string> {
    const unanswered = plan.reports.filter((report) => report.result.kind === 'could-not-run');
    const acknowledge = [...new Set([...plan.findings, ...unanswered].map(({ check }) => check))];
    const asked = { clusterId: plan.clusterId, what: { planId: plan.id }, acknowledge, policy: nativePolicy };
    const result = await this.control.startUpgrade(caller, { ...asked, token: null, answer: () => null });
    if (result.kind !== 'started') throw new Error(`${plan.clusterId}: ${JSON.stringify(result).slice(0, 2_000)}`);
    return result.upgrade.id;
  }

  async lift(cluster: LoopCluster, version: string = to): Promise<string> {
    return this.start(await this.plan(cluster, version));
  }

  /** Turn after turn until it does not run any more. */
  async ended(upgradeId: string): Promise<Upgrade> {
    for (const deadline = performance.now() + endTimeoutMs; performance.now() < deadline; ) {
      const upgrade = await this.store.store.getUpgrade(upgradeId);
      if (upgrade === undefined) throw new Error(`there is no upgrade ${upgradeId}`);
      if (upgrade.status !== 'running') return upgrade;
      await advance(this.#parts, upgradeId, upgrade.generation);
    }
    const told = (await this.events(upgradeId)).slice(-12).map((event) => `${event.kind}: ${event.says}`);
    throw new Error(`upgrade ${upgradeId} did not end; last:\n${told.join('\n')}`);
  }

  /** One turn, as a server would take it. */
  async turn(upgradeId: string): Promise<void> {
    const upgrade = await this.store.store.getUpgrade(upgradeId);
    if (upgrade?.status === 'running') await advance(this.#parts, upgradeId, upgrade.generation);
  }

  async wish(upgradeId: string, wanted: OwnersWish): Promise<void> {
    const end = await this.control.wish(caller, upgradeId, wanted);
    if (end.kind !== 'accepted') throw new Error(`${wanted}: ${JSON.stringify(end)}`);
  }

  events(upgradeId: string): Promise<readonly UpgradeEvent[]> {
    return this.store.store.listEvents(upgradeId, 0, 2_000);
  }

  #throughUs(host: Host): Host {
    return new Proxy(host, {
      get: (target, key) => {
        if (key === 'start')
          return (...[ticket, launch]: Parameters<Host['start']>): Promise<ActResult> =>
            target.start(ticket, this.launched(launch));
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

function catalogOfFile(): ElasticsearchCatalog {
  const parsed = parseCatalog(catalogFile());
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('; '));
  return parsed.catalog;
}
