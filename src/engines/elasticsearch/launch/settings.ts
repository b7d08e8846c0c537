import {
  type Build,
  type Cluster,
  compareVersions,
  type ElasticsearchNodeSpec,
  type LaunchPurpose,
  majorOf,
  type Release,
} from '../../../domain/index.ts';

/** From here on roles are one list instead of three switches. */
const rolesAreAList = '7.9.0';

export type Settings = Readonly<Record<string, string | readonly string[]>>;

/** elasticsearch.yml of one member for the release that it is about to start, as flat settings. */
export function settingsOf(
  cluster: Cluster,
  node: ElasticsearchNodeSpec,
  release: Release,
  build: Build | undefined,
  purpose: LaunchPurpose,
): Settings {
  const { spec } = cluster;
  const trial = purpose.kind === 'trial';
  return {
    'cluster.name': trial ? `${spec.clusterName}-trial` : spec.clusterName,
    'node.name': node.name,
    'path.data': '${data}',
    'path.logs': '${logs}',
    'network.host': spec.bindAddress,
    'http.port': String(trial ? purpose.httpPort : node.httpPort),
    [majorOf(release.version) >= 8 ? 'transport.port' : 'transport.tcp.port']: String(
      trial ? purpose.transportPort : node.transportPort,
    ),
    ...(spec.repositoryPath === null ? {} : { 'path.repo': [spec.repositoryPath] }),
    ...(node.zone === null ? {} : { 'node.attr.zone': node.zone }),
    ...(spec.awarenessAttribute === null ? {} : { 'cluster.routing.allocation.awareness.attributes': spec.awarenessAttribute }),
    ...rolesOf(node, release),
    ...discoveryOf(cluster, node, release, purpose),
    ...(majorOf(release.version) >= 7 ? { 'xpack.security.enabled': 'false' } : {}),
    ...(build === undefined ? {} : { 'node.attr.clusterlift_build': build.id, ...build.settings }),
    ...spec.settings,
  };
}

function rolesOf(node: ElasticsearchNodeSpec, release: Release): Settings {
  if (compareVersions(release.version, rolesAreAList) >= 0) return { 'node.roles': node.roles };
  return Object.fromEntries(
    (['master', 'data', 'ingest'] as const).map((role) => [`node.${role}`, String(node.roles.includes(role))]),
  );
}

/** A trial stands alone: it knows no peers and finds none. A node that joins by upgrade must not bootstrap a cluster of its own. */
function discoveryOf(cluster: Cluster, node: ElasticsearchNodeSpec, release: Release, purpose: LaunchPurpose): Settings {
  const masters = cluster.spec.nodes.filter((peer) => peer.roles.includes('master'));
  const peers = cluster.spec.nodes.map((peer) => `${hostOf(peer.url)}:${peer.transportPort}`);
  if (majorOf(release.version) < 7) {
    return purpose.kind === 'trial'
      ? { 'discovery.zen.ping.unicast.hosts': [], 'discovery.zen.minimum_master_nodes': '1' }
      : {
          'discovery.zen.ping.unicast.hosts': peers,
          'discovery.zen.minimum_master_nodes': String(Math.floor(masters.length / 2) + 1),
        };
  }
  if (purpose.kind === 'trial') {
    return purpose.enforceBootstrapChecks
      ? { 'discovery.seed_hosts': [], 'cluster.initial_master_nodes': [node.name] }
      : { 'discovery.type': 'single-node' };
  }
  return {
    'discovery.seed_hosts': peers,
    ...(purpose.kind === 'first' ? { 'cluster.initial_master_nodes': masters.map((peer) => peer.name) } : {}),
  };
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
