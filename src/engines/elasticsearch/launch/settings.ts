import {
  compareVersions,
  type ElasticsearchBuild,
  type ElasticsearchCluster,
  type ElasticsearchNodeSpec,
  type LaunchPurpose,
  majorOf,
  type Release,
} from '../../../domain/index.ts';

/** From here on roles are one list instead of three switches. */
const rolesAreAList = '7.9.0';

/** Search over several clusters came with the first name and got the second, which is the only one from 8 on. */
const remoteIsOfSearch = '5.3.0';
const remoteIsOfTheCluster = '6.5.0';

export type Settings = Readonly<Record<string, string | readonly string[]>>;

/** elasticsearch.yml of one member for the release that it is about to start, as flat settings. */
export function settingsOf(
  cluster: ElasticsearchCluster,
  node: ElasticsearchNodeSpec,
  release: Release,
  build: ElasticsearchBuild | undefined,
  purpose: LaunchPurpose,
): Settings {
  const { spec } = cluster;
  const settings: Settings = {
    'cluster.name': spec.clusterName,
    'node.name': node.name,
    'path.data': '${data}',
    'path.logs': '${logs}',
    'network.host': spec.bindAddress,
    'http.port': String(node.httpPort),
    [transportPortName(release)]: String(node.transportPort),
    ...(spec.repositoryPath === null ? {} : { 'path.repo': [spec.repositoryPath] }),
    ...(node.zone === null ? {} : { 'node.attr.zone': node.zone }),
    ...(spec.awarenessAttribute === null ? {} : { 'cluster.routing.allocation.awareness.attributes': spec.awarenessAttribute }),
    ...rolesOf(node, release),
    ...discoveryOf(cluster, release, purpose),
    ...(majorOf(release.version) >= 7 ? { 'xpack.security.enabled': 'false' } : {}),
    ...(build === undefined ? {} : { 'node.attr.clusterlift_build': build.id, ...build.settings }),
    ...spec.settings,
  };
  if (purpose.kind !== 'trial') return settings;
  const { remove, set } = trialChanges(spec.clusterName, node, release, purpose);
  return { ...Object.fromEntries(Object.entries(settings).filter(([name]) => !isNamed(remove, name))), ...set };
}

function transportPortName(release: Release): string {
  return majorOf(release.version) >= 8 ? 'transport.port' : 'transport.tcp.port';
}

function rolesOf(node: ElasticsearchNodeSpec, release: Release): Settings {
  if (compareVersions(release.version, rolesAreAList) >= 0) return { 'node.roles': node.roles };
  return Object.fromEntries(
    (['master', 'data', 'ingest'] as const).map((role) => [`node.${role}`, String(node.roles.includes(role))]),
  );
}

/** A node that joins by upgrade must not bootstrap a cluster of its own. */
function discoveryOf(cluster: ElasticsearchCluster, release: Release, purpose: LaunchPurpose): Settings {
  const masters = cluster.spec.nodes.filter((peer) => peer.roles.includes('master'));
  const peers = cluster.spec.nodes.map((peer) => `${hostOf(peer.url)}:${peer.transportPort}`);
  if (majorOf(release.version) < 7)
    return {
      'discovery.zen.ping.unicast.hosts': peers,
      'discovery.zen.minimum_master_nodes': String(Math.floor(masters.length / 2) + 1),
    };
  return {
    'discovery.seed_hosts': peers,
    ...(purpose.kind === 'first' ? { 'cluster.initial_master_nodes': masters.map((peer) => peer.name) } : {}),
  };
}

type Trial = Extract<LaunchPurpose, { kind: 'trial' }>;

/**
 * What keeps a trial alone, over whatever settings the member has: scratch folders and ports, no peers, a cluster of another
 * name, nobody called. Only settings that the release knows are taken away: what it no longer knows it must refuse.
 */
export function trialChanges(
  clusterName: string,
  node: ElasticsearchNodeSpec,
  release: Release,
  purpose: Trial,
): { readonly remove: readonly string[]; readonly set: Settings } {
  const major = majorOf(release.version);
  const transport = major >= 8 ? ['transport.port'] : ['transport.port', 'transport.tcp.port'];
  const own: Settings = {
    'cluster.name': `${clusterName}-trial`,
    'node.name': node.name,
    'path.data': '${data}',
    'path.logs': '${logs}',
    'http.port': String(purpose.ports[0] ?? 0),
    [transportPortName(release)]: String(purpose.ports[1] ?? 0),
    // Alone, such a member has no master to wait for: it opens its REST address at once.
    ...(node.roles.includes('master') ? {} : { 'discovery.initial_state_timeout': '0s' }),
  };
  if (major < 7)
    return {
      remove: [...transport, 'discovery.zen.hosts_provider', ...callsOut(release)],
      set: { ...own, 'discovery.zen.ping.unicast.hosts': [], 'discovery.zen.minimum_master_nodes': '1' },
    };
  const peers = ['cluster.initial_master_nodes', 'discovery.seed_hosts', 'discovery.seed_providers', 'discovery.type'];
  // 7 knows the old name of the peers as well; from 8 on it is a setting like any other that has gone.
  const oldPeers = major === 7 ? ['discovery.zen.ping.unicast.hosts', 'discovery.zen.hosts_provider'] : [];
  return {
    remove: [...transport, ...peers, ...oldPeers, ...callsOut(release)],
    set: { ...own, ...aloneFrom7(node, purpose) },
  };
}

/**
 * Other clusters that a node calls by itself, in the names that the release knows: 8 no longer knows `cluster.remote.connect`.
 * X-Pack is in what is run from 7 on.
 */
function callsOut({ version }: Release): readonly string[] {
  const major = majorOf(version);
  return [
    ...(major >= 7 ? ['xpack.monitoring.exporters.*'] : []),
    ...(compareVersions(version, remoteIsOfTheCluster) >= 0 ? ['cluster.remote.*.*'] : []),
    ...(compareVersions(version, remoteIsOfSearch) >= 0 && major < 8 ? ['search.remote.*'] : []),
  ];
}

/** A `*` stands for anything. */
function isNamed(names: readonly string[], name: string): boolean {
  return names.some((one) => new RegExp(`^${one.replaceAll('.', '\\.').replaceAll('*', '.+')}$`).test(name));
}

/** `single-node` is for master-eligible members only, and passes over bootstrap checks. */
function aloneFrom7(node: ElasticsearchNodeSpec, purpose: Trial): Settings {
  if (!node.roles.includes('master')) return { 'discovery.seed_hosts': [] };
  return purpose.enforceBootstrapChecks
    ? { 'discovery.seed_hosts': [], 'cluster.initial_master_nodes': [node.name] }
    : { 'discovery.type': 'single-node' };
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

/** Flat settings as YAML. Values are quoted, so that nothing in them is read as anything but text. */
export function yamlOf(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) =>
    typeof value === 'string' ? `${name}: ${quote(value)}` : `${name}: [${value.map(quote).join(', ')}]`,
  );
  return `${lines.join('\n')}\n`;
}

function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
