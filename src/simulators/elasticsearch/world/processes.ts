import { majorOf, type Release } from '../../../domain/index.ts';
import { newId, varied } from './dice.ts';
import { leave } from './membership.ts';
import type { DataFolder, Moment, SimProcess, SimRole, World } from './model.ts';
import { isAtLeast } from './versions.ts';

export interface NewProcess {
  readonly release: Release;
  readonly settings: Readonly<Record<string, string>>;
  readonly jvmArguments: readonly string[];
  readonly folder: string;
}

/** Starts a process. Whether it comes up is seen when its start is over. */
export function launchProcess(world: World, wanted: NewProcess, moment: Moment): SimProcess {
  const made = draftProcess(world, wanted, moment);
  const folder = world.folders.get(made.folder) ?? emptyFolder(made.folder, made.nodeId);
  world.folders.set(made.folder, folder);
  world.processes.set(made.pid, made);
  return made;
}

function emptyFolder(key: string, nodeId: string): DataFolder {
  return { key, nodeId, version: null, copies: new Map(), diskUsedPercent: 30 };
}

/** A process that is not part of the world: a trial. */
export function draftProcess(world: World, wanted: NewProcess, moment: Moment): SimProcess {
  const pid = world.nextPid;
  world.nextPid += 1;
  const nodeId = world.folders.get(wanted.folder)?.nodeId ?? newId(moment.random);
  const startMs = world.durations.startMs(majorOf(wanted.release.version));
  return {
    pid,
    startTime: `simulated-${pid}`,
    launchedAtMs: moment.nowMs,
    release: wanted.release,
    name: wanted.settings['node.name'] ?? nodeId.slice(0, 7),
    clusterName: wanted.settings['cluster.name'] ?? 'elasticsearch',
    nodeId,
    ephemeralId: newId(moment.random),
    settings: wanted.settings,
    jvmArguments: wanted.jvmArguments,
    plugins: [],
    folder: wanted.folder,
    httpPort: Number(wanted.settings['http.port'] ?? 9200),
    transportPort: Number(wanted.settings['transport.port'] ?? wanted.settings['transport.tcp.port'] ?? 9300),
    roles: rolesOf(wanted.settings, wanted.release.version),
    phase: { at: 'starting', untilMs: moment.nowMs + varied(startMs, moment.random) },
    httpOpen: false,
    log: [`version[${wanted.release.version}], pid[${pid}], simulated`],
  };
}

export function rolesOf(settings: Readonly<Record<string, string>>, version: string): readonly SimRole[] {
  const all: readonly SimRole[] = ['master', 'data', 'ingest'];
  const listed = settings['node.roles'];
  if (isAtLeast(version, '7.9.0') && listed !== undefined) {
    const names = listed.split(',').map((name) => name.trim());
    return all.filter((role) => names.includes(role) || (role === 'data' && names.some((name) => name.startsWith('data_'))));
  }
  return all.filter((role) => settings[`node.${role}`] !== 'false');
}

/** SIGTERM: it goes in its own time. */
export function terminate(world: World, node: SimProcess, moment: Moment): void {
  if (node.phase.at === 'ended' || node.phase.at === 'stopping') return;
  const wasMember = node.phase.at === 'joined';
  node.phase = { at: 'stopping', untilMs: moment.nowMs + varied(world.durations.stopMs, moment.random) };
  node.log.push('stopping ...');
  if (!wasMember) node.httpOpen = false;
}

/** The process is gone, for whatever reason. */
export function end(world: World, node: SimProcess, exitCode: number, moment: Moment): void {
  if (node.phase.at === 'ended') return;
  node.phase = { at: 'ended', exitCode };
  node.httpOpen = false;
  const cluster = world.clusters.get(node.clusterName);
  if (cluster !== undefined) leave(world, cluster, node, moment);
}

/** Of a member that was erased nothing is left: not what it was started as before, nor a cluster that has no other member. */
export function forget(world: World, folder: string): void {
  for (const [pid, node] of world.processes) {
    if (node.folder !== folder || node.phase.at !== 'ended') continue;
    world.processes.delete(pid);
    if ([...world.processes.values()].every((other) => other.clusterName !== node.clusterName))
      world.clusters.delete(node.clusterName);
  }
}
