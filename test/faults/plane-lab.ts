import { randomUUID } from 'node:crypto';
import { advance, type Control, createControl, createWakes, type LiftParts } from '../../src/control/index.ts';
import {
  type Caller,
  emptyLedger,
  type Hop,
  type Host,
  type KubernetesCatalog,
  type KubernetesCluster,
  type KubernetesSpec,
  kubernetesMembers,
  type Launch,
  type MakerIo,
  type Release,
  type Upgrade,
  type UpgradeEvent,
} from '../../src/domain/index.ts';
import { kubernetesEngine } from '../../src/engines/kubernetes/index.ts';
import { planOfHop, theKubernetesCatalog } from '../../src/engines/kubernetes/testing.ts';
import { engineIo, newId, newName, newSecret } from '../../src/server/outside.ts';
import { type Clock, startClock } from '../../src/simulators/clock.ts';
import { seededRandom } from '../../src/simulators/dice.ts';
import { SimulatedHost } from '../../src/simulators/host/simulated-host.ts';
import { newJournal } from '../../src/simulators/journal.ts';
import { Members } from '../../src/simulators/kubernetes/index.ts';
import { createPorts } from '../../src/simulators/ports.ts';
import { openTestStore, type TestStore } from '../../src/store/samples.ts';
import { silentLog } from '../../src/store/testing.ts';
import { type Cut, doomedServer } from './doomed-server.ts';
import { LoopTime } from './loop-time.ts';
import { makePlane, type WantedPlane } from './plane-making.ts';

/** Simulated milliseconds in a real one. */
const speed = 100;
const endTimeoutMs = 4 * 60_000;

export const caller: Caller = { keyId: 'key-of-the-lab', account: '000000000000', policy: null };
export const old: Release = { version: '1.36', build: 'eks.3' };
export const next: Release = { version: '1.37', build: 'eks.2' };

/** Programs are not tried here before they are started. */
const trials: LiftParts['trials'] = {
  of: async (cluster, releases) =>
    releases.flatMap((release) =>
      kubernetesMembers(cluster.spec as KubernetesSpec).map(({ name }) => ({
        key: { clusterId: cluster.id, member: name, release, settingsHash: '' },
        outcome: { kind: 'off' as const },
      })),
    ),
};

/** One simulated control plane, a real database, and the loop in servers that may die. */
export class PlaneLab {
  readonly members: Members;
  readonly journal = newJournal();
  readonly store: TestStore;
  /** Plans and starts; what it starts is carried on by `ended`. */
  readonly control: Control;
  readonly kills: string[] = [];
  /** Of the names that the tag of a simulated cluster knows. */
  readonly failures = new Set<string>();
  /** What a launch becomes on its way to the host. */
  launched: (launch: Launch) => Launch = (launch) => launch;
  readonly #engines: LiftParts['engines'];
  readonly #io: MakerIo;
  readonly #clock: Clock;
  readonly #time: LoopTime;
  #cluster: KubernetesCluster | undefined;

  private constructor(store: TestStore, seed: number, catalog: KubernetesCatalog) {
    this.store = store;
    this.#engines = { kubernetes: { engine: kubernetesEngine, catalog } };
    const random = seededRandom(seed);
    const freePorts = createPorts(seededRandom(seed + process.pid));
    let pid = 20_000_000;
    this.#clock = startClock({
      speed,
      nowMs: Date.now,
      advance: (simulatedMs) => this.members.advance(simulatedMs),
      nextEventMs: () => this.members.nextEventMs(),
    });
    const parts = { clusterId: 'k8s-1', failures: this.failures, clock: this.#clock, random, freePorts };
    this.members = new Members({ ...parts, newPid: () => pid++ });
    const opened = { world: this.members, clock: this.#clock };
    const host = new SimulatedHost({
      worlds: {
        of: () => opened,
        openFor: () => opened,
        started: async () => undefined,
        stopped: async () => undefined,
        erased: async () => undefined,
        troublesWithTags: () => [],
      },
      journal: this.journal,
      nowMs: Date.now,
      freePorts,
      fetch: async () => undefined,
    });
    const io = engineIo({ local: this.#onOurClock(host) });
    this.#time = new LoopTime(io.pause);
    this.#io = { ...io, pause: this.#time.pause, now: () => this.#time.now() };
    const known = { store: store.store, engines: this.#engines, io: this.#io, log: silentLog, trials, newId, newName, newSecret };
    const addresses = { repositoryFolder: () => '/snapshots', authenticationUrl: () => '' };
    const loop = { start: async () => undefined };
    this.control = createControl({ ...known, ...addresses, loop }, new AbortController().signal).control;
  }

  /** With three members of etcd and two apiservers, up and running. */
  static async open(seed: number, release: Release, wanted: WantedPlane = {}): Promise<PlaneLab> {
    console.info(`CLUSTERLIFT_SEED=${seed}`);
    const { catalog = theKubernetesCatalog() } = wanted;
    const lab = new PlaneLab(await openTestStore(), seed, catalog);
    lab.#cluster = await makePlane(lab.#io, catalog, release, wanted);
    if ((await lab.store.store.insertCluster(lab.#cluster)) === 'name-taken') throw new Error('its name is taken');
    return lab;
  }

  get cluster(): KubernetesCluster {
    if (this.#cluster === undefined) throw new Error('it is not made yet');
    return this.#cluster;
  }

  /** Lifts it without having asked any check before, by servers of which each dies at the act that `cut` names. */
  async lift(hop: Hop, cut: Cut = () => null, acknowledged: readonly string[] = []): Promise<Upgrade> {
    const { store } = this.store;
    const plan = { ...planOfHop(this.cluster.id, hop), id: randomUUID() };
    const generation = 1 + ((await this.#io.hosts('local')?.generationOf(this.cluster.id)) ?? 0);
    await store.insertPlan(plan);
    const at = this.#io.now();
    const upgrade: Upgrade = {
      id: randomUUID(),
      clusterId: plan.clusterId,
      planId: plan.id,
      from: hop.from,
      to: hop.to,
      status: 'running',
      intent: 'go',
      generation,
      reason: null,
      ledger: { ...emptyLedger, generation },
      recorded: [],
      acknowledged,
      startedBy: 'lab',
      createdAt: at,
      updatedAt: at,
      endedAt: null,
    };
    await store.insertUpgrade(upgrade, [], null);
    return this.ended(upgrade.id, cut);
  }

  /** Turn after turn, each server’s successor in the next generation, until it does not run any more. */
  async ended(upgradeId: string, cut: Cut = () => null): Promise<Upgrade> {
    const { store } = this.store;
    const wakes = createWakes(store, this.#io.pause);
    const deadline = Date.now() + endTimeoutMs;
    try {
      for (let server = this.#server(cut, wakes); Date.now() < deadline; ) {
        const upgrade = await store.getUpgrade(upgradeId);
        if (upgrade === undefined) throw new Error(`there is no upgrade ${upgradeId}`);
        if (upgrade.status !== 'running') return upgrade;
        const turn = advance(server.parts, upgradeId, upgrade.generation).then(() => null);
        const died = await Promise.race([turn, server.died]);
        if (died === null) continue;
        this.kills.push(died);
        await this.#takenOver(upgrade);
        server = this.#server(cut, wakes);
      }
    } finally {
      wakes.close();
    }
    const told = (await this.events(upgradeId)).slice(-12).map((event) => `${event.kind}: ${event.says}`);
    throw new Error(`upgrade ${upgradeId} did not end; last:\n${told.join('\n')}`);
  }

  /** As the sweep of another server does it. */
  async #takenOver({ id, generation }: Upgrade): Promise<void> {
    const { store } = this.store;
    const at = this.#io.now();
    const raised = await store.nextGeneration(id, generation, at);
    if (raised === undefined) throw new Error(`upgrade ${id} could not be taken over`);
    const ledger = { ...raised.ledger, generation: raised.generation };
    await store.writeTurn({ upgradeId: id, generation: raised.generation, ledger, events: [], at });
  }

  #server(cut: Cut, wakes: LiftParts['wakes']) {
    const { io, store, died } = doomedServer(this.#io, this.store.store, cut);
    const closing = new AbortController().signal;
    const parts: LiftParts = { engines: this.#engines, io, store, log: silentLog, trials, wakes, closing };
    return { parts, died };
  }

  events(upgradeId: string): Promise<readonly UpgradeEvent[]> {
    return this.store.store.listEvents(upgradeId, 0, 2_000);
  }

  /** Version of each member that runs. */
  versions(): Readonly<Record<string, string>> {
    const running = [...this.members.room.processes.values()].filter(({ phase }) => phase !== 'ended');
    return Object.fromEntries(running.map(({ member, version }) => [member, version]).sort());
  }

  /** What each member was launched at, in order, since that many launches. */
  launchesSince(before: number): Readonly<Record<string, readonly string[]>> {
    const told: Record<string, string[]> = {};
    for (const { member, release } of this.journal.launches.slice(before)) {
      told[member] ??= [];
      told[member].push(release.version);
    }
    return told;
  }

  async close(): Promise<void> {
    this.#clock.stop();
    await this.members.close();
    await this.store.close();
  }

  #onOurClock(host: SimulatedHost): Host {
    return new Proxy<Host>(host, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (key === 'start')
          return (...[ticket, launch]: Parameters<Host['start']>) => target.start(ticket, this.launched(launch));
        if (key === 'describe')
          return async (...args: Parameters<Host['describe']>) => {
            const seen = await target.describe(...args);
            if (seen.state !== 'running' || seen.startedAt === null) return seen;
            return { ...seen, startedAt: this.#time.at(Date.parse(seen.startedAt)) };
          };
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}
