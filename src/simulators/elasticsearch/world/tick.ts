import { finishRecoveries, reroute } from './allocate.ts';
import { isDelayed } from './cluster-state.ts';
import { clusterNamed, elect, join, refuseJoin } from './membership.ts';
import type { Moment, SimCluster, SimProcess, World } from './model.ts';
import { end } from './processes.ts';
import { refuseStart } from './startup.ts';
import { watchVersions } from './watch.ts';

/** Allocation is looked at this often in one tick at most: each round may free a recovery slot. */
const roundsMax = 50;

/** Brings the world to the moment: everything whose time has come happens. The same dice give the same world. */
export function tick(world: World, moment: Moment): void {
  world.nowMs = moment.nowMs;
  for (const node of world.processes.values()) stepProcess(world, node, moment);
  for (const cluster of world.clusters.values()) {
    elect(world, cluster, moment);
    for (const node of world.processes.values()) {
      if (node.clusterName === cluster.name && node.phase.at === 'joining') tryJoin(world, node, moment);
    }
    allocate(world, cluster, moment);
  }
}

/** Allocation is looked at until it comes to rest, and again only when the state has changed or a delay has run out. */
function allocate(world: World, cluster: SimCluster, moment: Moment): void {
  for (let round = 0; round < roundsMax; round += 1) {
    const changed = finishRecoveries(world, cluster, moment);
    const delayed = cluster.copies.filter((copy) => isDelayed(copy, moment.nowMs)).length;
    if (!changed && cluster.quiet?.version === cluster.version && cluster.quiet.delayed === delayed) return;
    const moved = reroute(world, cluster, moment);
    watchVersions(world, cluster, moment);
    cluster.quiet = { version: cluster.version, delayed };
    if (!changed && !moved) return;
  }
}

function stepProcess(world: World, node: SimProcess, moment: Moment): void {
  const { phase } = node;
  if (phase.at === 'starting' && phase.untilMs <= moment.nowMs) {
    const refused = faultOf(world, node) ?? refuseStart(world, node);
    if (refused !== null) {
      node.log.push(...refused);
      end(world, node, 1, moment);
      return;
    }
    const folder = world.folders.get(node.folder);
    if (folder !== undefined) folder.version = node.release.version;
    node.phase = { at: 'joining', sinceMs: moment.nowMs };
    clusterNamed(world, node.clusterName);
  } else if (phase.at === 'stopping' && phase.untilMs <= moment.nowMs) {
    node.log.push('stopped', 'closing ...', 'closed');
    end(world, node, 143, moment);
  }
}

function faultOf(world: World, node: SimProcess): readonly string[] | null {
  const fault = world.startFaults.get(node.name);
  const befalls = fault !== undefined && (fault.version === null || fault.version === node.release.version);
  return befalls ? fault.lines : null;
}

function tryJoin(world: World, node: SimProcess, moment: Moment): void {
  if (node.phase.at !== 'joining') return;
  const cluster = clusterNamed(world, node.clusterName);
  const refused = cluster.masterNodeId === null ? 'master not discovered yet' : refuseJoin(world, cluster, node);
  if (refused === null) {
    join(world, cluster, node, moment);
    return;
  }
  if (node.log.at(-1) !== refused && !node.httpOpen) node.log.push(refused);
  if (!node.httpOpen && moment.nowMs - node.phase.sinceMs >= world.durations.initialStateTimeoutMs) {
    node.log.push('timed out while waiting for initial discovery state - timeout: 30s', 'started');
    node.httpOpen = true;
  }
}
