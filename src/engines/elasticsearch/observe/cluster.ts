import type { Static } from 'typebox';
import {
  compareVersions,
  type ElasticsearchCluster,
  type EngineIo,
  majorOf,
  type Observation,
  type SeenElasticsearch,
} from '../../../domain/index.ts';
import { type Answer, ask, flat, number, trouble } from '../client/index.ts';
import { Health, NodeStats, Nodes, type Read, reader, Settings, State } from './answers.ts';
import { explain } from './explain.ts';
import { probe, unknown } from './known.ts';
import { indicesOf, templatesOf } from './metadata.ts';
import { type NodeContext, nodesOf, withStats } from './nodes.ts';
import { lookAtFeatures } from './probes.ts';
import { healthOf, shardCopies, votingExclusions, votingNodeIds } from './routing.ts';
import { lookAtSnapshots } from './snapshots.ts';
import { watermarksOf } from './watermarks.ts';

/** `plan` looks at everything that checks ask about; `turn` leaves out what no turn of the loop needs. */
export type Depth = 'plan' | 'turn';

export interface LookedAtCluster {
  readonly looked: Observation<SeenElasticsearch>['cluster'];
  readonly unknowns: readonly string[];
}

const readHealth = reader('the health of the cluster', Health);
const readState = reader('the state of the cluster', State);
const readNodes = reader('the list of nodes', Nodes);
const readStats = reader('the statistics of the nodes', NodeStats);
const readSettings = reader('the settings of the cluster', Settings);

const statePath = '/_cluster/state/master_node,nodes,routing_table,metadata,version,blocks';
/** Mappings are the most of a large state, and no turn needs them. */
const stateParts = { plan: '', turn: '?filter_path=-metadata.indices.*.mappings' } as const;
/** Nodes that do not answer their neighbours keep the rest of the list waiting no longer than this. */
const slowNodesTimeout = { plan: '?timeout=1s', turn: '' } as const;
const minimumMasterNodes = 'discovery.zen.minimum_master_nodes';
const notAsked = unknown('not asked in this look');

export async function lookAtCluster(
  cluster: ElasticsearchCluster,
  context: NodeContext,
  io: EngineIo,
  depth: Depth,
): Promise<LookedAtCluster> {
  const get = (path: string) => ask(cluster, io, { method: 'GET', path });
  const stateAnswer = get(`${statePath}${stateParts[depth]}`);
  const [health, state, nodes, settings, stats] = await Promise.all([
    get('/_cluster/health?wait_for_events=languid&timeout=1s').then(waitedInVain).then(readHealth),
    stateAnswer.then(readState).then(whole),
    get(`/_nodes/settings,process,jvm,plugins${slowNodesTimeout[depth]}`).then(readNodes),
    get('/_cluster/settings?flat_settings=true').then(readSettings),
    depth === 'plan' ? probe(cluster, io, `/_nodes/stats/fs,jvm${slowNodesTimeout.plan}`).then(readStats) : null,
  ]);
  if (state.kind !== 'read') return unreachable(state);
  if (nodes.kind !== 'read') return unreachable(nodes);
  if (settings.kind !== 'read') return unreachable(settings);
  if (health.kind !== 'read') return unreachable(health);
  const gathered = { health: health.value, state: state.value, nodes: nodes.value, settings: settings.value };
  const plain = assemble(gathered, context);
  const told = stats?.kind === 'read' ? { ...plain, nodes: withStats(plain.nodes, stats.value) } : plain;
  const [shards, beside] = await Promise.all([
    explain(cluster, io, told),
    depth === 'plan' ? lookBeside(cluster, io, lowestVersion(told.nodes)) : {},
  ]);
  const answer = await stateAnswer;
  const answeredAt = answer.kind === 'ok' && answer.url !== undefined ? { answeredAt: answer.url } : {};
  const seen = { ...told, shards, ...beside, ...answeredAt };
  return { looked: { kind: 'seen', seen }, unknowns: [...silentNodes(gathered), ...unknownsOf(stats, beside)] };
}

/** A health that waited in vain answers 408 and is an answer all the same. */
function waitedInVain(answer: Answer): Answer {
  return answer.kind === 'failed' && answer.status === 408 ? { kind: 'ok', status: 408, body: answer.body } : answer;
}

/** Copies of indices that the state does not name would be counted without knowing which of them are in sync. */
function whole(read: Read<Static<typeof State>>): Read<Static<typeof State>> {
  if (read.kind !== 'read') return read;
  const named = read.value.metadata.indices ?? {};
  const unnamed = Object.keys(read.value.routing_table.indices).find((index) => named[index] === undefined);
  return unnamed === undefined
    ? read
    : { kind: 'unfit', because: `the state of the cluster has copies of ${unnamed} and nothing else of it` };
}

function unreachable(read: Exclude<Read<unknown>, { kind: 'read' }>): LookedAtCluster {
  const because = read.kind === 'unfit' ? read.because : trouble(read.answer);
  return { looked: { kind: 'unreachable', because }, unknowns: [because] };
}

async function lookBeside(cluster: ElasticsearchCluster, io: EngineIo, lowest: string): Promise<Partial<SeenElasticsearch>> {
  const [features, snapshots] = await Promise.all([
    lookAtFeatures(cluster, io, majorOf(lowest)),
    lookAtSnapshots(cluster, io, lowest),
  ]);
  return { ...features, ...snapshots };
}

interface Gathered {
  readonly health: Static<typeof Health>;
  readonly state: Static<typeof State>;
  readonly nodes: Static<typeof Nodes>;
  readonly settings: Static<typeof Settings>;
}

function assemble({ health, state, nodes, settings }: Gathered, context: NodeContext): SeenElasticsearch {
  const members = nodesOf(nodes, context)
    .filter((node) => state.nodes[node.nodeId] !== undefined)
    .map((node) => ({ ...node, ephemeralId: state.nodes[node.nodeId]?.ephemeral_id ?? '' }));
  const eligible = members.filter((node) => node.roles.includes('master')).map((node) => node.nodeId);
  const persistentSettings = flat(settings.persistent);
  const transientSettings = flat(settings.transient);
  const effective = { ...persistentSettings, ...transientSettings };
  const ofNode = members[0]?.settings ?? {};
  return {
    stateUuid: state.state_uuid,
    stateVersion: state.version,
    clusterName: state.cluster_name,
    clusterUuid: state.metadata.cluster_uuid,
    masterNodeId: state.master_node ?? null,
    nodes: members,
    health: healthOf(health),
    shards: shardCopies(state),
    indices: indicesOf(state),
    templates: templatesOf(state),
    persistentSettings,
    transientSettings,
    votingNodeIds: votingNodeIds(state, eligible),
    minimumMasterNodes: number(effective[minimumMasterNodes] ?? ofNode[minimumMasterNodes]),
    watermarks: watermarksOf(effective, ofNode, lowestVersion(members)),
    votingExclusions: votingExclusions(state),
    snapshots: notAsked,
    repositories: notAsked,
    snapshotRunning: notAsked,
    shutdownRecords: notAsked,
    deprecations: notAsked,
    systemFeatures: notAsked,
    mlEnabled: notAsked,
    mlUpgradeMode: notAsked,
    mlOpenJobs: notAsked,
    ilmMode: notAsked,
  };
}

function lowestVersion(nodes: SeenElasticsearch['nodes']): string {
  return [...nodes].sort((a, b) => compareVersions(a.version, b.version))[0]?.version ?? '0';
}

/** In the state of the cluster, and not heard of in time when all were asked. */
function silentNodes({ state, nodes }: Gathered): readonly string[] {
  return Object.entries(state.nodes)
    .filter(([nodeId]) => nodes.nodes[nodeId] === undefined)
    .map(([, node]) => `node ${node.name}: it is in the cluster, and did not answer its neighbours in time`);
}

function unknownsOf(stats: Read<unknown> | null, beside: Partial<SeenElasticsearch>): readonly string[] {
  const statistics =
    stats === null || stats.kind === 'read' ? [] : [stats.kind === 'unfit' ? stats.because : trouble(stats.answer)];
  const facts = Object.values(beside).flatMap((fact) =>
    typeof fact === 'object' && fact !== null && 'known' in fact && !fact.known && !fact.absent ? [fact.because] : [],
  );
  return [...new Set([...statistics, ...facts])];
}
