/**
 * observe: the facts of one moment from the cluster and its hosts, and what could not be found out. Every answer is
 * checked against a schema; what does not fit is unknown, never guessed.
 * It does not know: what the facts are for, what was seen before.
 */
import {
  compareVersions,
  type ElasticsearchCatalog,
  type ElasticsearchCluster,
  type EngineIo,
  type Observation,
  type Release,
  type SeenElasticsearch,
  showRelease,
} from '../../../domain/index.ts';
import { type Depth, type LookedAtCluster, lookAtCluster } from './cluster.ts';
import { type Entry, findEntry } from './entry.ts';
import { lookAtHosts, lookAtProcesses, membersOf } from './members.ts';
import { lookAtUrls, wrongUrls } from './urls.ts';

export type { Depth } from './cluster.ts';

export async function observe(
  cluster: ElasticsearchCluster,
  catalog: ElasticsearchCatalog,
  io: EngineIo,
  depth: Depth = 'turn',
): Promise<Observation<SeenElasticsearch>> {
  const at = io.now();
  const context = { catalog, zoneAttribute: cluster.spec.awarenessAttribute ?? 'zone' };
  const look = async (): Promise<LookedAtCluster> => {
    const entry: Entry = depth === 'plan' ? await findEntry(cluster, io) : { kind: 'found', cluster };
    if (entry.kind === 'found') return lookAtCluster(entry.cluster, context, io, depth);
    return { looked: entry, unknowns: [entry.because] };
  };
  const [hosts, { looked, unknowns }, answering] = await Promise.all([
    lookAtHosts(cluster, io),
    look(),
    depth === 'plan' ? lookAtUrls(cluster, io) : [],
  ]);
  // Asked after the cluster, so that a process which the cluster tells of is never older than its host's account.
  const processes = await lookAtProcesses(cluster, io);
  const seen = looked.kind === 'seen' ? looked.seen : null;
  const wrong = seen === null ? [] : wrongUrls(seen, answering);
  const members = membersOf(cluster, seen, processes).map((member) =>
    wrong.some(({ name }) => name === member.name) ? { ...member, running: null, joined: null } : member,
  );
  return { at, hosts, cluster: looked, members, unknowns: [...unknowns, ...wrong.map(({ says }) => says)] };
}

/** The lowest release among the members that are in the cluster; null when none is. */
export function releaseOf(observation: Observation<SeenElasticsearch>): Release | null {
  const running = observation.members.flatMap((member) => member.running ?? []);
  return [...running].sort((a, b) => compareVersions(a.version, b.version))[0] ?? null;
}

/** Who there is and what each runs, the cluster's own id first: a plan made from it holds as long as this is the same. */
export function basisOf(observation: Observation<SeenElasticsearch>): string {
  const uuid = observation.cluster.kind === 'seen' ? observation.cluster.seen.clusterUuid : 'unreachable';
  const members = observation.members.map(
    (member) => `${member.name}=${member.running === null ? 'away' : showRelease(member.running)}`,
  );
  return [uuid, ...members].join(' ');
}

/** The id of the cluster that a basis was made from; null where it had none. */
export function clusterOfBasis(basis: string): string | null {
  const [uuid] = basis.split(' ');
  return uuid === undefined || uuid === '' || uuid === 'unreachable' ? null : uuid;
}
