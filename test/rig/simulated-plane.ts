/** For tests: the real engine, and the host and the world of one simulated control plane in the same process. */
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import {
  emptyLedger,
  type Hop,
  type KubernetesCluster,
  type KubernetesSpec,
  kubernetesMembers,
  type Launch,
  type Ledger,
  type Move,
  type Plan,
} from '../../src/domain/index.ts';
import { draft, requestedSpec } from '../../src/engines/kubernetes/draft/index.ts';
import { kubernetesEngine } from '../../src/engines/kubernetes/index.ts';
import { addNodegroup } from '../../src/engines/kubernetes/nodegroups.ts';
import { clusterOf, planOfHop, theKubernetesCatalog } from '../../src/engines/kubernetes/testing.ts';
import { upkeep } from '../../src/engines/kubernetes/upkeep.ts';
import { engineIo } from '../../src/server/outside.ts';
import { type Clock, startClock } from '../../src/simulators/clock.ts';
import { seededRandom } from '../../src/simulators/dice.ts';
import { SimulatedHost } from '../../src/simulators/host/simulated-host.ts';
import { newJournal } from '../../src/simulators/journal.ts';
import { Members } from '../../src/simulators/kubernetes/index.ts';
import { minorOf } from '../../src/simulators/kubernetes/processes/command.ts';
import { listOf, makeObject } from '../../src/simulators/kubernetes/world/index.ts';
import { createPorts } from '../../src/simulators/ports.ts';

const seed = Number(process.env.CLUSTERLIFT_SEED ?? Math.floor(Math.random() * 1_000_000));
const speed = 100;
const catalog = theKubernetesCatalog();
export const old = { version: '1.36', build: 'eks.1' };
export const patched = { version: '1.36', build: 'eks.3' };
export const next = { version: '1.37', build: 'eks.2' };
export const timeoutMs = 60_000;

/** A host with the world of one cluster in it, whose processes a test can reach. */
async function aPlane(failing: readonly string[] = [], endpoint?: string) {
  console.info(`CLUSTERLIFT_SEED=${seed}`);
  const random = seededRandom(seed);
  const failures = new Set(failing);
  const freePorts = createPorts(seededRandom(seed + process.pid));
  let pid = 20_000_000;
  const clock: Clock = startClock({
    speed,
    nowMs: Date.now,
    advance: (simulatedMs) => members.advance(simulatedMs),
    nextEventMs: () => members.nextEventMs(),
  });
  const members: Members = new Members({ clusterId: 'k8s-1', failures, clock, random, newPid: () => pid++, freePorts });
  const opened = { world: members, clock };
  const journal = newJournal();
  const host = new SimulatedHost({
    worlds: {
      of: () => opened,
      openFor: (_: Launch) => opened,
      started: async () => undefined,
      stopped: async () => undefined,
      erased: async () => undefined,
      troublesWithTags: () => [],
    },
    journal,
    nowMs: Date.now,
    freePorts,
    fetch: async () => undefined,
  });
  const io = engineIo({ local: host });
  const group = {
    name: 'blue',
    release: old,
    minSize: 1,
    maxSize: 3,
    maxUnavailable: 1,
    labels: {},
    taints: [],
    tags: {},
    face: {},
  };
  const spec = { ...requestedSpec({ release: old, ...(endpoint === undefined ? {} : { endpoint }) }), soakMs: 500 };
  const asked = addNodegroup(spec, { ...group, desiredSize: 2 }, new Date().toISOString());
  const request = { clusterId: 'k8s-1', spec: asked, others: [], repositoryFolder: '/snapshots', authenticationUrl: '' };
  const drafted = await draft(request, io);
  if (drafted.kind === 'refused') throw new Error(drafted.because.join(' '));
  const cluster = { ...clusterOf(drafted.spec as KubernetesSpec, drafted.secrets), provisioning: { state: 'creating' as const } };
  const close = async () => {
    clock.stop();
    await members.close();
  };
  return { members, host, io, cluster: cluster as KubernetesCluster, journal, failures, close };
}

let generation = 1;
let plane: Awaited<ReturnType<typeof aPlane>>;

/** The plane of a test, with nothing started yet. */
export async function makePlane(failing: readonly string[] = [], endpoint?: string): Promise<typeof plane> {
  plane = await aPlane(failing, endpoint);
  generation = 1;
  return plane;
}

/** The same, up and running. */
export async function startPlane(failing: readonly string[] = []): Promise<typeof plane> {
  const made = await makePlane(failing);
  await comeUp();
  return made;
}

export function versions(): Readonly<Record<string, string>> {
  const alive = [...plane.members.room.processes.values()].filter(({ phase }) => phase !== 'ended');
  return Object.fromEntries(alive.map(({ member, version }) => [member, version]));
}

async function performed(move: Extract<Move, { do: 'act' }>, plan: Plan | null, ledger: Ledger, generation: number) {
  const { cluster, io } = plane;
  const ticket = { clusterId: cluster.id, generation };
  const signal = AbortSignal.timeout(timeoutMs);
  return kubernetesEngine.perform(move, { cluster, catalog, plan: plan as Plan, ledger, ticket, signal }, io);
}

/** Started by upkeep alone, as the server does it. */
export async function comeUp(): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await kubernetesEngine.observe(plane.cluster, catalog, plane.io, 'turn');
    const acts = upkeep(plane.cluster, catalog, seen);
    const ended = await Promise.all(acts.map((act) => performed(act, null, emptyLedger, 1)));
    for (const end of ended) if (end.kind !== 'done') throw new Error(JSON.stringify(end));
    const whole = seen.members.every(({ name, joined }) => name.endsWith('-surge') || joined !== null);
    if (whole && acts.length === 0) break;
    if (Date.now() > deadline)
      throw new Error(`not up: ${JSON.stringify(seen.members)} ${JSON.stringify(seen.unknowns ?? null)}`);
    await sleep(20);
  }
  plane.cluster = { ...plane.cluster, provisioning: { state: 'ready' } };
}

/** `pace`: how much faster than the wall the engine’s own limits go by. */
export async function lift(hop: Hop, pace = 1) {
  const plan = planOfHop(plane.cluster.id, hop);
  generation += 1;
  let ledger: Ledger = { ...emptyLedger, generation };
  const acts: string[] = [];
  let waits = '';
  const began = Date.now();
  const deadline = began + timeoutMs;
  while (Date.now() < deadline) {
    const { cluster, io } = plane;
    const observation = await kubernetesEngine.observe(cluster, catalog, io, 'turn');
    const trials = kubernetesMembers(cluster.spec).map(({ name }) => ({
      key: { clusterId: cluster.id, member: name, release: hop.to, settingsHash: '' },
      outcome: { kind: 'off' as const },
    }));
    const now = new Date(began + (Date.now() - began) * pace).toISOString();
    const input = { cluster, catalog, plan, observation, ledger, intent: 'go' as const, generation, trials, now };
    const { move, ledger: written } = kubernetesEngine.decide(input);
    ledger = written;
    if (move.do === 'wait') {
      waits = JSON.stringify(move.for);
      await sleep(Math.min(move.lookAgainAfterMs, 20));
      continue;
    }
    if (move.do !== 'act') return { move, acts };
    acts.push([move.move, ...move.on.map(({ name }) => name)].join(' '));
    const ended = await performed(move, plan, ledger, generation);
    if (ended.kind === 'done') ledger = { ...ledger, marks: [...ledger.marks, ...(move.marksWhenDone ?? [])] };
    else acts.push(`(${ended.says})`);
  }
  throw new Error(`not lifted; waits ${waits}; so far: ${acts.join(', ')}`);
}

export const hopOf = (from: typeof old, to: typeof old, more: Partial<Hop> = {}): Hop => ({
  from,
  to,
  mode: 'rolling',
  requires: [],
  oneWayDoors: [],
  ...more,
});

/** Everything that is watched by the world itself. */
export function expectSafe(fewestReady: number): void {
  const { faults, seen, world } = plane.members.room;
  expect(faults.violations).toEqual([]);
  expect(seen.fewestReady).toBeGreaterThanOrEqual(fewestReady);
  const cordoned = listOf(world, '/nodes').filter(({ object }) => (object.spec as { unschedulable?: boolean })?.unschedulable);
  expect(cordoned.map(({ object }) => object.metadata.name)).toEqual([]);
}

export function minorsOf(prefix: string): readonly number[] {
  return Object.entries(versions()).flatMap(([name, version]) => (name.startsWith(prefix) ? [minorOf(version)] : []));
}

/** What its owner has to do, as a look finds it out; empty: nothing. */
export async function needs(): Promise<string> {
  const seen = await kubernetesEngine.observe(plane.cluster, catalog, plane.io, 'turn');
  return kubernetesEngine.needsOwner?.(plane.cluster, seen) ?? '';
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A trial start of what the first apiserver runs. */
export function tried() {
  const { host, members } = plane;
  const [apiserver] = [...members.room.processes.values()].filter(({ command }) => command.component === 'kube-apiserver');
  if (apiserver === undefined) throw new Error('there is no apiserver');
  return host.trial(apiserver.launch, { timeoutMs }, AbortSignal.timeout(timeoutMs));
}

/** A deployment with a pod on each node and more. */
export function makePods(): void {
  const { world, clock, random } = plane.members.room;
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web' }] } };
  const spec = { replicas: 4, selector: { matchLabels: labels }, template };
  const metadata = { name: 'web', namespace: 'default' };
  const moment = { nowMs: clock.catchUp(), random };
  makeObject(world, 'apps/deployments', { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status: {} }, moment);
  clock.catchUp();
}
