import {
  type Cluster,
  type ClusterSpec,
  compareVersions,
  type Instant,
  type KubernetesSpec,
  kubernetesSpec,
  type NewNodegroup,
  type NodegroupChange,
  type NodegroupChanged,
  type NodegroupRules,
  type NodegroupSpec,
  type Observation,
  type Plan,
  type SeenKubernetes,
} from '../../domain/index.ts';
import { mostOf } from './draft/index.ts';
import { addNodegroup, changeNodegroup, desiredSizeOf, dropNodegroup, setNodegroupSize } from './nodegroups.ts';

/** Nodes of one group: each is a process of the host, and has an address in the cluster's block. */
const nodesMax = 20;

export const nodegroupRules: NodegroupRules = {
  add: (spec, request, now) => {
    const cluster = kubernetesSpec({ spec });
    if (groupOf(cluster, request.name) !== undefined) return same(cluster, request) ?? { kind: 'exists' };
    const because = [
      ...nameTroubles(request),
      ...sizeTroubles(request),
      ...roomTroubles(cluster, request),
      ...releaseTroubles(cluster, request),
    ];
    if (because.length > 0) return { kind: 'refused', because };
    const { size, release, ...group } = request;
    return changed(addNodegroup(cluster, { ...group, release: release ?? cluster.release, desiredSize: size }, now));
  },
  change: (spec, name, change, now) => {
    const cluster = kubernetesSpec({ spec });
    const group = groupOf(cluster, name);
    if (group === undefined || group.deleting) return { kind: 'no-such-group' };
    const wanted = { ...group, size: desiredSizeOf(group), ...change };
    const because = [...sizeTroubles(wanted), ...roomTroubles(cluster, wanted)];
    if (because.length > 0) return { kind: 'refused', because };
    return changed(applied(cluster, group, change, now));
  },
  remove: (spec, name, now) => {
    const cluster = kubernetesSpec({ spec });
    if (groupOf(cluster, name) === undefined) return { kind: 'no-such-group' };
    return changed(changeNodegroup(cluster, name, { deleting: true }, now));
  },
  count: (cluster, observation, name) => {
    const group = groupOf(kubernetesSpec(cluster), name);
    const seen = observation as Observation<SeenKubernetes>;
    const nodes = seen.cluster.kind === 'seen' ? seen.cluster.seen.nodes.filter((node) => node.nodegroup === name) : null;
    return { ready: nodes?.filter((node) => node.ready).length ?? null, wanted: group === undefined ? 0 : desiredSizeOf(group) };
  },
  gone: (cluster, observation) =>
    kubernetesSpec(cluster)
      .nodegroups.filter((group) => group.deleting && isGone(group, observation as Observation<SeenKubernetes>))
      .map((group) => group.name),
  forget: (spec, name) => dropNodegroup(kubernetesSpec({ spec }), name),
};

function groupOf(spec: KubernetesSpec, name: string): NodegroupSpec | undefined {
  return spec.nodegroups.find((group) => group.name === name);
}

function changed(spec: ClusterSpec): NodegroupChanged {
  return { kind: 'changed', spec };
}

/** The very same was added before: its answer was lost on the way. */
function same(spec: KubernetesSpec, request: NewNodegroup): NodegroupChanged | null {
  const token = request.face.clientRequestToken;
  if (token === undefined || token === null) return null;
  return groupOf(spec, request.name)?.face.clientRequestToken === token ? changed(spec) : null;
}

function applied(spec: KubernetesSpec, group: NodegroupSpec, { size, ...change }: NodegroupChange, now: Instant): KubernetesSpec {
  const face = { ...group.face, ...change.face };
  const sized = size === undefined || size === desiredSizeOf(group) ? spec : setNodegroupSize(spec, group.name, size, now);
  return changeNodegroup(sized, group.name, { ...change, face }, now);
}

function sizeTroubles(of: {
  readonly size: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly maxUnavailable: number;
}) {
  const { size, minSize, maxSize, maxUnavailable } = of;
  return [
    ...(minSize > maxSize ? [`Minimum capacity ${minSize} can't be greater than maximum capacity ${maxSize}.`] : []),
    ...(size < minSize || size > maxSize ? [`Desired capacity ${size} must be from ${minSize} to ${maxSize}.`] : []),
    ...(size > nodesMax ? [`A node group has at most ${nodesMax} nodes here.`] : []),
    ...(maxUnavailable < 1 ? ['At least one node must be allowed to be unavailable.'] : []),
  ];
}

/** It is the value of a label of its nodes: with another one none of them comes up. */
function nameTroubles({ name }: NewNodegroup): readonly string[] {
  if (/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name)) return [];
  return [`${name} is no name of a node group: it begins and ends with a letter or a digit, and has 63 characters at most.`];
}

/** Each has an address in the cluster's block, and so has the place for one more of each group. */
function roomTroubles(spec: KubernetesSpec, { name, size }: { readonly name: string; readonly size: number }): readonly string[] {
  const others = spec.nodegroups.filter((group) => group.name !== name).flatMap((group) => group.nodes);
  const room = mostOf.node - others.length - 1;
  return size <= room ? [] : [`There is room for ${Math.max(0, room)} nodes more in the cluster, not for ${size}.`];
}

function releaseTroubles(spec: KubernetesSpec, { release }: NewNodegroup): readonly string[] {
  if (release === null || compareVersions(release.version, spec.release.version) <= 0) return [];
  return [`Nodes of ${release.version} are newer than the control plane, which runs ${spec.release.version}.`];
}

function isGone(group: NodegroupSpec, { members, cluster }: Observation<SeenKubernetes>): boolean {
  // Whether a node is in the cluster is only known where the cluster answers.
  if (cluster.kind !== 'seen' || cluster.seen.nodes.some((node) => node.nodegroup === group.name)) return false;
  return group.nodes.every(({ name }) => {
    const process = members.find((member) => member.name === name)?.process;
    return process === undefined || process.state === 'absent';
  });
}

/** Once an upgrade is done: a group that was lifted runs its target from now on, and so do nodes that it gets later. */
export function afterUpgrade(cluster: Cluster, plan: Plan): ClusterSpec | null {
  const hop = plan.hops.at(-1)?.hop;
  if (hop?.nodegroup === undefined) return null;
  const spec = kubernetesSpec(cluster);
  const nodegroups = spec.nodegroups.map((group) => (group.name === hop.nodegroup ? { ...group, release: hop.to } : group));
  return { ...spec, nodegroups };
}
