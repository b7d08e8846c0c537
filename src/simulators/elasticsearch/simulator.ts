import type { ElasticsearchSpec } from '../../domain/index.ts';
import { startClock } from '../clock.ts';
import { createGate, type Hold } from '../hold.ts';
import { answerHost } from '../host/serve.ts';
import { type OpenWorld, SimulatedHost, type Worlds } from '../host/simulated-host.ts';
import { listenOn } from '../http.ts';
import { type Journal, newJournal } from '../journal.ts';
import { createPorts } from '../ports.ts';
import { type AddClusterParts, addCluster, type WantedCluster } from './add-cluster.ts';
import { type Clock, createSteps, withDice } from './clock.ts';
import { Members } from './host/members.ts';
import { createListeners } from './rest/listeners.ts';
import {
  type Durations,
  end,
  isolate,
  makeWorld,
  reunite,
  type SimCluster,
  type SimProcess,
  type StartFault,
  seededRandom,
  type Violation,
  varied,
  type World,
} from './world/index.ts';

export interface SimulatorOptions {
  /** Port of the Host contract; 0: any. */
  readonly port: number;
  readonly seed: number;
  /** Simulated milliseconds in one of the caller's. */
  readonly speed: number;
  readonly nowMs: () => number;
  /** Where ports are looked for first: two simulators of one machine should not look in the same places. */
  readonly portSeed: number;
  /** Of its nodes; 127.0.0.1 where nothing is said. One address has ports for about two thousand of them. */
  readonly address?: string;
  readonly durations?: Partial<Durations>;
}

export interface Simulator {
  /** Of the Host contract: what a configuration names as the host's `url`. */
  readonly url: string;
  readonly world: World;
  readonly journal: Journal;
  readonly violations: readonly Violation[];
  addCluster(wanted: WantedCluster): Promise<ElasticsearchSpec>;
  cluster(name: string): SimCluster;
  /** The process that runs or ran last under this name. */
  node(name: string): SimProcess;
  /** Requests that change something are held as it says; null: none. */
  hold(how: Hold | null): void;
  /** From now on a node does not start, and says why, until it is mended. */
  breakStart(name: string, fault: StartFault): void;
  mendStart(name: string): void;
  /** The next hooks beside a node fail, so many of them. */
  breakHooks(name: string, times: number): void;
  /** The process is gone at once. */
  crash(name: string): void;
  /** Cut off from the other nodes, until it is reunited with them. */
  isolate(name: string): void;
  reunite(name: string): void;
  /** True once the condition holds. */
  until(condition: () => boolean, timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** A simulated host with its clusters, on loopback: the Host contract on one port, each node's REST API on its own. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = makeWorld(options.durations);
  const journal = newJournal();
  let hold: Hold | null = null;
  const gate = createGate(() => hold);
  const { address = '127.0.0.1' } = options;
  const freePorts = createPorts(seededRandom(options.portSeed), address);
  const listeners = createListeners({ address, world, journal, gate, clock: () => clock });
  const random = seededRandom(options.seed);
  const steps = createSteps(world, random, options.nowMs, () => listeners.follow());
  const plainClock = startClock({ speed: options.speed, nowMs: options.nowMs, ...steps });
  const clock: Clock = withDice(plainClock, random);
  const fetch = async () => {
    const ready = clock.catchUp().nowMs + varied(world.durations.prefetchMs, random);
    await clock.until(() => world.nowMs >= ready, Number.POSITIVE_INFINITY);
  };
  const close = () => listeners.close();
  const worlds = oneWorld((clusterId) => ({
    world: new Members({ clusterId, world, clock, steps, journal, close }),
    clock: plainClock,
  }));
  const host = new SimulatedHost({ worlds, journal, nowMs: options.nowMs, fetch, freePorts });
  const contract = await listenOn(options.port, ({ url, body, signal }) => answerHost(host, gate, url.pathname, body, signal));
  const parts: AddClusterParts = { address, world, clock, freePorts, listening: () => listeners.atRest() };
  return {
    url: `http://127.0.0.1:${contract.port}`,
    world,
    journal,
    violations: world.violations,
    addCluster: (wanted) => addCluster(parts, wanted),
    cluster: (name) => found(world.clusters.get(name), `there is no cluster ${name}`),
    node: (name) => nodeNamed(world, name),
    hold: (how) => {
      hold = how;
    },
    breakStart: (name, fault) => {
      world.startFaults.set(name, fault);
    },
    mendStart: (name) => {
      world.startFaults.delete(name);
    },
    breakHooks: (name, times) => {
      world.hookFaults.set(name, times);
    },
    crash: (name) => {
      end(world, nodeNamed(world, name), 137, clock.catchUp());
      listeners.follow();
    },
    isolate: (name) => isolate(world, nodeNamed(world, name), clock.catchUp()),
    reunite: (name) => reunite(world, name),
    until: (condition, timeoutMs) => clock.until(condition, timeoutMs),
    close: async () => {
      clock.stop();
      await Promise.all([listeners.close(), contract.close()]);
    },
  };
}

/** All clusters live in the same world, whose clock is theirs; tags are not heeded. */
function oneWorld(membersOf: (clusterId: string) => OpenWorld): Worlds {
  const known = new Map<string, OpenWorld>();
  const of = (clusterId: string) => {
    const opened = known.get(clusterId) ?? membersOf(clusterId);
    known.set(clusterId, opened);
    return opened;
  };
  const nothing = async () => undefined;
  return {
    of,
    openFor: ({ clusterId }) => of(clusterId),
    started: nothing,
    stopped: nothing,
    erased: nothing,
    troublesWithTags: () => [],
  };
}

function nodeNamed(world: World, name: string): SimProcess {
  const last = [...world.processes.values()].filter((node) => node.name === name).at(-1);
  return found(last, `there is no node ${name}`);
}

function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
