import {
  catalogRelease,
  type Hop,
  type KubernetesCatalog,
  type KubernetesCluster,
  type KubernetesSpec,
  type Observation,
  type PlanHop,
  type SeenKubernetes,
  showRelease,
} from '../../domain/index.ts';
import { type PlannedWave, plannedWaves } from './waves.ts';

/** Seconds that one wave takes, from the stop to steady again, as measured on two cores under a light client. */
const waveSeconds: Record<PlannedWave['kind'], number> = {
  etcd: 15,
  apiserver: 22,
  'apiserver-emulating': 22,
  controller: 12,
  node: 30,
};
/** A place for one apiserver more is started before a roll and stopped after it. */
const surgeSeconds = 22;
/** What is written once more before the programs go back. */
const rewriteSeconds = 20;

/** Waves, doors and times of each hop as they are expected now; what really happens is decided member by member. */
export function planHops(
  cluster: KubernetesCluster,
  catalog: KubernetesCatalog,
  observation: Observation<SeenKubernetes>,
  route: readonly Hop[],
): readonly PlanHop[] {
  return route.map((hop) => {
    const waves = plannedWaves(cluster.spec, hop, observation, etcdOf(cluster.spec, catalog, hop));
    return {
      hop,
      waves: waves.map(({ names }) => names),
      estimateSeconds: Math.round(secondsOf(cluster.spec, hop, waves)),
      oneWayDoors: doorsOf(hop, waves),
    };
  });
}

/** The etcd that a hop brings ours to; null where it brings none. */
function etcdOf(spec: KubernetesSpec, catalog: KubernetesCatalog, hop: Hop): string | null {
  if (hop.nodegroup !== undefined || hop.back === true || hop.from.version === hop.to.version) return null;
  const ours = spec.members.some(({ component }) => component === 'etcd');
  return ours ? (catalogRelease(catalog, hop.to.version)?.etcd ?? null) : null;
}

function secondsOf(spec: KubernetesSpec, hop: Hop, waves: readonly PlannedWave[]): number {
  const taken = waves.reduce((sum, { kind }) => sum + waveSeconds[kind], 0);
  if (hop.nodegroup !== undefined) return taken + waveSeconds.node;
  const rolls = new Set(waves.map(({ kind }) => kind).filter((kind) => kind.startsWith('apiserver'))).size;
  const surge = spec.members.some((member) => member.surge && member.component === 'kube-apiserver');
  const soak = hop.from.version !== hop.to.version && hop.back !== true ? spec.soakMs / 1000 : 0;
  return taken + (surge ? rolls * surgeSeconds : 0) + soak + (hop.back === true ? rewriteSeconds : 0);
}

/** What cannot be undone, each with the member that passes it. */
function doorsOf(hop: Hop, waves: readonly PlannedWave[]): readonly string[] {
  const last = waves
    .filter(({ kind }) => kind === 'etcd')
    .at(-1)
    ?.names.join(', ');
  const etcd =
    last === undefined
      ? []
      : [`etcd does not go back once every member runs the newer version. That is passed when ${last} is taken.`];
  const lifting = waves.find(({ kind }) => kind === 'apiserver')?.names.join(', ');
  const doors = hop.oneWayDoors.map((door) =>
    lifting === undefined ? door : `${door} That is passed when ${lifting} is let behave as ${hop.to.version}.`,
  );
  return [...etcd, ...doors];
}

/** What an upgrade touches, said before it starts. */
export function touches(cluster: KubernetesCluster, route: readonly Hop[]): readonly string[] {
  return route.flatMap((hop) =>
    hop.nodegroup === undefined ? ofControlPlane(cluster.spec, hop) : ofNodegroup(cluster.spec, hop.nodegroup, hop),
  );
}

function ofControlPlane(spec: KubernetesSpec, hop: Hop): readonly string[] {
  const of = (...components: readonly string[]) =>
    spec.members.filter((member) => components.includes(member.component) && !member.surge).map(({ name }) => name);
  const apiservers = of('kube-apiserver').join(', ');
  const controllers = of('kube-controller-manager', 'kube-scheduler').join(', ');
  const surge = spec.members.find((member) => member.surge && member.component === 'kube-apiserver');
  const beside = surge === undefined ? 'none beside it' : `${surge.name} beside them meanwhile`;
  const to = showRelease(hop.to);
  const lifted = `${controllers} are stopped and started at ${to}, the one that leads last.`;
  if (hop.from.version === hop.to.version)
    return [`${apiservers} are stopped and started at ${to} one at a time, ${beside}.`, lifted];
  if (hop.back === true) {
    return [
      lifted,
      `${apiservers} are restarted behaving as ${hop.to.version}, and then at ${to}, one at a time, ${beside}.`,
      `Every object in etcd is written once more in between, as ${hop.to.version} stores it.`,
    ];
  }
  return [
    ...(of('etcd').length === 0
      ? []
      : [`A snapshot of etcd is taken first; ${of('etcd').join(', ')} are lifted where ${to} runs with a newer one.`]),
    `${apiservers} are stopped and started at ${to} one at a time, ${beside}: first behaving as ${hop.from.version}, and once more without that after ${Math.round(spec.soakMs / 1000)} seconds.`,
    lifted,
  ];
}

function ofNodegroup(spec: KubernetesSpec, name: string, hop: Hop): readonly string[] {
  const nodes = spec.nodegroups.find((group) => group.name === name)?.nodes ?? [];
  const names = nodes.filter(({ surge }) => !surge).map((node) => node.name);
  return [
    `${names.join(', ')} are cordoned, drained through the eviction API and replaced at ${showRelease(hop.to)}.`,
    ...nodes.filter(({ surge }) => surge).map((node) => `${node.name} is started first and removed at the end.`),
  ];
}
