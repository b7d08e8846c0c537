import type { ElasticsearchNodeSpec, ElasticsearchRole, ElasticsearchSpec } from '../../domain/index.ts';
import type { Clock } from './clock.ts';
import { createIndex, launchProcess, type SimProcess, type World } from './world/index.ts';

/** A cluster that its owner has running before Clusterlift hears of it. */
export interface WantedCluster {
  /** `cluster.name`. */
  readonly name: string;
  readonly version: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly zone?: string;
    readonly roles?: readonly ElasticsearchRole[];
  }[];
  readonly indices?: readonly { readonly name: string; readonly shards?: number; readonly replicas?: number }[];
  /** Attribute by which copies are kept apart. */
  readonly awarenessAttribute?: string;
  /** Settings of the owner in every node's elasticsearch.yml, flat. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Cluster settings of the owner, flat. */
  readonly persistent?: Readonly<Record<string, string>>;
  readonly transient?: Readonly<Record<string, string>>;
  readonly hooks?: ElasticsearchSpec['hooks'];
  /** Who writes elasticsearch.yml from now on; Clusterlift where nothing is said. */
  readonly settingsFileOwner?: ElasticsearchNodeSpec['settingsFileOwner'];
}

/** Key under which a configuration usually names the simulated host. */
const hostKey = 'simulated';
const heapMb = 256;
const formTimeoutMs = 60_000;

export interface AddClusterParts {
  /** Of its nodes. */
  readonly address: string;
  readonly world: World;
  readonly clock: Clock;
  readonly freePorts: (count: number) => Promise<readonly number[]>;
  readonly listening: () => boolean;
}

/** Starts the nodes, waits until they form a cluster, makes its indices; what comes back is what its owner would declare. */
export async function addCluster(parts: AddClusterParts, wanted: WantedCluster): Promise<ElasticsearchSpec> {
  const { world, clock } = parts;
  const ports = await parts.freePorts(wanted.nodes.length * 2);
  const spec = specOf(wanted, parts.address, ports);
  for (const node of spec.nodes) startNode(parts, spec, node);
  const cluster = () => world.clusters.get(wanted.name);
  const formed = await clock.until(() => cluster()?.members.size === wanted.nodes.length && parts.listening(), formTimeoutMs);
  const made = cluster();
  if (!formed || made === undefined) throw new Error(`cluster ${wanted.name} did not form: ${logsOf(world, wanted.name)}`);
  Object.assign(made.persistent, wanted.persistent);
  Object.assign(made.transient, wanted.transient);
  const dataNodes = spec.nodes.filter((node) => node.roles.includes('data')).length;
  for (const { name, shards = 1, replicas = 1 } of wanted.indices ?? []) {
    const settings = { 'index.number_of_shards': `${shards}`, 'index.number_of_replicas': `${replicas}` };
    const index = { name, createdVersion: wanted.version, settings, mappings: {}, aliases: {} };
    createIndex(made, index, shards, dataNodes, clock.catchUp());
  }
  // An owner's `enable` may leave replicas out: then what can be started is what is waited for.
  const quiet = () => made.copies.every((copy) => copy.state === 'STARTED' || (!copy.primary && copy.state === 'UNASSIGNED'));
  const settled = await clock.until(() => made.quiet?.version === made.version && quiet(), formTimeoutMs);
  if (!settled) throw new Error(`cluster ${wanted.name} did not settle`);
  return spec;
}

function specOf(wanted: WantedCluster, address: string, ports: readonly number[]): ElasticsearchSpec {
  return {
    kind: 'elasticsearch',
    clusterName: wanted.name,
    nodes: wanted.nodes.map((node, position) => {
      const [httpPort = 0, transportPort = 0] = ports.slice(position * 2, position * 2 + 2);
      const folder = `/simulated/${wanted.name}/${node.name}`;
      return {
        name: node.name,
        host: hostKey,
        url: `http://${address}:${httpPort}`,
        httpPort,
        transportPort,
        zone: node.zone ?? null,
        roles: node.roles ?? ['master', 'data', 'ingest'],
        heapMb,
        settingsFileOwner: wanted.settingsFileOwner ?? 'clusterlift',
        folders: { conf: `${folder}/conf`, data: `${folder}/data`, logs: `${folder}/logs` },
      };
    }),
    release: { version: wanted.version, build: null },
    settings: wanted.settings ?? {},
    awarenessAttribute: wanted.awarenessAttribute ?? null,
    bindAddress: address,
    repositoryPath: '/simulated/snapshots',
    username: null,
    hooks: wanted.hooks ?? { preStop: null, postStart: null },
    gateAfterFirstMember: false,
  };
}

/** The owner's own way to start a node: by hand, with a settings file of the owner's. */
function startNode({ world, clock }: AddClusterParts, spec: ElasticsearchSpec, node: ElasticsearchNodeSpec): SimProcess {
  const masters = spec.nodes.filter((peer) => peer.roles.includes('master'));
  const { version } = spec.release;
  const seven = Number.parseInt(version, 10) >= 7;
  const settings: Record<string, string> = {
    'cluster.name': spec.clusterName,
    'node.name': node.name,
    'path.data': node.folders?.data ?? '',
    'path.repo': spec.repositoryPath ?? '',
    'http.port': `${node.httpPort}`,
    ...(node.zone === null ? {} : { 'node.attr.zone': node.zone }),
    ...(spec.awarenessAttribute === null ? {} : { 'cluster.routing.allocation.awareness.attributes': spec.awarenessAttribute }),
    ...(seven
      ? {
          'transport.port': `${node.transportPort}`,
          'cluster.initial_master_nodes': masters.map((peer) => peer.name).join(','),
          'node.roles': node.roles.join(','),
        }
      : {
          'transport.tcp.port': `${node.transportPort}`,
          'discovery.zen.minimum_master_nodes': `${Math.floor(masters.length / 2) + 1}`,
          ...Object.fromEntries(
            (['master', 'data', 'ingest'] as const).map((role) => [`node.${role}`, String(node.roles.includes(role))]),
          ),
        }),
    ...spec.settings,
  };
  const folder = node.folders?.data ?? '';
  world.settingsFiles.set(node.folders?.conf ?? '', settings);
  return launchProcess(world, { release: spec.release, settings, jvmArguments: [], folder }, clock.catchUp());
}

function logsOf(world: World, clusterName: string): string {
  return [...world.processes.values()]
    .filter((node) => node.clusterName === clusterName)
    .map((node) => `${node.name}: ${node.log.slice(-3).join(' | ')}`)
    .join('; ');
}
