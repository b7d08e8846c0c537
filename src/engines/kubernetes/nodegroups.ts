/** Pure changes of the node groups of a cluster that we made. What they mean for nodes that run is `upkeep`'s. */
import { createHash } from 'node:crypto';
import type { Instant, KubernetesMemberSpec, KubernetesSpec, NodegroupSpec } from '../../domain/index.ts';
import { blockOf, newMember, withAddresses } from './draft/index.ts';

export type NewNodegroup = Omit<NodegroupSpec, 'nodes' | 'deleting' | 'createdAt' | 'modifiedAt'> & {
  readonly desiredSize: number;
  readonly host?: string;
};

/** The spec with one group more: a place for each wanted node, and one to surge into. */
export function addNodegroup(spec: KubernetesSpec, { desiredSize, host, ...group }: NewNodegroup, now: Instant): KubernetesSpec {
  if (spec.nodegroups.some(({ name }) => name === group.name)) throw new Error(`there is a node group ${group.name} already`);
  const place = host ?? spec.members[0]?.host ?? 'local';
  const base = baseName(spec, group.name);
  const surge = newMember('node', `${base}-surge`, place, true, group.name);
  const added: NodegroupSpec = { ...group, nodes: [surge], createdAt: now, modifiedAt: now, deleting: false };
  return withNodes({ ...spec, nodegroups: [...spec.nodegroups, added] }, group.name, desiredSize);
}

/** The spec with that many nodes in a group. New ones take the lowest free numbers, those with the highest go first. */
export function setNodegroupSize(spec: KubernetesSpec, name: string, desiredSize: number, now: Instant): KubernetesSpec {
  return changeNodegroup(withNodes(spec, name, desiredSize), name, {}, now);
}

/** Other settings of a group; nodes that run keep the labels and taints that they were started with. */
export function changeNodegroup(
  spec: KubernetesSpec,
  name: string,
  change: Partial<Omit<NodegroupSpec, 'name' | 'nodes' | 'createdAt' | 'modifiedAt'>>,
  now: Instant,
): KubernetesSpec {
  const nodegroups = spec.nodegroups.map((group) => (group.name === name ? { ...group, ...change, modifiedAt: now } : group));
  return { ...spec, nodegroups };
}

/** A group of which nothing runs any more is taken out of the spec. */
export function dropNodegroup(spec: KubernetesSpec, name: string): KubernetesSpec {
  return { ...spec, nodegroups: spec.nodegroups.filter((group) => group.name !== name) };
}

export function desiredSizeOf(group: NodegroupSpec): number {
  return group.nodes.filter(({ surge }) => !surge).length;
}

function withNodes(spec: KubernetesSpec, name: string, size: number): KubernetesSpec {
  const group = spec.nodegroups.find((one) => one.name === name);
  if (group === undefined) throw new Error(`there is no node group ${name}`);
  const surge = group.nodes.filter((node) => node.surge);
  const base = surge[0]?.name.replace(/-surge$/, '') ?? baseName(spec, name);
  const host = group.nodes[0]?.host ?? spec.members[0]?.host ?? 'local';
  const wanted = numbersOf(group.nodes, size).map(
    (number) =>
      group.nodes.find((node) => node.name === `${base}-${number}`) ?? newMember('node', `${base}-${number}`, host, false, name),
  );
  const others = spec.nodegroups.filter((one) => one.name !== name).flatMap((one) => one.nodes);
  const block = blockOf(spec);
  const nodes = block === null ? [...wanted, ...surge] : withAddresses([...wanted, ...surge], block, others);
  return { ...spec, nodegroups: spec.nodegroups.map((one) => (one.name === name ? { ...one, nodes } : one)) };
}

function numbersOf(nodes: readonly KubernetesMemberSpec[], size: number): readonly number[] {
  const there = nodes
    .filter((node) => !node.surge)
    .map((node) => Number(/-(\d+)$/.exec(node.name)?.[1] ?? 0))
    .sort((a, b) => a - b)
    .slice(0, size);
  for (let number = 1; there.length < size; number += 1) if (!there.includes(number)) there.push(number);
  return there.sort((a, b) => a - b);
}

/** The name of a node is a label of it as well, which has 63 characters: what comes after this has its place in them. */
const longestBase = 50;

/** Names of nodes are small letters, digits and hyphens; two groups whose names differ in other things only are told apart. */
function baseName(spec: KubernetesSpec, group: string): string {
  const plain =
    group
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, '-')
      .slice(0, longestBase)
      .replaceAll(/^-+|-+$/g, '') || 'nodes';
  const taken = spec.nodegroups.some(
    (other) => other.name !== group && other.nodes.some((node) => node.name.startsWith(`${plain}-`)),
  );
  const clashes = taken || spec.members.some(({ name }) => name.startsWith(`${plain}-`));
  return clashes ? `${plain}-${createHash('sha256').update(group).digest('hex').slice(0, 5)}` : plain;
}
