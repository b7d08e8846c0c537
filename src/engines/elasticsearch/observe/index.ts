/**
 * observe: the facts of one moment from the cluster and its hosts, and what could not be found out.
 * It does not know: what the facts are for, what was seen before.
 */
import {
  type Catalog,
  type Cluster,
  compareVersions,
  type EngineIo,
  type Observation,
  type Release,
  type SeenElasticsearch,
  showRelease,
} from '../../../domain/index.ts';
import { type Answer, ask, explainUnassigned, getClusterSettings, number, object, text, trouble } from '../client/index.ts';
import { lookAtHosts, lookAtMembers } from './members.ts';
import { indicesOf, templatesOf } from './metadata.ts';
import { nodesOf } from './nodes.ts';
import { ephemeralIds, healthOf, shardCopies, votingNodeIds } from './routing.ts';
import { lookAtSnapshots } from './snapshots.ts';

/** Unassigned copies that are asked about one by one in a look; more are left unexplained. */
const explainedCopiesMax = 20;
const minimumMasterNodes = 'discovery.zen.minimum_master_nodes';

/** `plan` looks at snapshots, too; `turn` leaves out what no turn of the loop needs. */
export type Depth = 'plan' | 'turn';

export async function observe(
  cluster: Cluster,
  catalog: Catalog,
  io: EngineIo,
  depth: Depth = 'turn',
): Promise<Observation<SeenElasticsearch>> {
  const at = io.now();
  const [hosts, looked] = await Promise.all([lookAtHosts(cluster, io), lookAtCluster(cluster, catalog, io, depth)]);
  const seen = looked.kind === 'seen' ? looked.seen : null;
  return { at, hosts, cluster: looked, members: await lookAtMembers(cluster, seen, io), unknowns: [] };
}

/** The lowest release among the members that are in the cluster; null when none is. */
export function releaseOf(observation: Observation<SeenElasticsearch>): Release | null {
  const running = observation.members.flatMap((member) => member.running ?? []);
  return [...running].sort((a, b) => compareVersions(a.version, b.version))[0] ?? null;
}

/** Who there is and what each runs: a plan made from it holds as long as this is the same. */
export function basisOf(observation: Observation<SeenElasticsearch>): string {
  const uuid = observation.cluster.kind === 'seen' ? observation.cluster.seen.clusterUuid : 'unreachable';
  const members = observation.members.map(
    (member) => `${member.name}=${member.running === null ? 'away' : showRelease(member.running)}`,
  );
  return [uuid, ...members].join(' ');
}

type Looked = Observation<SeenElasticsearch>['cluster'];

async function lookAtCluster(cluster: Cluster, catalog: Catalog, io: EngineIo, depth: Depth): Promise<Looked> {
  const [health, state, nodes, settings] = await Promise.all([
    ask(cluster, io, { method: 'GET', path: '/_cluster/health?wait_for_events=languid&timeout=1s' }),
    ask(cluster, io, { method: 'GET', path: '/_cluster/state/master_node,nodes,routing_table,metadata,version,blocks' }),
    ask(cluster, io, { method: 'GET', path: '/_nodes/settings,process,jvm,plugins' }),
    getClusterSettings(cluster, io),
  ]);
  if (state.kind !== 'ok') return { kind: 'unreachable', because: trouble(state) };
  if (nodes.kind !== 'ok') return { kind: 'unreachable', because: trouble(nodes) };
  if ('kind' in settings) return { kind: 'unreachable', because: trouble(settings) };
  const healthBody = bodyOfHealth(health);
  if (healthBody === null) return { kind: 'unreachable', because: trouble(health) };
  const seen = assemble({ health: healthBody, state: state.body, nodes: nodes.body, settings }, catalog);
  const [shards, snapshots] = await Promise.all([
    explain(cluster, io, seen),
    depth === 'plan' ? lookAtSnapshots(cluster, io) : {},
  ]);
  return { kind: 'seen', seen: { ...seen, shards, ...snapshots } };
}

/** A health that waited in vain answers 408 and is an answer all the same. */
function bodyOfHealth(answer: Answer): unknown {
  if (answer.kind === 'ok') return answer.body;
  return answer.kind === 'failed' && answer.status === 408 ? answer.body : null;
}

interface Gathered {
  readonly health: unknown;
  readonly state: unknown;
  readonly nodes: unknown;
  readonly settings: {
    readonly persistent: Readonly<Record<string, string>>;
    readonly transient: Readonly<Record<string, string>>;
  };
}

function assemble({ health, state, nodes, settings }: Gathered, catalog: Catalog): SeenElasticsearch {
  const ephemeral = ephemeralIds(state);
  const members = nodesOf(nodes, catalog)
    .filter((node) => ephemeral[node.nodeId] !== undefined)
    .map((node) => ({ ...node, ephemeralId: ephemeral[node.nodeId] ?? '' }));
  const eligible = members.filter((node) => node.roles.includes('master')).map((node) => node.nodeId);
  const effective = { ...settings.persistent, ...settings.transient };
  const notAsked = { known: false, because: 'not asked in this look', absent: false } as const;
  return {
    stateUuid: text(object(state).state_uuid) ?? '',
    stateVersion: number(object(state).version) ?? 0,
    clusterName: text(object(state).cluster_name) ?? '',
    clusterUuid: text(object(object(state).metadata).cluster_uuid) ?? '',
    masterNodeId: text(object(state).master_node),
    nodes: members,
    health: healthOf(health),
    shards: shardCopies(state),
    indices: indicesOf(state),
    templates: templatesOf(state),
    persistentSettings: settings.persistent,
    transientSettings: settings.transient,
    votingNodeIds: votingNodeIds(state, eligible),
    minimumMasterNodes: number(effective[minimumMasterNodes] ?? members[0]?.settings[minimumMasterNodes]),
    snapshots: notAsked,
    repositories: notAsked,
    snapshotRunning: notAsked,
    watermarks: {
      low: effective['cluster.routing.allocation.disk.watermark.low'] ?? '85%',
      high: effective['cluster.routing.allocation.disk.watermark.high'] ?? '90%',
      flood: effective['cluster.routing.allocation.disk.watermark.flood_stage'] ?? null,
    },
    votingExclusions: notAsked,
    shutdownRecords: notAsked,
    deprecations: notAsked,
    systemFeatures: notAsked,
    mlEnabled: notAsked,
    ilmMode: notAsked,
  };
}

/** Asks why copies are unassigned, where that decides whether the cluster is settled: quiet, and allocation not held back. */
async function explain(cluster: Cluster, io: EngineIo, seen: SeenElasticsearch): Promise<SeenElasticsearch['shards']> {
  const { health } = seen;
  if (health.unassigned === 0 || health.initializing + health.relocating + health.inFlightFetch + health.delayedUnassigned > 0)
    return seen.shards;
  let asked = 0;
  return Promise.all(
    seen.shards.map(async (copy) => {
      if (copy.state !== 'UNASSIGNED' || asked >= explainedCopiesMax) return copy;
      asked += 1;
      return {
        ...copy,
        blockedBy: await explainUnassigned(cluster, io, { index: copy.index, shard: copy.shard, primary: copy.primary }),
      };
    }),
  );
}
