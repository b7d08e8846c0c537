import { compareVersions, majorOf } from '../../../domain/index.ts';
import { dataNodesOf, lowestMemberVersion, makeCluster, masterOf, membersOf, touch } from './cluster-state.ts';
import { newId, varied } from './dice.ts';
import { fitAutoExpand } from './indices.ts';
import { takeCopiesFrom } from './lose-copies.ts';
import type { Moment, SimCluster, SimProcess, World } from './model.ts';
import { hasQuorum } from './quorum.ts';
import { isKnownSetting } from './settings.ts';
import { mayShareACluster } from './versions.ts';
import { watchLeaving } from './watch.ts';

export function clusterNamed(world: World, name: string): SimCluster {
  const there = world.clusters.get(name);
  if (there !== undefined) return there;
  const made = makeCluster(name);
  world.clusters.set(name, made);
  return made;
}

/** Why the cluster does not take the node; null when it does. */
export function refuseJoin(world: World, cluster: SimCluster, node: SimProcess): string | null {
  const { version } = node.release;
  if (world.isolated.has(node.name)) return 'no other node is reached';
  const stranger = membersOf(world, cluster).find((member) => !mayShareACluster(member.release.version, version));
  if (stranger !== undefined)
    return `node version [${version}] is not supported. The cluster contains nodes with version [${stranger.release.version}], which is incompatible.`;
  const lowest = lowestMemberVersion(world, cluster);
  if (cluster.members.size > 0 && compareVersions(version, lowest) < 0) {
    const barred = majorOf(lowest) >= 8 || (majorOf(lowest) >= 6 && majorOf(version) < majorOf(lowest));
    if (barred) return `node version [${version}] may not join a cluster comprising only nodes of version [${lowest}] or greater`;
  }
  const tooNew = [...cluster.indices.values()].find((index) => compareVersions(index.createdVersion, version) > 0);
  if (tooNew !== undefined)
    return `index [${tooNew.name}/${tooNew.uuid}] version not supported: ${tooNew.createdVersion} the node version is: ${version}`;
  return null;
}

export function join(world: World, cluster: SimCluster, node: SimProcess, moment: Moment): void {
  cluster.members.set(node.nodeId, node.pid);
  cluster.everJoined.add(node.name);
  node.phase = { at: 'joined' };
  node.httpOpen = true;
  node.log.push('started');
  adjustVotingConfig(world, cluster);
  fitAutoExpand(cluster, dataNodesOf(world, cluster).length, moment);
  touch(cluster, moment);
}

/** Keeps an odd number of voters among those that are there, never fewer than three where there have been three. */
function adjustVotingConfig(world: World, cluster: SimCluster): void {
  const master = masterOf(world, cluster);
  const eligible = membersOf(world, cluster).filter((node) => node.roles.includes('master'));
  if (master === undefined || eligible.some((node) => majorOf(node.release.version) < 7)) return;
  const there = eligible.map((node) => node.nodeId).filter((id) => !cluster.votingExclusions.includes(id));
  if (there.length < 3 && there.length < cluster.votingConfig.length) return;
  const ordered = [
    ...cluster.votingConfig.filter((id) => there.includes(id)),
    ...there.filter((id) => !cluster.votingConfig.includes(id)),
  ];
  cluster.votingConfig = ordered.length % 2 === 0 && ordered.length > 1 ? ordered.slice(0, -1) : ordered;
}

/** A process is gone: its copies are lost, others take over. */
export function leave(world: World, cluster: SimCluster, node: SimProcess, moment: Moment): void {
  if (cluster.members.get(node.nodeId) !== node.pid) return;
  watchLeaving(world, cluster, node, moment);
  cluster.members.delete(node.nodeId);
  if (cluster.masterNodeId === node.nodeId) cluster.masterNodeId = null;
  if (!hasQuorum(cluster, membersOf(world, cluster))) cluster.masterNodeId = null;
  if (cluster.masterNodeId !== null) {
    takeCopiesFrom(world, cluster, node.nodeId, moment);
    fitAutoExpand(cluster, dataNodesOf(world, cluster).length, moment);
  }
  adjustVotingConfig(world, cluster);
  touch(cluster, moment);
}

/** Elects a master where there is none and a quorum is there. */
export function elect(world: World, cluster: SimCluster, moment: Moment): void {
  if (cluster.masterNodeId !== null) return;
  const candidates = candidatesOf(world, cluster);
  if (!hasQuorum(cluster, candidates)) {
    cluster.electionEndsAtMs = null;
    return;
  }
  const eligible = candidates.filter((node) => node.roles.includes('master'));
  if (cluster.electionEndsAtMs === null) {
    const oldest = Math.min(...eligible.map((node) => majorOf(node.release.version)));
    cluster.electionEndsAtMs = moment.nowMs + varied(world.durations.electionMs(oldest), moment.random);
    return;
  }
  if (cluster.electionEndsAtMs > moment.nowMs) return;
  // Members that hold the state come before nodes that have just started; among them the lowest id, as 5 and 6 do.
  const [chosen] = [...eligible].sort(
    (a, b) => Number(cluster.members.has(b.nodeId)) - Number(cluster.members.has(a.nodeId)) || a.nodeId.localeCompare(b.nodeId),
  );
  if (chosen === undefined) return;
  becomeMaster(world, cluster, chosen, moment);
}

function candidatesOf(world: World, cluster: SimCluster): readonly SimProcess[] {
  const joining = [...world.processes.values()].filter(
    (node) => node.clusterName === cluster.name && node.phase.at === 'joining' && refuseJoin(world, cluster, node) === null,
  );
  return [...membersOf(world, cluster), ...joining];
}

function becomeMaster(world: World, cluster: SimCluster, chosen: SimProcess, moment: Moment): void {
  cluster.electionEndsAtMs = null;
  if (cluster.uuid === '_na_') cluster.uuid = newId(moment.random);
  cluster.masterNodeId = chosen.nodeId;
  // What was on nodes that are gone is taken from them first: one of them may be joining again.
  for (const nodeId of new Set(cluster.copies.flatMap((copy) => [copy.nodeId, copy.relocatingTo]))) {
    if (nodeId !== null && !cluster.members.has(nodeId)) takeCopiesFrom(world, cluster, nodeId, moment);
  }
  if (!cluster.members.has(chosen.nodeId)) join(world, cluster, chosen, moment);
  chosen.log.push('elected-as-master');
  archiveUnknown(cluster, chosen.release.version);
  fitAutoExpand(cluster, dataNodesOf(world, cluster).length, moment);
  adjustVotingConfig(world, cluster);
  touch(cluster, moment);
}

/** Settings that the new master no longer knows are kept under another name. */
function archiveUnknown(cluster: SimCluster, version: string): void {
  for (const [name, value] of Object.entries(cluster.persistent)) {
    if (name.startsWith('archived.') || isKnownSetting(name, version)) continue;
    delete cluster.persistent[name];
    cluster.persistent[`archived.${name}`] = value;
  }
}
