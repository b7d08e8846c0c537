import type {
  ElasticsearchSpec,
  ExportedObservation,
  Known,
  SeenElasticsearch,
  SeenIndex,
  SeenMember,
  SeenNode,
} from '../../domain/index.ts';
import { anonymousArgument, anonymousSentence, anonymousSettings, anonymousValue } from './anonymous-texts.ts';
import { createNames, type Names } from './names.ts';
import { leftOut } from './secrets.ts';

type Exported = Extract<ExportedObservation, { engine: 'elasticsearch' }>;

export function elasticsearchWithoutNames(exported: Exported): Exported {
  const names = createNames();
  const { spec, seen, members, hosts } = exported;
  // Whoever may stand in a setting is named before settings are gone through.
  nameAll(names, exported);
  return {
    ...exported,
    name: clusterName(names, seen.clusterName),
    spec: specWithout(names, spec),
    seen: seenWithout(names, seen),
    members: members.map((member) => memberWithout(names, member)),
    hosts: Object.fromEntries(Object.entries(hosts).map(([key, host]) => [names.of('host', key), host])),
    unknowns: exported.unknowns.map((says) => anonymousSentence(names, says)),
  };
}

function nameAll(names: Names, { spec, seen }: Exported): void {
  clusterName(names, seen.clusterName);
  for (const { name, zone } of spec.nodes) {
    names.of('node', name);
    if (zone !== null) names.of('zone', zone);
  }
  for (const { name, zone } of seen.nodes) {
    names.of('node', name);
    if (zone !== null) names.of('zone', zone);
  }
  for (const { name } of seen.indices) indexName(names, name);
  for (const { name } of seen.templates) names.of('template', name);
}

function clusterName(names: Names, name: string): string {
  return names.of('cluster', name);
}

/** A dot in front says that it is a system's own. */
function indexName(names: Names, name: string): string {
  return names.of(name.startsWith('.') ? '.index' : 'index', name);
}

function specWithout(names: Names, spec: ElasticsearchSpec): ElasticsearchSpec {
  return {
    ...spec,
    clusterName: clusterName(names, spec.clusterName),
    nodes: spec.nodes.map((node, position) => ({
      ...node,
      name: names.of('node', node.name),
      host: names.of('host', node.host),
      url: `http://127.0.0.1:${node.httpPort}`,
      zone: node.zone === null ? null : names.of('zone', node.zone),
      ...(node.jvmOptions === undefined
        ? {}
        : { jvmOptions: node.jvmOptions.map((argument) => anonymousArgument(names, argument)) }),
      folders:
        node.folders === null
          ? null
          : {
              conf: node.folders.conf === null ? null : `/node-${position + 1}/conf`,
              data: `/node-${position + 1}/data`,
              logs: `/node-${position + 1}/logs`,
            },
    })),
    settings: anonymousSettings(names, spec.settings),
    bindAddress: '127.0.0.1',
    repositoryPath: spec.repositoryPath === null ? null : '/repository',
  };
}

function memberWithout(names: Names, member: SeenMember): SeenMember {
  const { joined } = member;
  return {
    ...member,
    name: names.of('node', member.name),
    joined: joined && { nodeId: names.of('node-id', joined.nodeId), ephemeralId: names.of('process', joined.ephemeralId) },
  };
}

function seenWithout(names: Names, { answeredAt: _, ...seen }: SeenElasticsearch): SeenElasticsearch {
  const nodeId = (id: string) => names.of('node-id', id);
  const list = (kind: string, known: Known<readonly string[]>) => knownWithout(known, (one) => names.of(kind, one));
  return {
    ...seen,
    stateUuid: names.of('state', seen.stateUuid),
    clusterName: clusterName(names, seen.clusterName),
    clusterUuid: names.of('cluster-id', seen.clusterUuid),
    masterNodeId: seen.masterNodeId === null ? null : nodeId(seen.masterNodeId),
    nodes: seen.nodes.map((node) => nodeWithout(names, node)),
    shards: seen.shards.map((copy) => ({
      ...copy,
      index: indexName(names, copy.index),
      nodeId: copy.nodeId === null ? null : nodeId(copy.nodeId),
      relocatingTo: copy.relocatingTo === null ? null : nodeId(copy.relocatingTo),
    })),
    indices: seen.indices.map((index) => indexWithout(names, index)),
    templates: seen.templates.map(({ name, settings, mappingTypes }) => ({
      name: names.of('template', name),
      settings: anonymousSettings(names, settings),
      mappingTypes: mappingTypes.map((type) => typeName(names, type)),
    })),
    persistentSettings: anonymousSettings(names, seen.persistentSettings),
    transientSettings: anonymousSettings(names, seen.transientSettings),
    votingNodeIds: seen.votingNodeIds.map(nodeId),
    snapshots: knownWithout(seen.snapshots, (one) => ({
      ...one,
      repository: names.of('repository', one.repository),
      name: names.of('snapshot', one.name),
    })),
    repositories: list('repository', seen.repositories),
    votingExclusions: list('node', seen.votingExclusions),
    shutdownRecords: list('node', seen.shutdownRecords),
    mlOpenJobs: list('job', seen.mlOpenJobs),
    snapshotRunning: withoutReason(seen.snapshotRunning),
    systemFeatures: withoutReason(seen.systemFeatures),
    mlEnabled: withoutReason(seen.mlEnabled),
    mlUpgradeMode: withoutReason(seen.mlUpgradeMode),
    ilmMode: withoutReason(seen.ilmMode),
    deprecations: knownWithout(seen.deprecations, ({ level, subject }) => ({
      level,
      message: leftOut,
      subject: subject
        .split(' ')
        .map((word) => names.known(word) ?? (/^(?:cluster|nodes?|index|indices|ml)$/.test(word) ? word : leftOut))
        .join(' '),
    })),
  };
}

function nodeWithout(names: Names, node: SeenNode): SeenNode {
  return {
    ...node,
    nodeId: names.of('node-id', node.nodeId),
    ephemeralId: names.of('process', node.ephemeralId),
    name: names.of('node', node.name),
    zone: node.zone === null ? null : names.of('zone', node.zone),
    settings: anonymousSettings(names, node.settings),
    jvmInputArguments: node.jvmInputArguments.map((argument) => anonymousArgument(names, argument)),
  };
}

function indexWithout(names: Names, index: SeenIndex): SeenIndex {
  return {
    ...index,
    name: indexName(names, index.name),
    uuid: names.of('index-id', index.uuid),
    mappingTypes: index.mappingTypes.map((type) => typeName(names, type)),
    settings: anonymousSettings(names, index.settings),
    blocks: index.blocks.map((block) => anonymousValue(names, block)),
  };
}

/** Those of Elasticsearch's own begin with a line. */
function typeName(names: Names, type: string): string {
  return type.startsWith('_') || type === 'doc' ? type : names.of('type', type);
}

function knownWithout<T>(known: Known<readonly T[]>, without: (one: T) => T): Known<readonly T[]> {
  return known.known ? { known: true, value: known.value.map(without) } : withoutReason(known);
}

function withoutReason<T>(known: Known<T>): Known<T> {
  return known.known ? known : { ...known, because: leftOut };
}
