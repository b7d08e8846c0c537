import type {
  ExportedObservation,
  KubernetesComponent,
  KubernetesMemberSpec,
  KubernetesSpec,
  SeenKubernetes,
} from '../../domain/index.ts';
import { anonymousArgument, anonymousSentence } from './anonymous-texts.ts';
import { createNames, type Names } from './names.ts';
import { leftOut } from './secrets.ts';

type Exported = Extract<ExportedObservation, { engine: 'kubernetes' }>;

/** Everybody has these. */
const stockNamespaces: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const publicAddons: readonly string[] = ['coredns', 'kube-proxy', 'metrics-server', 'etcd', 'pause'];

export function kubernetesWithoutNames(exported: Exported): Exported {
  const names = createNames();
  const { spec, seen, members, hosts } = exported;
  for (const { name, component } of spec.members) memberName(names, component, name);
  for (const group of spec.nodegroups) {
    names.of('group', group.name);
    for (const { name } of group.nodes) names.of('node', name);
  }
  for (const { name } of seen.nodes) names.of('node', name);
  return {
    ...exported,
    name: names.of('cluster', exported.name),
    spec: specWithout(names, spec),
    seen: seenWithout(names, seen),
    members: members.map((member) => {
      const { joined } = member;
      const nodeId = (id: string) => names.known(id) ?? names.of('uid', id);
      const ephemeralId = joined === null ? '' : names.of('process', joined.ephemeralId);
      return {
        ...member,
        name: names.known(member.name) ?? names.of('node', member.name),
        joined: joined && { nodeId: nodeId(joined.nodeId), ephemeralId },
      };
    }),
    hosts: Object.fromEntries(Object.entries(hosts).map(([key, host]) => [names.of('host', key), host])),
    unknowns: exported.unknowns.map((says) => anonymousSentence(names, says)),
  };
}

function memberName(names: Names, component: KubernetesComponent, name: string): string {
  return names.of(component === 'node' ? 'node' : component.replace(/^kube-/, ''), name);
}

function specWithout(names: Names, { snapshotFolder: _, ...spec }: KubernetesSpec): KubernetesSpec {
  const addresses = [...spec.members, ...spec.nodegroups.flatMap(({ nodes }) => nodes)].map(({ address }) => address);
  /** Another for each. */
  const addressOf = ({ address }: KubernetesMemberSpec) => {
    const number = [...new Set(addresses)].indexOf(address) + 1;
    return `127.0.${Math.floor(number / 256)}.${number % 256}`;
  };
  const memberWithout = (member: KubernetesMemberSpec): KubernetesMemberSpec => ({
    ...member,
    name: memberName(names, member.component, member.name),
    host: names.of('host', member.host),
    address: addressOf(member),
    nodegroup: member.nodegroup === null ? null : names.of('group', member.nodegroup),
  });
  const entry =
    spec.members.find(({ component }) => component === 'front-door') ??
    spec.members.find(({ component }) => component === 'kube-apiserver');
  return {
    ...spec,
    members: spec.members.map(memberWithout),
    nodegroups: spec.nodegroups.map((group) => ({
      ...group,
      name: names.of('group', group.name),
      nodes: group.nodes.map(memberWithout),
      labels: {},
      taints: group.taints.map(({ effect }) => ({ key: leftOut, value: leftOut, effect })),
    })),
    endpoint: `https://${entry === undefined ? '127.0.0.1' : addressOf(entry)}:${entry?.port ?? 6443}`,
    flags: Object.fromEntries(
      Object.entries(spec.flags).map(([component, flags]) => [component, flags.map((flag) => anonymousArgument(names, flag))]),
    ),
  };
}

function seenWithout(names: Names, seen: SeenKubernetes): SeenKubernetes {
  const namespace = (name: string) => (stockNamespaces.includes(name) ? name : names.of('namespace', name));
  const known = (name: string) => names.known(name) ?? names.of('member', name);
  return {
    ...seen,
    clusterUid: names.of('cluster-id', seen.clusterUid),
    apiservers: seen.apiservers.map((one) => ({ ...one, name: known(one.name) })),
    controllers: seen.controllers.map((one) => ({ ...one, name: known(one.name) })),
    etcd: seen.etcd.map((one) => ({ ...one, name: known(one.name) })),
    nodes: seen.nodes.map((node) => ({
      ...node,
      name: names.of('node', node.name),
      uid: names.of('uid', node.uid),
      nodegroup: node.nodegroup === null ? null : names.of('group', node.nodegroup),
      pods: node.pods.map((pod) => ({
        ...pod,
        namespace: namespace(pod.namespace),
        name: names.of('pod', `${pod.namespace}/${pod.name}`),
        uid: names.of('uid', pod.uid),
        ...(pod.budgets === undefined
          ? {}
          : { budgets: pod.budgets.map((budget) => names.of('budget', `${pod.namespace}/${budget}`)) }),
      })),
    })),
    disruptionBudgets: seen.disruptionBudgets.map((budget) => ({
      ...budget,
      namespace: namespace(budget.namespace),
      name: names.of('budget', `${budget.namespace}/${budget.name}`),
    })),
    failingClosedWebhooks: seen.failingClosedWebhooks.map((webhook) => ({
      ...webhook,
      configuration: names.of('configuration', webhook.configuration),
      webhook: names.of('webhook', webhook.webhook),
      target: names.of('target', webhook.target),
    })),
    unavailableApiServices: seen.unavailableApiServices.map(({ name }) => ({
      name: names.of('api-service', name),
      says: leftOut,
    })),
    customResources: seen.customResources.map((one) => ({ ...one, name: names.of('resource', one.name) })),
    addons: seen.addons.map((one) => (publicAddons.includes(one.name) ? one : { ...one, name: names.of('add-on', one.name) })),
    newerObjects: seen.newerObjects.map(({ api, names: objects }) => ({
      api,
      names: objects.map((object) => names.of('object', object)),
    })),
  };
}
