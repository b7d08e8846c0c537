/**
 * Many simulated clusters lifted by one server at once, the clusters in a process of their own: does everything end well, how
 * many upgrades a minute, what it costs in memory, processor time and room on the disk, and whether requests are still answered.
 *
 *   npm run bench:fleet -- 1000 [--speed 20] [--kill] [--requests 500] [--at-once 10000]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../test/rig/index.ts';
import { buildServer } from './built-server.ts';
import { ask } from './fleet/requests.ts';
import type { FleetTold, FleetWanted } from './fleet/simulators.ts';
import { cpuSecondsOf, machineSays, rssMbOf, sizeMbOf } from './fleet/watch.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    speed: { type: 'string', default: '20' },
    kill: { type: 'boolean', default: false },
    requests: { type: 'string', default: '0' },
    'at-once': { type: 'string' },
    minutes: { type: 'string', default: '20' },
  },
});
const from = '5.5.3';
const to = '5.6.16';
const clusters = Number(positionals[0] ?? 100);
const upgradesAtOnce = Number(values['at-once'] ?? clusters);
const speed = Number(values.speed);
const requestsPerSecond = Number(values.requests);
const endTimeoutMs = Number(values.minutes) * 60_000;
const askedSideBySide = 16;
const requestSeconds = 20;
const attemptsMax = 20;
const againPauseMs = 1_000;
let askedAgainCount = 0;
const upgradesListed = 500;

interface Fleet extends FleetTold {
  readonly children: readonly ChildProcess[];
  violations(): Promise<readonly string[]>;
}

/** A process may have twenty thousand files open in many places: three listening ports a cluster, and as many connections. */
const clustersPerProcess = 2_500;

async function startFleet(): Promise<Fleet> {
  const parts: Part[] = [];
  for (let first = 0; first < clusters; first += clustersPerProcess)
    parts.push(await startPart(first, Math.min(clustersPerProcess, clusters - first)));
  return {
    hosts: Object.assign({}, ...parts.map(({ told }) => told.hosts)) as FleetTold['hosts'],
    specs: parts.flatMap(({ told }) => told.specs),
    children: parts.map(({ child }) => child),
    violations: async () => (await Promise.all(parts.map(({ violations }) => violations()))).flat(),
  };
}

interface Part extends Pick<Fleet, 'violations'> {
  readonly told: FleetTold;
  readonly child: ChildProcess;
}

async function startPart(firstCluster: number, count: number): Promise<Part> {
  const seed = Number(process.env.CLUSTERLIFT_SEED ?? 7);
  const wanted: FleetWanted = { clusters: count, version: from, speed, seed, firstCluster };
  const script = fileURLToPath(new URL('./fleet/simulators.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(wanted)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const line = async () => String((await Promise.race([once(lines, 'line'), once(child, 'exit')]))[0]);
  const told = JSON.parse(await line()) as FleetTold;
  return {
    told,
    child,
    violations: async () => {
      child.stdin?.write('?\n');
      return JSON.parse(await line()) as readonly string[];
    },
  };
}

/** So many at once, in their order. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: askedSideBySide }, worker));
  return results;
}

async function timed<R>(what: string, count: number, work: () => Promise<R>): Promise<R> {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  console.log(`${what.padEnd(28)} ${String(count).padStart(6)} in ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(1)}/s`);
  return result;
}

/** On a busy machine a cluster may not answer in the time that a look has: then it is asked again, as a person would. */
async function askedAgain<R>(work: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const slow = error instanceof Error && /did not answer within|answers slowly/.test(error.message);
      if (!slow || attempt === attemptsMax) throw error;
      askedAgainCount += 1;
      await new Promise((resolve) => setTimeout(resolve, againPauseMs));
    }
  }
}

async function lift(native: NativeRig, clusterId: string): Promise<string> {
  const plan = await askedAgain(() => native.plan(clusterId, to));
  const hazards = plan.findings.filter((finding) => finding.kind === 'hazard');
  if (hazards.length > 0) throw new Error(hazards.map((hazard) => hazard.says).join('; '));
  const unanswered = plan.reports.filter((report) => report.result.kind === 'could-not-run');
  const acknowledge = [...new Set([...plan.findings, ...unanswered].map(({ check }) => check))];
  return (await askedAgain(() => native.start(plan.id, acknowledge))).id;
}

async function unfinished(native: NativeRig): Promise<readonly { readonly id: string; readonly status: string }[]> {
  const { upgrades } = await native.ask<{ upgrades: { id: string; status: string }[] }>(
    'GET',
    `/upgrades?unfinished=true&limit=${upgradesListed}`,
  );
  return upgrades;
}

/** Kills the server while upgrades run, and tells how long after its start the first one was taken on. */
async function killInTheMiddle(server: ServerRig, native: NativeRig): Promise<void> {
  await server.kill();
  const began = performance.now();
  await server.start();
  const readyMs = performance.now() - began;
  const sinceStart = new Date(Date.now() - readyMs).toISOString();
  await eventually(
    'the first move after the restart',
    60_000,
    async () => {
      for (const { id } of (await unfinished(native)).slice(0, 20))
        if ((await native.events(id, 0)).some((event) => event.at > sinceStart && event.kind === 'acting')) return true;
      return undefined;
    },
    100,
  );
  console.log(
    `after kill -9: ready in ${(readyMs / 1000).toFixed(1)} s, the first move seen after ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
}

async function readsUnderLoad(server: ServerRig, upgrades: readonly string[], ids: readonly string[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${server.keyId}:${server.secret}`).toString('base64')}`;
  let turn = 0;
  const any = (of: readonly string[]) => of[(turn * 7919) % of.length] ?? '';
  const next = () => {
    turn += 1;
    const path = turn % 2 === 0 ? `/api/v1/upgrades/${any(upgrades)}` : `/api/v1/clusters/${any(ids)}`;
    return { path, headers: { authorization } };
  };
  const { count, failed, p50Ms, p99Ms, mostMs } = await ask(server.url, requestsPerSecond, requestSeconds, next);
  console.log(
    `reads at ${requestsPerSecond}/s beside the upgrades: ${count} answered, ${failed} not; p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, most ${mostMs.toFixed(0)} ms`,
  );
}

const folder = await makeStateFolder('fleet');
let failed = false;
let fleet: Fleet | null = null;
try {
  console.log(`${clusters} clusters ${from} → ${to}, ${speed} simulated seconds in one; ${machineSays()}`);
  const simulated = await timed('simulated clusters made', clusters, startFleet);
  fleet = simulated;
  const config = join(folder, 'config.json');
  const hosts = Object.fromEntries(Object.entries(simulated.hosts).map(([key, url]) => [key, { kind: 'simulated', url }]));
  writeFileSync(config, JSON.stringify({ hosts, upgradesAtOnce, logLevel: 'warn' }));
  const server = await startServer({ stateFolder: folder, config, environment: await buildServer() });
  const native = new NativeRig(server);
  const pid = () => server.pid() ?? 0;
  const simulatorPids = simulated.children.map(({ pid: simulatorPid = 0 }) => simulatorPid);
  const simulatorsCpuSeconds = () => simulatorPids.reduce((sum, one) => sum + cpuSecondsOf(one), 0);
  const ids = await timed('registered', clusters, () =>
    each(simulated.specs, async ({ clusterName, nodes, repositoryPath }) => {
      const asked = { name: clusterName, engine: 'elasticsearch', clusterName, nodes, repositoryPath };
      return (await askedAgain(() => native.ask<{ cluster: { id: string } }>('POST', '/clusters', asked))).cluster.id;
    }),
  );
  console.log(`server before the first upgrade: ${rssMbOf(pid()).now} MB RSS`);
  const before = {
    server: cpuSecondsOf(pid()),
    simulators: simulatorsCpuSeconds(),
    size: await sizeMbOf(join(folder, 'state')),
  };
  const began = performance.now();
  const upgrades = await timed('planned and started', clusters, () => each(ids, (id) => lift(native, id)));
  let cpuOfKilled = 0;
  let most = 0;
  if (values.kill) {
    cpuOfKilled = cpuSecondsOf(pid());
    most = rssMbOf(pid()).most;
    await killInTheMiddle(server, native);
  }
  if (requestsPerSecond > 0) await readsUnderLoad(server, upgrades, ids);
  await eventually(
    'every upgrade has ended',
    endTimeoutMs,
    async () => {
      const left = (await unfinished(native)).filter(({ status }) => status === 'running');
      return left.length === 0 ? true : undefined;
    },
    1_000,
  );
  const minutes = (performance.now() - began) / 60_000;
  const rows = await each(upgrades, (id) => native.upgrade(id));
  const ends = new Map<string, number>();
  for (const { status, reason } of rows) {
    const end = reason === null ? status : `${status} (${reason.code})`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  most = Math.max(most, rssMbOf(pid()).most);
  const serverCpu = cpuSecondsOf(pid()) + cpuOfKilled - before.server;
  const simulatorsCpu = simulatorsCpuSeconds() - before.simulators;
  const simulatorsMb = simulatorPids.reduce((sum, one) => sum + rssMbOf(one).most, 0);
  const size = await sizeMbOf(join(folder, 'state'));
  const violations = await simulated.violations();
  console.log(`ends: ${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}`);
  console.log(
    `${(clusters / minutes).toFixed(1)} upgrades a minute (${minutes.toFixed(1)} min from the first start to the last end)`,
  );
  console.log(`server: ${most} MB RSS at most, ${((serverCpu / clusters) * 1000).toFixed(0)} ms of CPU an upgrade`);
  console.log(
    `simulators: ${simulatorsMb} MB RSS at most in ${simulatorPids.length} processes, ${((simulatorsCpu / clusters) * 1000).toFixed(0)} ms of CPU an upgrade`,
  );
  console.log(
    `database: ${before.size} MB before, ${size} MB after, ${(((size - before.size) * 1024) / clusters).toFixed(0)} kB an upgrade`,
  );
  console.log(`broken promises seen by the simulators: ${violations.length === 0 ? 'none' : violations.slice(0, 5).join('; ')}`);
  console.log(`asked again because a cluster did not answer in time: ${askedAgainCount}`);
  console.log(machineSays());
  if (violations.length > 0 || ends.get('done') !== clusters) failed = true;
  await server.stop();
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  failed = true;
} finally {
  for (const child of fleet?.children ?? []) child.kill('SIGKILL');
  await endProcessesOf(folder);
  await removeStateFolder(folder);
}
process.exit(failed ? 1 : 0);
