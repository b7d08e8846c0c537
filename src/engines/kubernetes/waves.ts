import { compareVersions, type Hop, type KubernetesSpec, type Observation, type SeenKubernetes } from '../../domain/index.ts';

/** What one wave of a plan is about. */
export interface PlannedWave {
  readonly kind: 'etcd' | 'apiserver' | 'apiserver-emulating' | 'controller' | 'node';
  readonly names: readonly string[];
}

/** Members in the order in which they are expected to be taken, one a wave; of a node group as many as may be away. */
export function plannedWaves(
  spec: KubernetesSpec,
  hop: Hop,
  observation: Observation<SeenKubernetes>,
  etcdVersion: string | null,
): readonly PlannedWave[] {
  if (hop.nodegroup !== undefined) return nodeWaves(spec, hop.nodegroup);
  const seen = observation.cluster.kind === 'seen' ? observation.cluster.seen : null;
  const of = (component: string) => spec.members.filter((member) => member.component === component && !member.surge);
  const single = (kind: PlannedWave['kind'], names: readonly string[]) => names.map((name) => ({ kind, names: [name] }));
  const names = of('kube-apiserver').map(({ name }) => name);
  const controllers = single('controller', [
    ...leaderLast(
      of('kube-controller-manager').map(({ name }) => name),
      seen?.controllers ?? [],
    ),
    ...leaderLast(
      of('kube-scheduler').map(({ name }) => name),
      seen?.controllers ?? [],
    ),
  ]);
  if (hop.from.version === hop.to.version) return [...single('apiserver', names), ...controllers];
  const rolls = [...single('apiserver-emulating', names), ...single('apiserver', names)];
  if (hop.back === true) return [...controllers, ...rolls];
  const lifted = (name: string) =>
    etcdVersion === null ||
    seen?.etcd.some((member) => member.name === name && compareVersions(member.version, etcdVersion) >= 0) === true;
  const etcd = leaderLast(
    of('etcd').map(({ name }) => name),
    seen?.etcd ?? [],
  ).filter((name) => !lifted(name));
  return [...single('etcd', etcd), ...rolls, ...controllers];
}

function nodeWaves(spec: KubernetesSpec, name: string): readonly PlannedWave[] {
  const group = spec.nodegroups.find((candidate) => candidate.name === name);
  if (group === undefined) return [];
  const nodes = group.nodes.filter(({ surge }) => !surge).map((node) => node.name);
  const size = Math.max(1, group.maxUnavailable);
  return Array.from({ length: Math.ceil(nodes.length / size) }, (_, index) => ({
    kind: 'node' as const,
    names: nodes.slice(index * size, (index + 1) * size),
  }));
}

function leaderLast(
  names: readonly string[],
  seen: readonly { readonly name: string; readonly leader: boolean | null }[],
): readonly string[] {
  const leads = (name: string) => Number(seen.some((member) => member.name === name && member.leader === true));
  return [...names].sort((a, b) => leads(a) - leads(b));
}
