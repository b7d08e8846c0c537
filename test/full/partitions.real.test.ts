import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulators/elasticsearch/index.ts';
import { expectClean, expectOnceEach } from '../faults/judgement.ts';
import { from, type LabCluster, to } from '../faults/lab.ts';
import { SimulatedWorld } from '../faults/simulated-world.ts';
import {
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  seedOfRun,
  startServer,
} from '../rig/index.ts';
import { Namespaces, whyNoNamespaces } from '../rig/namespaces.ts';

const why = whyNoNamespaces();
// Reports count what was left out, and do not name it.
if (why !== null) console.log(`Partitions of the network are left out: ${why}.`);
const speed = 100;
const httpPort = 9_200;
const hostPort = 9_300;
const waitMs = 10 * 60_000;
/** So long nobody must be touched that is not to be. */
const watchMs = 20_000;
const names = ['n1', 'n2', 'n3'];

let simulator: Simulator;
let world: SimulatedWorld;
let network: Namespaces;
let server: ServerRig;
let native: NativeRig;
let stateFolder: string;
const sockets: { readonly path: string; readonly server: Server }[] = [];

/** What comes to the socket goes on to a port of this machine: sockets are of no network namespace. */
async function passOn(name: string, port: number): Promise<string> {
  const path = join(stateFolder, `${name}.sock`);
  const passing = createServer((caller) => {
    const onward = connect(port, '127.0.0.1');
    caller.pipe(onward).pipe(caller);
    for (const [one, other] of [
      [caller, onward],
      [onward, caller],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => passing.listen(path, resolve));
  sockets.push({ path, server: passing });
  return path;
}

beforeAll(async () => {
  if (why !== null) return;
  const seed = seedOfRun('partitions');
  const nowMs = () => performance.timeOrigin + performance.now();
  simulator = await startSimulator({ port: 0, seed, speed, nowMs, portSeed: seed + process.pid });
  world = new SimulatedWorld(simulator);
  stateFolder = await makeStateFolder('cut');
  network = Namespaces.open([...names, 'host']);
  await network.relay('host', hostPort, await passOn('host', Number(new URL(simulator.url).port)));
  const config = join(stateFolder, 'config.json');
  const hosts = { simulated: { kind: 'simulated', url: `http://${network.addressOf('host')}:${hostPort}` } };
  writeFileSync(config, JSON.stringify({ localHost: false, hosts, trials: false }));
  server = await startServer({ stateFolder, config });
  native = new NativeRig(server);
});

afterAll(async () => {
  network?.close();
  await server?.stop();
  for (const { server: passing } of sockets) passing.close();
  await simulator?.close();
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

/** Three simulated nodes, each reached in a namespace of its own; who is reached by no other is in no cluster. */
async function register(name: string): Promise<LabCluster> {
  const wanted = {
    name,
    version: from,
    nodes: names.map((node) => ({ name: `${name}-${node}` })),
    indices: [
      { name: 'orders', shards: 2, replicas: 1 },
      { name: 'users', shards: 1, replicas: 2 },
    ],
  };
  const made = await simulator.addCluster(wanted);
  const whole = new Set<string>();
  network.onReached = (node, others) => {
    if (others.size === names.length - 1) whole.add(node);
    // Before all of them have met, nobody is cut off.
    if (whole.size < names.length) return;
    if (others.size === 0) simulator.isolate(`${name}-${node}`);
    else simulator.reunite(`${name}-${node}`);
  };
  for (const [index, node] of made.nodes.entries())
    await network.relay(names[index] ?? '', httpPort, await passOn(node.name, node.httpPort), names);
  await eventually('the namespaces reach each other', waitMs, () => (whole.size === names.length ? true : undefined));
  const nodes = made.nodes.map((node, index) => ({
    ...node,
    url: `http://${network.addressOf(names[index] ?? '')}:${httpPort}`,
  }));
  const { clusterName, repositoryPath, hooks, awarenessAttribute } = made;
  const about = { clusterName, repositoryPath, hooks, awarenessAttribute, bindAddress: '0.0.0.0' };
  const { cluster } = await native.ask<{ cluster: { id: string } }>('POST', '/clusters', {
    name,
    engine: 'elasticsearch',
    nodes,
    ...about,
  });
  return { name, id: cluster.id, spec: { ...made, nodes }, wanted };
}

async function lift(cluster: LabCluster): Promise<string> {
  const plan = await native.plan(cluster.id, to);
  const unanswered = plan.reports.filter((report) => report.result.kind === 'could-not-run');
  const acknowledge = [...new Set([...plan.findings, ...unanswered].map(({ check }) => check))];
  return (await native.start(plan.id, acknowledge)).id;
}

const membersOf = ({ name }: LabCluster) => simulator.cluster(name).members.size;
const violationsOf = ({ name }: LabCluster) => simulator.violations.filter((one) => one.cluster === name).length;
const touched = (cluster: LabCluster) => [...world.stopsOf(cluster), ...world.launchesOf(cluster)].map(({ member }) => member);

/** For that time, at every moment. */
async function whileWatched(holds: () => void): Promise<void> {
  for (const until = performance.now() + watchMs; performance.now() < until; ) {
    holds();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function expectDone(cluster: LabCluster, id: string): Promise<void> {
  expect(await native.waitWhile(id, 'running', waitMs)).toMatchObject({ status: 'done', reason: null });
  expectOnceEach(world, cluster);
}

it.runIf(why !== null && process.env.CI !== undefined)('network namespaces can be made where everything is tested', () => {
  expect(why).toBeNull();
});

/** Does something once, when the first node has just been stopped and nobody has been told. */
function atFirstStop(cluster: LabCluster, befalls: () => void): Promise<void> {
  return new Promise((resolve) => {
    let befell = false;
    simulator.hold((act, point) => {
      if (befell || act.what !== 'host.stop' || act.cluster !== cluster.id || point !== 'inside') return 'go-on';
      befell = true;
      befalls();
      resolve();
      return 'go-on';
    });
  });
}

describe.runIf(why === null)(`nodes in network namespaces${why === null ? '' : ` (left out: ${why})`}`, () => {
  it('one that is cut off from the others is not believed, though it is asked first: nobody is touched until it is back', async () => {
    const cluster = await register('minority');
    const id = await lift(cluster);
    network.cutFromOthers('n1');
    await eventually('n1 is in no cluster', waitMs, () => (membersOf(cluster) === 2 ? true : undefined));
    const before = touched(cluster);
    await whileWatched(() => expect(touched(cluster)).toEqual(before));
    expect((await native.events(id, 0)).at(-1)).toMatchObject({ kind: 'waiting', reason: { code: 'es.member-not-joined' } });
    network.joinOthers('n1');
    await eventually('n1 is back', waitMs, () => (membersOf(cluster) === 3 ? true : undefined));
    await expectDone(cluster, id);
    expectClean(world, cluster);
  });

  it('all cut off from each other while one is in hand leave the others alone until there is a majority again', async () => {
    const cluster = await register('apart');
    const cut = atFirstStop(cluster, () => network.cutAllApart(names));
    const id = await lift(cluster);
    await cut;
    await eventually('nobody is in a cluster', waitMs, () => (membersOf(cluster) === 0 ? true : undefined));
    // What the cut itself did was ours.
    const before = violationsOf(cluster);
    await whileWatched(() => expect(world.stopsOf(cluster)).toHaveLength(1));
    network.joinAll(names);
    expect(await native.waitWhile(id, 'running', waitMs)).toMatchObject({ status: 'done', reason: null });
    expect(world.versions(cluster)).toEqual(Object.fromEntries(cluster.spec.nodes.map(({ name }) => [name, to])));
    expect(world.stopsOf(cluster)).toHaveLength(3);
    expect(violationsOf(cluster)).toBe(before);
  });

  it('one that the server alone does not reach is unknown to it and not down: every node is lifted once', async () => {
    const cluster = await register('hidden');
    const id = await lift(cluster);
    network.cutFromMachine('n1');
    await expectDone(cluster, id);
    network.joinMachine('n1');
  });

  it('a host that the server does not reach any more has not lost its members: nobody is touched until it answers again', async () => {
    const cluster = await register('hostless');
    const cut = atFirstStop(cluster, () => network.cutFromMachine('host'));
    const id = await lift(cluster);
    await cut;
    await whileWatched(() => {
      expect(world.stopsOf(cluster)).toHaveLength(1);
      expect(world.launchesOf(cluster)).toEqual([]);
    });
    network.joinMachine('host');
    await expectDone(cluster, id);
  });
});
