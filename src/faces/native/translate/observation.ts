import type { Static } from 'typebox';
import type {
  Cluster,
  MemberProcess,
  Observation,
  Release,
  SeenElasticsearch,
  SeenHost,
  SeenMember,
} from '../../../domain/index.ts';
import type { Observation as ObservationWire } from '../wire/index.ts';

type Wire = Static<typeof ObservationWire>;

/** Facts and what stayed unknown. Settings of nodes and indices stay out: their values may be secrets. */
export function observationWire(cluster: Cluster, observation: Observation<unknown>): Wire {
  const seen =
    observation.cluster.kind === 'seen' && cluster.spec.kind === 'elasticsearch'
      ? (observation.cluster.seen as SeenElasticsearch)
      : null;
  return {
    clusterId: cluster.id,
    at: observation.at,
    reachable: observation.cluster.kind === 'seen',
    because: observation.cluster.kind === 'unreachable' ? observation.cluster.because : null,
    health: seen === null ? null : healthWire(seen.health),
    master: seen?.nodes.find((node) => node.nodeId === seen.masterNodeId)?.name ?? null,
    members: observation.members.map(memberWire),
    hosts: Object.entries(observation.hosts).map(([key, host]) => hostWire(key, host)),
    unknowns: [...observation.unknowns],
  };
}

function healthWire(health: SeenElasticsearch['health']): NonNullable<Wire['health']> {
  const { status, numberOfNodes, initializing, relocating, unassigned, delayedUnassigned, pendingTasks } = health;
  return { status, numberOfNodes, initializing, relocating, unassigned, delayedUnassigned, pendingTasks };
}

function memberWire(member: SeenMember): Wire['members'][number] {
  return {
    name: member.name,
    process: processWire(member.process),
    release: releaseWire(member.running),
    joined: member.joined !== null,
  };
}

function processWire(process: MemberProcess): Wire['members'][number]['process'] {
  const nothing = { pid: null, startedAt: null, exitCode: null, lastLines: [], because: null };
  switch (process.state) {
    case 'running':
      return { ...nothing, state: process.state, pid: process.identity.pid, startedAt: process.startedAt };
    case 'stopped':
      return { ...nothing, state: process.state, exitCode: process.exitCode, lastLines: [...process.lastLines] };
    case 'unknown':
      return { ...nothing, state: process.state, because: process.because };
    default:
      return { ...nothing, state: process.state };
  }
}

function releaseWire(release: Release | null) {
  return release === null ? null : { version: release.version, build: release.build };
}

function hostWire(key: string, host: SeenHost): Wire['hosts'][number] {
  if (host.kind === 'unreachable')
    return { key, reachable: false, because: host.because, javas: [], freeMemoryBytes: null, prefetched: [] };
  const { javas, freeMemoryBytes, prefetched } = host;
  return { key, reachable: true, because: null, javas: [...javas], freeMemoryBytes, prefetched: [...prefetched] };
}
