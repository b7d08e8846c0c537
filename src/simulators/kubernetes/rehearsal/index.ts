/**
 * Rehearsals of control planes: what was seen of one, loaded into a simulated one without sockets, whose time passes only
 * while everybody waits.
 * It does not know: engines (how a member is launched is handed to it), plans beyond what they take, reports.
 */
import {
  type Cluster,
  type KubernetesCluster,
  kubernetesSpec,
  type RehearsalRequest,
  type Rehearsals,
  type RehearsalWorld,
  type SeenKubernetes,
} from '../../../domain/index.ts';
import { seededRandom, varied } from '../../dice.ts';
import { SimulatedHost } from '../../host/simulated-host.ts';
import { newJournal } from '../../journal.ts';
import { startVirtualClock } from '../../virtual-clock.ts';
import { createInMemoryNetwork } from '../listen/in-memory.ts';
import { Members } from '../members.ts';
import { createMishap, faultsOf, type Mishap } from './faults.ts';
import { type LaunchOf, loadPlane } from './from-observation.ts';
import { type PlaneLows, watchPlane } from './plane-low.ts';

export type { LaunchOf } from './from-observation.ts';
export { simulatedPlane } from './twin.ts';

const fetchMs = 2_000;
/** Beyond what any kernel gives out. */
const firstPid = 20_000_000;

/** Its members listen in no network of this machine. */
const unasked = { freePorts: async () => [] };

/** The cluster of a request is one of `simulatedPlane`, with keys of its own. */
export function kubernetesRehearsals(launchOf: LaunchOf): Rehearsals {
  return {
    faultsOf: (cluster, seen, plan) => faultsOf(cluster, seen as SeenKubernetes, plan),
    open: (request) => openPlane(request, launchOf),
    assumed: [
      'Durations of starts, of getting ready, draining and elections are the defaults of the simulator, varied by a fifth; they were not taken from this cluster.',
      'Pods are as many as were seen, with owners that start them again elsewhere; their containers, volumes and resources are not there.',
      'Webhooks agree, or are away as they were; custom resources, objects that are not pods, budgets and nodes, and load are not there.',
      'Every member on the simulated host has memory enough for another beside it. Trial starts and gates are left out; what the dry run finds does not hold a rehearsal.',
    ],
  };
}

async function openPlane(
  { cluster, seen: account, seed, beganMs, fault }: RehearsalRequest,
  launchOf: LaunchOf,
): Promise<RehearsalWorld> {
  const twin = ofKubernetes(cluster);
  const seen = account as SeenKubernetes;
  const random = seededRandom(seed);
  const network = createInMemoryNetwork();
  const failures = new Set<string>();
  let nextPid = firstPid;
  const watching: { mishap: Mishap | null; lows: PlaneLows | null } = { mishap: null, lows: null };
  const clock = startVirtualClock({
    beganMs,
    advance: (nowMs) => {
      members.advance(nowMs);
      watching.mishap?.stepped();
      watching.lows?.look();
    },
    nextEventMs: () => earlier(members.nextEventMs(), watching.mishap?.nextMs() ?? null),
  });
  const members: Members = new Members(
    { ...unasked, clusterId: twin.id, clock, random, failures, newPid: () => nextPid++ },
    network,
  );
  await loadPlane({ members, clock, twin, launchOf }, seen);
  const openedMs = clock.catchUp();
  const mishap = createMishap(fault, members, failures);
  const lows = watchPlane(members.room, placesOf(twin, seen), openedMs);
  Object.assign(watching, { mishap, lows });
  mishap.begin();
  // What came up before is not told of: nobody was upgrading.
  members.room.faults.violations.length = 0;
  const host = hostOf({ members, clock, mishap, fetch: () => clock.until(() => false, varied(fetchMs, random)) });
  return {
    cluster: twin,
    nowMs: () => Math.round(clock.nowMs() - openedMs),
    violations: () => members.room.faults.violations,
    thinnest: () => null,
    plane: lows.low,
    close: () => clock.stop(),
    io: {
      http: async (request) => {
        clock.catchUp();
        mishap.ask();
        return network.http(request);
      },
      hosts: () => host,
      now: () => new Date(clock.wallMs()).toISOString(),
      pause: async (milliseconds) => {
        await clock.until(() => false, milliseconds);
      },
    },
  };
}

interface HostParts {
  readonly members: Members;
  readonly clock: ReturnType<typeof startVirtualClock>;
  readonly mishap: Mishap;
  readonly fetch: () => Promise<unknown>;
}

function hostOf({ members, clock, mishap, fetch }: HostParts): SimulatedHost {
  const opened = { world: members, clock };
  return new SimulatedHost({
    worlds: {
      of: () => opened,
      openFor: () => opened,
      started: async ({ member }) => mishap.started(member),
      stopped: async (_, member) => mishap.stopped(member),
      erased: async () => undefined,
      troublesWithTags: () => [],
    },
    journal: newJournal(),
    nowMs: () => clock.wallMs(),
    fetch: async () => void (await fetch()),
    freePorts: async () => [],
  });
}

function placesOf({ spec }: KubernetesCluster, seen: SeenKubernetes) {
  const surges = spec.members.filter(({ surge }) => surge).map(({ name }) => name);
  return {
    apiservers: seen.apiservers.map(({ name }) => name).filter((name) => !surges.includes(name)),
    etcd: seen.etcd.map(({ name }) => name),
    nodes: seen.nodes.map(({ name }) => name),
  };
}

function ofKubernetes(cluster: Cluster): KubernetesCluster {
  return { ...cluster, spec: kubernetesSpec(cluster) };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
