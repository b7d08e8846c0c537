import { compareVersions, majorOf } from '../../../domain/index.ts';
import type { SimCluster, SimProcess, World } from './model.ts';
import { isKnownSetting } from './settings.ts';
import { indexFloor, wireFloor } from './versions.ts';

/** What a node says when it refuses to start, in the real thing's words; null when it starts. */
export function refuseStart(world: World, node: SimProcess): readonly string[] | null {
  return (
    refuseSettings(node) ??
    refusePorts(world, node) ??
    refuseFolder(world, node) ??
    refuseIndices(world.clusters.get(node.clusterName), node)
  );
}

function refuseSettings(node: SimProcess): readonly string[] | null {
  const { version } = node.release;
  const names = Object.keys(node.settings).sort();
  const level = names.filter((name) => name.startsWith('index.'));
  if (level.length > 0)
    return [
      'java.lang.IllegalArgumentException: node settings must not contain any index level settings',
      `Found index level settings on node level configuration: ${level.join(', ')}`,
    ];
  const unknown = names.filter((name) => !isKnownSetting(name, version));
  const [first, ...rest] = unknown.map((name) => `java.lang.IllegalArgumentException: ${unknownSetting(name)}`);
  if (first !== undefined) return [first, ...rest.map((line) => `        Suppressed: ${line}`)];
  if (majorOf(version) === 7 && names.includes('discovery.seed_hosts') && names.includes('discovery.zen.ping.unicast.hosts'))
    return [
      'java.lang.IllegalArgumentException: it is forbidden to set both [discovery.seed_hosts] and [discovery.zen.ping.unicast.hosts]',
    ];
  return null;
}

function unknownSetting(name: string): string {
  if (name === 'transport.tcp.port')
    return `unknown setting [${name}] did you mean any of [transport.port, transport.tcp.no_delay]?`;
  return `unknown setting [${name}] please check that any required plugins are installed, or check the breaking changes documentation for removed settings`;
}

function refusePorts(world: World, node: SimProcess): readonly string[] | null {
  const others = [...world.processes.values()].filter((other) => other !== node && other.phase.at !== 'ended');
  if (others.some((other) => other.folder === node.folder))
    return [
      `java.lang.IllegalStateException: failed to obtain node locks, tried [[${node.folder}]] with lock id [0]; maybe these locations are not writable or multiple nodes were started without increasing [node.max_local_storage_nodes] (was [1])?`,
    ];
  if (others.some((other) => other.transportPort === node.transportPort))
    return [`BindTransportException[Failed to bind to 127.0.0.1:${node.transportPort}]`];
  if (others.some((other) => other.httpPort === node.httpPort))
    return [`BindHttpException[Failed to bind to 127.0.0.1:${node.httpPort}]; nested: BindException[Address already in use]`];
  return null;
}

/** A folder that a newer version has written, or one too old to be read. */
function refuseFolder(world: World, node: SimProcess): readonly string[] | null {
  const { version } = node.release;
  const written = world.folders.get(node.folder)?.version ?? null;
  if (written === null) return null;
  if (majorOf(written) > majorOf(version) && majorOf(written) >= 7)
    return [`java.lang.IllegalStateException: cannot downgrade a node from version [${written}] to version [${version}]`];
  if (majorOf(version) >= 8 && compareVersions(written, wireFloor(version)) < 0)
    return [
      `java.lang.IllegalStateException: cannot upgrade a node from version [${written}] directly to version [${version}], upgrade to version [${wireFloor(version)}] first.`,
    ];
  return null;
}

function refuseIndices(cluster: SimCluster | undefined, node: SimProcess): readonly string[] | null {
  const { version } = node.release;
  const floor = indexFloor(version);
  const old = [...(cluster?.indices.values() ?? [])].filter((index) => compareVersions(index.createdVersion, floor) < 0);
  const [first] = old;
  if (first === undefined) return null;
  if (majorOf(version) >= 8)
    return [
      `java.lang.IllegalStateException: Cannot start this node because it holds metadata for indices with version [${first.createdVersion}] with which this node of version [${version}] is incompatible. Revert this node to version [${wireFloor(version)}] and delete any indices with versions earlier than [${floor}] before upgrading to version [${version}].`,
    ];
  return [
    `java.lang.IllegalStateException: The index [${first.name}/${first.uuid}] was created with version [${first.createdVersion}] but the minimum compatible version is [${floor}]. It should be re-indexed in Elasticsearch ${majorOf(version) - 1}.x before upgrading to ${version}.`,
  ];
}
