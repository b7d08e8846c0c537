import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulators/elasticsearch/index.ts';
import { withTestDatabase } from '../../src/store/testing.ts';
import {
  AliyunRig,
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  seedOfRun,
  startServer,
} from '../rig/index.ts';
import { Way } from './cut-connections.ts';
import { expectOnceEach } from './judgement.ts';
import { from, type LabCluster, to } from './lab.ts';
import { SimulatedWorld } from './simulated-world.ts';

/** Within this time another server carries on what a server was doing that died or does not answer. */
const takeoverMs = 15_000;
const endTimeoutMs = 120_000;
const speed = 100;

let simulator: Simulator;
let world: SimulatedWorld;
let servers: readonly ServerRig[] = [];
let database: Awaited<ReturnType<typeof withTestDatabase>>;
let journal: pg.Client;
const folders: string[] = [];
/** Of each server to the database. */
const ways: Way[] = [];

beforeAll(async () => {
  const seed = seedOfRun('two servers');
  const nowMs = () => performance.timeOrigin + performance.now();
  simulator = await startSimulator({ port: 0, seed, speed, nowMs, portSeed: seed + process.pid });
  world = new SimulatedWorld(simulator);
  database = await withTestDatabase();
  journal = new pg.Client({ connectionString: database.url });
  await journal.connect();
  for (let number = 0; number < 2; number += 1) folders.push(await makeStateFolder('faults'));
  const [first = ''] = folders;
  const config = join(first, 'config.json');
  const hosts = { simulated: { kind: 'simulated', url: simulator.url } };
  writeFileSync(config, JSON.stringify({ localHost: false, hosts, trials: false }));
  // One after the other: whoever comes first makes the key and the tables.
  for (const stateFolder of folders) {
    const way = await Way.to(database.url);
    ways.push(way);
    const environment = { DATABASE_URL: way.url, CLUSTERLIFT_SECRET_KEY_FILE: join(first, 'shared.key') };
    servers = [...servers, await startServer({ stateFolder, environment, config })];
  }
});
afterEach(() => simulator.hold(null));
afterAll(async () => {
  for (const server of servers) thaw(server);
  await Promise.all(servers.map((server) => server.stop()));
  for (const way of ways) way.close();
  await simulator?.close();
  await journal?.end();
  await database?.close();
  for (const folder of folders) {
    await endProcessesOf(folder);
    await removeStateFolder(folder);
  }
});

const native = (server: ServerRig | undefined) => new NativeRig(server ?? { url: '', keyId: '', secret: '' });

function thaw(server: ServerRig): void {
  const pid = server.pid();
  if (pid !== undefined) process.kill(pid, 'SIGCONT');
}

async function register(name: string): Promise<LabCluster> {
  const nodes = [1, 2, 3].map((number) => ({ name: `${name}-${number}` }));
  const indices = [{ name: 'orders', shards: 2, replicas: 1 }];
  const wanted = { name, version: from, nodes, indices };
  const spec = await simulator.addCluster(wanted);
  const { clusterName, repositoryPath, hooks, awarenessAttribute } = spec;
  const rest = { engine: 'elasticsearch', nodes: spec.nodes, clusterName, repositoryPath, hooks, awarenessAttribute };
  const { cluster } = await native(servers[0]).ask<{ cluster: { id: string } }>('POST', '/clusters', { name, ...rest });
  return { name, id: cluster.id, spec, wanted };
}

async function lift(cluster: LabCluster): Promise<string> {
  const plan = await native(servers[0]).plan(cluster.id, to);
  const unanswered = plan.reports.filter((report) => report.result.kind === 'could-not-run');
  const acknowledge = [...new Set([...plan.findings, ...unanswered].map(({ check }) => check))];
  return (await native(servers[0]).start(plan.id, acknowledge)).id;
}

/** Holds the first stop of the cluster before it is carried out; resolves once it has come. */
function holdFirstStop(cluster: LabCluster) {
  let arrive: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let first = true;
  simulator.hold(async (act, point): Promise<'go-on'> => {
    if (!first || act.what !== 'host.stop' || act.cluster !== cluster.id || point !== 'before') return 'go-on';
    first = false;
    arrive();
    await gone;
    return 'go-on';
  });
  return { arrived, letGo: () => letGo() };
}

/** Who carries the upgrade, and the other: an executor is named by the port of its server. */
async function carrierOf(upgradeId: string): Promise<{ readonly carrier: ServerRig; readonly other: ServerRig }> {
  const { rows } = await journal.query<{ executor_id: string }>(
    `select executor_id from dbos.workflow_status where workflow_uuid like $1 and status = 'PENDING'`,
    [`%${upgradeId}%`],
  );
  const [carrier] = servers.filter((server) => rows.some((row) => row.executor_id.startsWith(`${server.port}-`)));
  const [other] = servers.filter((server) => server !== carrier);
  if (carrier === undefined || other === undefined) throw new Error(`nobody carries ${upgradeId}: ${JSON.stringify(rows)}`);
  return { carrier, other };
}

async function takenOver(other: ServerRig, upgradeId: string, since: number): Promise<number> {
  await eventually(
    'the other server has taken over',
    4 * takeoverMs,
    async () => {
      return (await native(other).upgrade(upgradeId)).generation > 1 ? true : undefined;
    },
    100,
  );
  return performance.now() - since;
}

async function nextStop(cluster: LabCluster): Promise<void> {
  const stopped = () => (world.stopsOf(cluster).length > 0 ? true : undefined);
  await eventually('the next stop was carried out', endTimeoutMs, stopped, 50);
}

/** A host has refused what an older generation of this cluster's upgrade asked for. */
async function turnedAway(cluster: LabCluster, what: string): Promise<void> {
  const { refusedTickets } = simulator.journal;
  const refused = () =>
    refusedTickets.some(({ clusterId, generation, newest }) => clusterId === cluster.id && generation < newest);
  await eventually(what, endTimeoutMs, () => (refused() ? true : undefined));
}

async function expectEndsOnceEach(cluster: LabCluster, upgradeId: string, at: ServerRig): Promise<void> {
  expect(await native(at).waitWhile(upgradeId, 'running', endTimeoutMs)).toMatchObject({ status: 'done', reason: null });
  expectOnceEach(world, cluster);
}

describe('two servers on one database', () => {
  it('a write through one is seen at once through the other, on both faces', async () => {
    const cluster = await register('written');
    const [one, other] = servers;
    if (one === undefined || other === undefined) throw new Error('there are two servers');
    for (let round = 0; round < 20; round += 1) {
      const [writer, reader] = round % 2 === 0 ? [one, other] : [other, one];
      await native(writer).ask('PATCH', `/clusters/${cluster.id}`, { tags: { round: `${round}` } });
      expect(await native(reader).ask('GET', `/clusters/${cluster.id}`)).toMatchObject({ tags: { round: `${round}` } });
      await new AliyunRig(writer).tag(cluster.id, { said: `${round}` });
      expect(await native(reader).ask('GET', `/clusters/${cluster.id}`)).toMatchObject({ tags: { said: `${round}` } });
    }
    const held = holdFirstStop(cluster);
    const id = await lift(cluster);
    expect(await native(other).upgrade(id)).toMatchObject({ status: 'running' });
    expect((await new AliyunRig(other).status(cluster.id)).status).toBe('activating');
    await held.arrived;
    held.letGo();
    await expectEndsOnceEach(cluster, id, other);
    for (const server of servers)
      expect(await new AliyunRig(server).status(cluster.id)).toMatchObject({
        status: 'active',
        version: expect.stringContaining(to),
      });
  });

  it('one that is killed is followed by the other, which finishes what it had begun', async () => {
    const cluster = await register('killed');
    const held = holdFirstStop(cluster);
    const id = await lift(cluster);
    await held.arrived;
    const { carrier, other } = await carrierOf(id);
    const since = performance.now();
    await carrier.kill();
    const tookMs = await takenOver(other, id, since);
    console.log(`taken over ${Math.round(tookMs)} ms after kill -9`);
    expect(tookMs).toBeLessThan(takeoverMs);
    await nextStop(cluster);
    const refused = simulator.journal.refusedTickets.length;
    held.letGo();
    await eventually('the late stop was turned away', endTimeoutMs, () =>
      simulator.journal.refusedTickets.length > refused ? true : undefined,
    );
    await expectEndsOnceEach(cluster, id, other);
    await carrier.start();
  });

  it('one that is frozen is followed by the other, and touches nothing more when it wakes up', async () => {
    const cluster = await register('frozen');
    const held = holdFirstStop(cluster);
    const id = await lift(cluster);
    await held.arrived;
    const { carrier, other } = await carrierOf(id);
    const since = performance.now();
    process.kill(carrier.pid() ?? 0, 'SIGSTOP');
    const tookMs = await takenOver(other, id, since);
    console.log(`taken over ${Math.round(tookMs)} ms after SIGSTOP`);
    expect(tookMs).toBeLessThan(takeoverMs);
    await nextStop(cluster);
    held.letGo();
    thaw(carrier);
    await turnedAway(cluster, 'the woken one was turned away');
    await expectEndsOnceEach(cluster, id, other);
    // It is awake, and sees what the other did.
    expect(await native(carrier).upgrade(id)).toMatchObject({ status: 'done', generation: 2 });
    const events = await native(carrier).events(id, 0);
    expect(events.filter((event) => event.kind === 'done')).toHaveLength(1);
    const taken = events.filter((event) => event.kind === 'acting' && event.move === 'lift-member');
    expect(new Set(taken.flatMap((event) => event.members)).size).toBe(3);
  });

  it('one that is cut off from the database is followed by the other, acts no more, and sees what was done once it is back', async () => {
    const cluster = await register('cut-off');
    const held = holdFirstStop(cluster);
    const id = await lift(cluster);
    await held.arrived;
    const { carrier, other } = await carrierOf(id);
    const way = ways[servers.indexOf(carrier)];
    const since = performance.now();
    way?.cut();
    const tookMs = await takenOver(other, id, since);
    console.log(`taken over ${Math.round(tookMs)} ms after the database was cut off`);
    expect(tookMs).toBeLessThan(takeoverMs);
    await nextStop(cluster);
    held.letGo();
    await turnedAway(cluster, 'the one that was cut off was turned away');
    await expectEndsOnceEach(cluster, id, other);
    way?.mend();
    await eventually('it sees the end', endTimeoutMs, async () => {
      const { status, generation } = await native(carrier).upgrade(id);
      return status === 'done' && generation === 2 ? true : undefined;
    });
    expectOnceEach(world, cluster);
  });

  it('neither acts while the database takes no writes, and the upgrade goes on when it does again', async () => {
    const cluster = await register('read-only');
    const held = holdFirstStop(cluster);
    const id = await lift(cluster);
    await held.arrived;
    const name = new URL(database.url).pathname.slice(1);
    await journal.query(`alter database ${name} set default_transaction_read_only = on`);
    await journal.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()', [
      name,
    ]);
    const stops = world.stopsOf(cluster).length;
    const launches = world.launchesOf(cluster).length;
    held.letGo();
    // What was in flight is finished; then nothing is begun, for no intent can be written down.
    await pause(5_000);
    expect(world.stopsOf(cluster).length - stops).toBeLessThanOrEqual(1);
    expect(world.launchesOf(cluster).length - launches).toBeLessThanOrEqual(1);
    await journal.query('set default_transaction_read_only = off');
    await journal.query(`alter database ${name} set default_transaction_read_only = off`);
    await journal.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()', [
      name,
    ]);
    const [one] = servers;
    const ended = await native(one).waitWhile(id, 'running', endTimeoutMs);
    if (ended.status === 'stopped') await native(one).ask('POST', `/upgrades/${id}/resume`);
    if (one !== undefined) await expectEndsOnceEach(cluster, id, one);
  });
});
