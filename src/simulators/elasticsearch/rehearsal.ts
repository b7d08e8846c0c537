import {
  type Cluster,
  type ElasticsearchCluster,
  type EngineIo,
  elasticsearchSpec,
  type Http,
  type RehearsalFault,
  type Rehearsals,
  type SeenElasticsearch,
  type ThinMoment,
} from '../../domain/index.ts';
import { createGate } from '../hold.ts';
import { type OpenWorld, SimulatedHost } from '../host/simulated-host.ts';
import { type Journal, newJournal } from '../journal.ts';
import { startVirtualClock } from '../virtual-clock.ts';
import { type Clock, createSteps, withDice } from './clock.ts';
import { loadObservation, simulatedTwin } from './from-observation.ts';
import { Members } from './host/members.ts';
import { createMishap, durationsWith, faultsOf, type Mishap } from './rehearsed-faults.ts';
import { answerRest } from './rest/index.ts';
import { type ThinMoments, watchThinMoments } from './thin-moments.ts';
import { type Durations, makeWorld, seededRandom, varied, type World } from './world/index.ts';

export interface RehearsalOptions {
  readonly cluster: ElasticsearchCluster;
  readonly seen: SeenElasticsearch;
  readonly seed: number;
  readonly beganMs: number;
  readonly durations?: Partial<Durations>;
  readonly fault?: RehearsalFault | null;
}

export interface OpenRehearsal {
  /** What is to be lifted instead of the real one. */
  readonly cluster: ElasticsearchCluster;
  readonly io: EngineIo;
  readonly world: World;
  readonly journal: Journal;
  thinnest(): ThinMoment | null;
  /** Simulated milliseconds since the rehearsal began. */
  nowMs(): number;
  close(): void;
}

/** A real cluster as it was seen, in a world of its own in this process: no sockets, and time that jumps. */
export function openRehearsal({ cluster, seen, seed, beganMs, durations, fault = null }: RehearsalOptions): OpenRehearsal {
  let slow = false;
  const world = makeWorld({ ...durationsWith(fault, () => slow), ...durations });
  const random = seededRandom(seed);
  const journal = newJournal();
  const twin = simulatedTwin(cluster);
  const made = () => world.clusters.get(seen.clusterName);
  const mishap = createMishap(fault, { world, cluster: made, random });
  const moments = watchThinMoments(
    world,
    made,
    twin.spec.nodes.map(({ name }) => name),
  );
  const { plain, steps } = startTime({ world, random, beganMs, mishap, moments });
  const clock = withDice(plain, random);
  const pids = loadObservation(world, twin, seen, { nowMs: 0, random });
  const processes = new Members({ clusterId: twin.id, world, clock, steps, journal, close: async () => undefined });
  for (const [name, pid] of Object.entries(pids)) processes.adopt(name, pid);
  const host = hostOf({
    opened: { world: processes, clock: plain },
    journal,
    mishap,
    launched: (member) => {
      slow = fault?.fault === 'member-returns-slowly' && fault.member === member;
    },
    fetchMs: () => varied(world.durations.prefetchMs, random),
  });
  return {
    cluster: twin,
    world,
    journal,
    thinnest: moments.thinnest,
    nowMs: () => plain.nowMs(),
    close: () => plain.stop(),
    io: {
      http: httpOf({ world, journal, clock, mishap }),
      hosts: (key) => (key === 'simulated' ? host : undefined),
      now: () => new Date(plain.wallMs()).toISOString(),
      pause: async (milliseconds) => {
        await plain.until(() => false, milliseconds);
      },
    },
  };
}

interface TimeParts {
  readonly world: World;
  readonly random: () => number;
  readonly beganMs: number;
  readonly mishap: Mishap;
  readonly moments: ThinMoments;
}

/** A clock that jumps to whatever the world or the fault does next. */
function startTime({ world, random, beganMs, mishap, moments }: TimeParts) {
  const ownSteps = createSteps(
    world,
    random,
    () => plain.wallMs(),
    () => {
      mishap.stepped();
      moments.look();
    },
  );
  const steps = { ...ownSteps, nextEventMs: () => earlier(ownSteps.nextEventMs(), mishap.nextMs()) };
  const plain = startVirtualClock({ beganMs, ...steps });
  return { plain, steps };
}

interface HostParts {
  readonly opened: OpenWorld;
  readonly journal: Journal;
  readonly mishap: Mishap;
  readonly launched: (member: string) => void;
  readonly fetchMs: () => number;
}

/** The one host of the twin: its members are stopped and started there, and the fault hears of it. */
function hostOf({ opened, journal, mishap, launched, fetchMs }: HostParts): SimulatedHost {
  const { clock } = opened;
  const worlds = {
    of: () => opened,
    openFor: ({ member }: { readonly member: string }) => {
      launched(member);
      return opened;
    },
    started: async ({ member }: { readonly member: string }) => mishap.started(member),
    stopped: async () => mishap.stopped(),
    erased: async () => undefined,
    troublesWithTags: () => [],
  };
  const fetch = async () => {
    await clock.until(() => false, fetchMs());
  };
  return new SimulatedHost({ worlds, journal, nowMs: () => clock.wallMs(), fetch, freePorts: async () => [] });
}

interface RestParts {
  readonly world: World;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly mishap: Mishap;
}

/** Asks the node whose port it is, without a socket. */
function httpOf({ world, journal, clock, mishap }: RestParts): Http {
  const gate = createGate(() => mishap.hold);
  return async ({ method, url, body }) => {
    clock.catchUp();
    const asked = new URL(url);
    const instead = mishap.answerInstead(method, asked.pathname);
    if (instead !== null) return instead;
    const node = [...world.processes.values()].find(({ httpOpen, httpPort }) => httpOpen && `${httpPort}` === asked.port);
    const made = node && world.clusters.get(node.clusterName);
    if (node === undefined || made === undefined) throw new Error(`connect ECONNREFUSED 127.0.0.1:${asked.port}`);
    const incoming = { method, url: asked, body: body ?? '', signal: new AbortController().signal };
    const site = { world, cluster: made, node, journal, moment: clock.catchUp, nowWallMs: clock.wallMs, until: clock.until };
    const answer = await answerRest(incoming, site, gate);
    return { status: answer.status, body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) };
  };
}

/** Rehearsals of clusters of Elasticsearch. */
export const elasticsearchRehearsals: Rehearsals = {
  faultsOf: (cluster, seen) => faultsOf(cluster, seen as SeenElasticsearch),
  open: async ({ cluster, seen, ...rest }) => {
    const opened = openRehearsal({ ...rest, cluster: ofElasticsearch(cluster), seen: seen as SeenElasticsearch });
    return { ...opened, violations: () => opened.world.violations.map(({ says }) => says), plane: () => null };
  },
  assumed: [
    'Durations of starts, elections and recoveries are the defaults of the simulator, varied by a fifth; they were not taken from this cluster.',
    'There are no documents: how long the recovery of a large shard takes, load and searches are not rehearsed.',
    'Hooks, trial starts and gates are left out; what the dry run finds does not hold a rehearsal.',
    'The disks are as full as they were seen, and stay so.',
  ],
};

function ofElasticsearch(cluster: Cluster): ElasticsearchCluster {
  return { ...cluster, spec: elasticsearchSpec(cluster) };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
