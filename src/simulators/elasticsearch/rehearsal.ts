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
import { SimulatedHost } from '../host/simulated-host.ts';
import { type Journal, newJournal } from '../journal.ts';
import { startVirtualClock } from '../virtual-clock.ts';
import { createSteps, withDice } from './clock.ts';
import { loadObservation, simulatedTwin } from './from-observation.ts';
import { Members } from './host/members.ts';
import { createMishap, durationsWith, faultsOf } from './rehearsed-faults.ts';
import { answerRest } from './rest/index.ts';
import { watchThinMoments } from './thin-moments.ts';
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
  const members = twin.spec.nodes.map(({ name }) => name);
  const moments = watchThinMoments(world, made, members);
  const gate = createGate(() => mishap.hold);
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
  const clock = withDice(plain, random);
  const pids = loadObservation(world, twin, seen, { nowMs: 0, random });
  const processes = new Members({ clusterId: twin.id, world, clock, steps, journal, close: async () => undefined });
  for (const [name, pid] of Object.entries(pids)) processes.adopt(name, pid);
  const opened = { world: processes, clock: plain };
  const nothing = async () => undefined;
  const worlds = {
    of: () => opened,
    openFor: ({ member }: { readonly member: string }) => {
      slow = fault?.fault === 'member-returns-slowly' && fault.member === member;
      return opened;
    },
    started: async ({ member }: { readonly member: string }) => mishap.started(member),
    stopped: async () => mishap.stopped(),
    erased: nothing,
    troublesWithTags: () => [],
  };
  const fetch = async () => {
    await plain.until(() => false, varied(world.durations.prefetchMs, random));
  };
  const host = new SimulatedHost({ worlds, journal, nowMs: () => plain.wallMs(), fetch, freePorts: async () => [] });

  const http: Http = async ({ method, url, body }) => {
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

  return {
    cluster: twin,
    world,
    journal,
    thinnest: moments.thinnest,
    nowMs: () => plain.nowMs(),
    close: () => plain.stop(),
    io: {
      http,
      hosts: (key) => (key === 'simulated' ? host : undefined),
      now: () => new Date(plain.wallMs()).toISOString(),
      pause: async (milliseconds) => {
        await plain.until(() => false, milliseconds);
      },
    },
  };
}

/** Rehearsals of clusters of Elasticsearch. */
export const elasticsearchRehearsals: Rehearsals = {
  faultsOf: (cluster, seen) => faultsOf(cluster, seen as SeenElasticsearch),
  open: ({ cluster, seen, ...rest }) => {
    const opened = openRehearsal({ ...rest, cluster: ofElasticsearch(cluster), seen: seen as SeenElasticsearch });
    return { ...opened, violations: () => opened.world.violations.map(({ says }) => says) };
  },
};

function ofElasticsearch(cluster: Cluster): ElasticsearchCluster {
  return { ...cluster, spec: elasticsearchSpec(cluster) };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
