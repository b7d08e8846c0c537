import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  placesBehindBalancer,
} from '../../domain/index.ts';
import { draft, requestedSpec } from '../../engines/kubernetes/draft/index.ts';
import { kubernetesEngine } from '../../engines/kubernetes/index.ts';
import { addNodegroup } from '../../engines/kubernetes/nodegroups.ts';
import { clusterOf, theKubernetesCatalog } from '../../engines/kubernetes/testing.ts';
import { upkeep } from '../../engines/kubernetes/upkeep.ts';
import { engineIo } from '../../server/outside.ts';
import { type Clock, startClock } from '../clock.ts';
import { seededRandom } from '../dice.ts';
import { SimulatedHost } from '../host/simulated-host.ts';
import { newJournal } from '../journal.ts';
import { createPorts } from '../ports.ts';
import { Members } from './index.ts';
import { listenDoor } from './listen/door.ts';
import { isApiserverReady } from './processes/apiserver.ts';
import { minorOf } from './processes/command.ts';
import { listOf } from './world/index.ts';

const seed = Number(process.env.CLUSTERLIFT_SEED ?? Math.floor(Math.random() * 1_000_000));
const speed = 100;
const catalog = theKubernetesCatalog();
const old = { version: '1.36', build: 'eks.1' };
const patched = { version: '1.36', build: 'eks.3' };
const next = { version: '1.37', build: 'eks.2' };
const timeoutMs = 60_000;

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

let plane: Awaited<ReturnType<typeof aPlane>>;

function versions(): Readonly<Record<string, string>> {
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
async function comeUp(): Promise<void> {
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

function planOf(hop: Hop): Plan {
  return {
    id: 'plan',
    clusterId: plane.cluster.id,
    engine: 'kubernetes',
    from: hop.from,
    to: hop.to,
    hops: [{ hop, waves: [], estimateSeconds: 0, oneWayDoors: [] }],
    reports: [],
    findings: [],
    touches: [],
    estimateSeconds: 0,
    basis: '',
    gateAfterFirstMember: false,
    madeAt: '2026-01-01T00:00:00.000Z',
    madeBy: 'test',
  };
}

let generation = 1;

/** `pace`: how much faster than the wall the engine’s own limits go by. */
async function lift(hop: Hop, pace = 1) {
  const plan = planOf(hop);
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

const hopOf = (from: typeof old, to: typeof old, more: Partial<Hop> = {}): Hop => ({
  from,
  to,
  mode: 'rolling',
  requires: [],
  oneWayDoors: [],
  ...more,
});

/** Everything that is watched by the world itself. */
function expectSafe(fewestReady: number): void {
  const { faults, seen, world } = plane.members.room;
  expect(faults.violations).toEqual([]);
  expect(seen.fewestReady).toBeGreaterThanOrEqual(fewestReady);
  const cordoned = listOf(world, '/nodes').filter(({ object }) => (object.spec as { unschedulable?: boolean })?.unschedulable);
  expect(cordoned.map(({ object }) => object.metadata.name)).toEqual([]);
}

function minorsOf(prefix: string): readonly number[] {
  return Object.entries(versions()).flatMap(([name, version]) => (name.startsWith(prefix) ? [minorOf(version)] : []));
}

/** What its owner has to do, as a look finds it out; empty: nothing. */
async function needs(): Promise<string> {
  const seen = await kubernetesEngine.observe(plane.cluster, catalog, plane.io, 'turn');
  return kubernetesEngine.needsOwner?.(plane.cluster, seen) ?? '';
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a lift by the engine against a simulated control plane', () => {
  beforeEach(async () => {
    generation = 1;
  });
  afterEach(() => plane.close());

  it('takes a build of the release, then the next minor, then a node group, with two apiservers ready throughout', async () => {
    plane = await aPlane();
    await comeUp();
    const build = await lift(hopOf(old, patched));
    expect(build.move, build.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
    plane.cluster = { ...plane.cluster, spec: { ...plane.cluster.spec, release: patched } };
    const minor = await lift(hopOf(patched, next));
    expect(minor.move, minor.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
    expect([...minorsOf('apiserver'), ...minorsOf('controller-manager'), ...minorsOf('scheduler')]).toEqual(
      Array.from({ length: 6 }, () => 37),
    );
    plane.cluster = { ...plane.cluster, spec: { ...plane.cluster.spec, release: next } };
    const group = await lift(hopOf(old, next, { nodegroup: 'blue' }));
    expect(group.move, group.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
    expect(minorsOf('blue')).toEqual([37, 37]);
    expectSafe(2);
  }, 120_000);

  it('lifts one that is reached through a balancer of its owner, which it waits for while it is made', async () => {
    const balancer = { host: '127.0.0.1', port: await freePort() };
    plane = await aPlane([], `https://${balancer.host}:${balancer.port}`);
    const up = comeUp();
    up.catch(() => undefined);
    const started = () => Object.keys(versions()).filter((name) => !/^(etcd|apiserver)-/.test(name));
    await expect.poll(() => needs(), { timeout: timeoutMs }).toContain(`The balancer at https://127.0.0.1:${balancer.port}`);
    expect(started()).toEqual([]);
    const places = placesBehindBalancer(plane.cluster.spec).map(({ name, at }) => {
      const [host = '', port = ''] = at.split(':');
      return { name, host, port: Number(port) };
    });
    const isReady = ({ name }: { readonly name: string }) => {
      const process = plane.members.room.processes.get(name);
      return process !== undefined && isApiserverReady(plane.members.room, process);
    };
    const listening = await listenDoor({ ...balancer, open: () => true, up: () => places.filter(isReady) });
    try {
      await up;
      expect(started().sort()).toEqual(
        ['blue-1', 'blue-2', 'controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'].sort(),
      );
      expect(await needs()).toBe('');
      const minor = await lift(hopOf(old, next));
      expect(minor.move, minor.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
      expect(minor.acts.join(', ')).not.toContain('front-door');
      expect([...minorsOf('apiserver'), ...minorsOf('controller-manager'), ...minorsOf('scheduler')]).toEqual(
        Array.from({ length: 6 }, () => 37),
      );
      expectSafe(2);
    } finally {
      await listening.close();
    }
  }, 120_000);

  it('goes back by itself where the new apiserver never gets ready, and leaves everything at the old minor', async () => {
    plane = await aPlane(['apiserver-never-ready']);
    await comeUp();
    const end = await lift(hopOf(old, next), 60);
    expect(end.move, end.acts.join(', ')).toMatchObject({ do: 'returned' });
    expect(new Set(minorsOf('apiserver'))).toEqual(new Set([36]));
    expectSafe(2);
  }, 120_000);
});
