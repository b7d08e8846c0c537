/**
 * How a member is run at a release: command, settings file and what else it needs, from the declared cluster. Pure.
 * It does not know: how a host carries it out.
 */
import { createHash } from 'node:crypto';
import {
  type ArtefactSource,
  catalogBuild,
  catalogRelease,
  type ElasticsearchBuild,
  type ElasticsearchCatalog,
  type ElasticsearchCluster,
  type ElasticsearchNodeSpec,
  type Launch,
  type LaunchPurpose,
  majorOf,
  ownTags,
  type Release,
} from '../../../domain/index.ts';
import { trialOptions } from './carried-options.ts';
import { directCommand, type JvmChoice, jvmOptionsFile, jvmOptionsVariable } from './jvm.ts';
import { settingsOf, trialChanges, yamlOf } from './settings.ts';

/** A trial's heap is capped: it holds no data. */
const trialHeapMb = 256;

/** Where file-based discovery reads the addresses of the other nodes: a trial must not call them. */
const hostsFiles = ['unicast_hosts.txt', 'discovery-file/unicast_hosts.txt'];

export function launch(
  cluster: ElasticsearchCluster,
  catalog: ElasticsearchCatalog,
  member: string,
  release: Release,
  purpose: LaunchPurpose,
): Launch {
  const node = nodeOf(cluster, member);
  const build = catalogBuild(catalog, release);
  const jvm = jvmOf(node, catalog, build, purpose);
  const direct = majorOf(release.version) < 8;
  const port = (purpose.kind === 'trial' ? purpose.ports[0] : undefined) ?? node.httpPort;
  const ownersFile = node.settingsFileOwner === 'owner';
  const ownersConf = ownersFile ? (node.folders?.conf ?? null) : null;
  const ownersTrial = purpose.kind === 'trial' && ownersConf !== null;
  const settings = { path: 'conf/elasticsearch.yml', text: yamlOf(settingsOf(cluster, node, release, build, purpose)) };
  return {
    clusterId: cluster.id,
    member,
    release,
    artefacts: artefacts(catalog, release),
    java: catalogRelease(catalog, release.version)?.java ?? null,
    command: direct ? directCommand(release, jvm) : ['${home}/bin/elasticsearch'],
    // 7.17 refuses to start without LIBFFI_TMPDIR, which its shell script would have set.
    environment: {
      LIBFFI_TMPDIR: '${tmp}',
      ...(direct ? {} : launcherEnvironment),
      ...(ownersFile && !direct ? { ES_JAVA_OPTS: jvmOptionsVariable(jvm) } : {}),
    },
    files: ownersFile
      ? []
      : [settings, ...(direct ? [] : [{ path: 'conf/jvm.options.d/clusterlift.options', text: jvmOptionsFile(jvm) }])],
    copies: ownersTrial ? [{ from: ownersConf, to: 'conf', except: hostsFiles }] : ownersFile ? [] : copiesOf(direct),
    ...(ownersTrial
      ? { overlay: { path: settings.path, ...trialChanges(cluster.spec.clusterName, node, release, purpose) } }
      : {}),
    folders: foldersOf(node, purpose),
    sharedFolders: cluster.spec.repositoryPath === null ? [] : [cluster.spec.repositoryPath],
    readyUrl: `${new URL(node.url).protocol}//${new URL(node.url).hostname}:${port}/`,
    archive: direct ? archiveName(release, jvm) : null,
    ...ownTags(cluster.tags),
  };
}

function jvmOf(
  node: ElasticsearchNodeSpec,
  catalog: ElasticsearchCatalog,
  build: ElasticsearchBuild | undefined,
  purpose: LaunchPurpose,
): JvmChoice {
  const jvmOptions = ownOptions(node, catalog);
  if (purpose.kind !== 'trial') return { heapMb: node.heapMb, build, enforceBootstrapChecks: false, jvmOptions };
  const { enforceBootstrapChecks } = purpose;
  return { heapMb: Math.min(node.heapMb, trialHeapMb), build, enforceBootstrapChecks, jvmOptions: trialOptions(jvmOptions) };
}

/** Those of a build go with it: a node registered at one build must not seem to stay at it. */
function ownOptions(node: ElasticsearchNodeSpec, catalog: ElasticsearchCatalog): readonly string[] {
  const ofBuilds = catalog.releases.flatMap((release) => release.builds).flatMap((build) => build.jvmOptions);
  return (node.jvmOptions ?? []).filter((one) => !ofBuilds.includes(one));
}

/** A trial works on scratch folders. Settings that we write lie in a folder of ours: the owner's stays as it is. */
function foldersOf(node: ElasticsearchNodeSpec, purpose: LaunchPurpose): Launch['folders'] {
  if (node.folders === null || purpose.kind === 'trial') return null;
  return { ...node.folders, conf: node.settingsFileOwner === 'owner' ? node.folders.conf : null };
}

const launcherEnvironment = { ES_JAVA_HOME: '${java}', ES_PATH_CONF: '${conf}', ES_TMPDIR: '${tmp}' };

/** The same for members whose trial would say the same: their names, ports and folders do not matter to the new release. */
export function trialText(
  cluster: ElasticsearchCluster,
  catalog: ElasticsearchCatalog,
  member: string,
  release: Release,
): string {
  const node = { ...nodeOf(cluster, member), name: 'member', zone: null, httpPort: 0, transportPort: 0 };
  const build = catalogBuild(catalog, release);
  const alone = { ...cluster, spec: { ...cluster.spec, nodes: [node] } };
  return [
    yamlOf(settingsOf(alone, node, release, build, { kind: 'join' })),
    release.version,
    ...(build?.jvmOptions ?? []),
    `${node.heapMb}`,
    ...ownOptions(node, catalog),
  ].join('\n');
}

export function artefacts(catalog: ElasticsearchCatalog, release: Release): readonly ArtefactSource[] {
  return catalogBuild(catalog, release)?.artefacts ?? catalogRelease(catalog, release.version)?.artefacts ?? [];
}

function nodeOf(cluster: ElasticsearchCluster, member: string): ElasticsearchNodeSpec {
  const node = cluster.spec.nodes.find((candidate) => candidate.name === member);
  if (node === undefined) throw new Error(`cluster ${cluster.id} has no member ${member}`);
  return node;
}

/** The launcher of 8 and 9 wants its whole configuration folder. Its own jvm.options stays; ours come after it. */
function copiesOf(direct: boolean): Launch['copies'] {
  const names = direct
    ? ['log4j2.properties']
    : ['log4j2.properties', 'jvm.options', 'role_mapping.yml', 'roles.yml', 'users', 'users_roles'];
  return names.map((name) => ({ from: `config/${name}`, to: `conf/${name}` }));
}

/** An archive of classes fits one release with one set of flags, whatever the heap: a trial's is capped. */
function archiveName(release: Release, { build, jvmOptions }: JvmChoice): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([release, build?.jvmOptions ?? [], trialOptions(jvmOptions)]))
    .digest('hex')
    .slice(0, 12);
  return `elasticsearch-${release.version}-${hash}`;
}
