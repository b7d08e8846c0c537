import type {
  Adoption,
  ElasticsearchCluster,
  ElasticsearchNodeSpec,
  ElasticsearchSpec,
  Observation,
  SeenElasticsearch,
  SeenNode,
} from '../../domain/index.ts';
import { carriedOptions } from './launch/carried-options.ts';

/** `-Xmx2g`: the last one counts. */
const heapFlag = /^-Xmx(\d+)([kmg])?$/i;
const bytesOf = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;
const confFlag = '-Des.path.conf=';

/** A node goes on with the folders, the heap and the JVM options that it has now, unless its owner declared others. */
export function adoption(
  cluster: ElasticsearchCluster,
  observation: Observation<SeenElasticsearch>,
): Adoption<ElasticsearchSpec> {
  const answering = observation.cluster.kind === 'seen' ? observation.cluster.seen : null;
  const seen = answering?.nodes ?? [];
  const declared = cluster.spec.clusterName;
  const found = cluster.spec.nodes.map((spec) =>
    adopt(
      spec,
      seen.find((node) => node.name === spec.name),
    ),
  );
  return {
    spec: { ...cluster.spec, nodes: found.map(({ spec }) => spec) },
    processIds: Object.fromEntries(found.map(({ spec, processId }) => [spec.name, processId])),
    missing: [
      ...(answering === null || answering.clusterName === declared
        ? []
        : [
            `The cluster that answers is named ${answering.clusterName}, not ${declared}; check its name (cluster.name) and its urls.`,
          ]),
      ...found.flatMap(({ missing }) => missing),
    ],
  };
}

interface Adopted {
  readonly spec: ElasticsearchNodeSpec;
  readonly processId: number | null;
  readonly missing: readonly string[];
}

function adopt(spec: ElasticsearchNodeSpec, node: SeenNode | undefined): Adopted {
  if (node === undefined) return { spec, processId: null, missing: [] };
  const folders = spec.folders ?? foldersOf(node);
  const heapMb = spec.heapMb > 0 ? spec.heapMb : heapMbOf(node);
  const missing = [
    ...(folders === null ? [`Node ${spec.name}: give its folders (conf, data, logs): it does not tell one data folder.`] : []),
    ...(folders?.conf === null && spec.settingsFileOwner === 'owner'
      ? [`Node ${spec.name}: give its folders (conf, data, logs): it does not tell where its settings file lies.`]
      : []),
    ...(heapMb === null ? [`Node ${spec.name}: give heapMb: its heap is not among the arguments of its JVM.`] : []),
  ];
  const jvmOptions = spec.jvmOptions ?? carriedOptions(node.jvmInputArguments);
  return { spec: { ...spec, folders, heapMb: heapMb ?? 0, jvmOptions }, processId: node.pid, missing };
}

/** Null where a node has several data folders, or does not tell. */
function foldersOf({ settings, jvmInputArguments }: SeenNode): ElasticsearchNodeSpec['folders'] {
  const home = settings['path.home'];
  const below = (name: string) => (home === undefined ? undefined : `${home}/${name}`);
  const data = settings['path.data'] ?? below('data');
  const logs = settings['path.logs'] ?? below('logs');
  if (data === undefined || logs === undefined || data.includes(',')) return null;
  const argument = jvmInputArguments.find((one) => one.startsWith(confFlag))?.slice(confFlag.length);
  return { conf: argument ?? settings['path.conf'] ?? null, data, logs };
}

function heapMbOf({ jvmInputArguments }: SeenNode): number | null {
  const [, amount, unit] = jvmInputArguments.flatMap((one) => heapFlag.exec(one) ?? []).slice(-3);
  if (amount === undefined) return null;
  const bytes = Number(amount) * (unit === undefined ? 1 : bytesOf[unit.toLowerCase() as keyof typeof bytesOf]);
  return Math.round(bytes / bytesOf.m);
}
