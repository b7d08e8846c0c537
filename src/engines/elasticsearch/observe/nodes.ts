import type { Static } from 'typebox';
import { catalogRelease, type ElasticsearchCatalog, type ElasticsearchRole, type SeenNode } from '../../../domain/index.ts';
import { flat } from '../client/index.ts';
import type { NodeStats, Nodes } from './answers.ts';

type NodeInfo = Static<typeof Nodes>['nodes'][string];

/** What the roles of 7.10 and later amount to: each data tier holds shards. */
const roleOf: Readonly<Record<string, ElasticsearchRole>> = {
  master: 'master',
  data: 'data',
  data_content: 'data',
  data_hot: 'data',
  data_warm: 'data',
  data_cold: 'data',
  data_frozen: 'data',
  ingest: 'ingest',
};

export interface NodeContext {
  readonly catalog: ElasticsearchCatalog;
  /** The attribute that tells a node's zone. */
  readonly zoneAttribute: string;
}

/** The nodes of `GET /_nodes/settings,process,jvm,plugins`, by name. */
export function nodesOf({ nodes }: Static<typeof Nodes>, context: NodeContext): readonly SeenNode[] {
  return Object.entries(nodes)
    .map(([nodeId, node]) => nodeOf(nodeId, node, context))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function nodeOf(nodeId: string, node: NodeInfo, { catalog, zoneAttribute }: NodeContext): SeenNode {
  const settings = flat(node.settings);
  const plugins = (node.plugins ?? []).map((plugin) => plugin.name);
  const jvmInputArguments = node.jvm?.input_arguments ?? [];
  return {
    nodeId,
    ephemeralId: '',
    name: node.name,
    version: node.version,
    roles: [...new Set(node.roles.flatMap((role) => roleOf[role] ?? []))],
    zone: node.attributes?.[zoneAttribute] ?? null,
    pid: node.process?.id ?? null,
    plugins,
    modules: (node.modules ?? []).map((module) => module.name),
    flavor: node.build_flavor ?? null,
    settings,
    jvmInputArguments,
    javaVersion: node.jvm?.version ?? null,
    heapUsedPercent: null,
    diskUsedPercent: null,
    diskFreeBytes: null,
    build: buildOf(catalog, node.version, settings, jvmInputArguments, plugins),
  };
}

/** What `GET /_nodes/stats/fs,jvm` adds to the nodes; one that is not in it stays without. */
export function withStats(nodes: readonly SeenNode[], stats: Static<typeof NodeStats>): readonly SeenNode[] {
  return nodes.map((node) => {
    const told = stats.nodes[node.nodeId];
    if (told === undefined) return node;
    const paths = (told.fs?.data ?? []).flatMap(({ total_in_bytes: total, available_in_bytes: free }) =>
      total === undefined || free === undefined || total <= 0 ? [] : [{ total, free }],
    );
    return {
      ...node,
      heapUsedPercent: told.jvm?.mem.heap_used_percent ?? null,
      diskUsedPercent: paths.length === 0 ? null : Math.max(...paths.map(({ total, free }) => 100 * (1 - free / total))),
      diskFreeBytes: paths.length === 0 ? null : Math.min(...paths.map(({ free }) => free)),
    };
  });
}

/** Observed, not remembered: the one build of the catalog whose options, settings and plugins are all there. */
export function buildOf(
  catalog: ElasticsearchCatalog,
  version: string,
  settings: Readonly<Record<string, string>>,
  jvmInputArguments: readonly string[],
  plugins: readonly string[],
): string | null {
  const fitting = (catalogRelease(catalog, version)?.builds ?? []).filter(
    (build) =>
      build.jvmOptions.every((option) => jvmInputArguments.includes(option)) &&
      Object.entries(build.settings).every(([name, value]) => settings[name] === value) &&
      build.plugins.every((plugin) => plugins.includes(plugin)),
  );
  const [only] = fitting;
  if (only === undefined) return null;
  if (fitting.length === 1) return only.id;
  return fitting.find((build) => build.id === settings['node.attr.clusterlift_build'])?.id ?? null;
}
