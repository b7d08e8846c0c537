import {
  type ClusterSpec,
  type ElasticsearchSpec,
  elasticsearchSpec,
  type KubernetesSpec,
  kubernetesMembers,
  kubernetesSpec,
  type Observation,
  type SeenElasticsearch,
  type SeenKubernetes,
} from '../domain/index.ts';
import { limits } from './limits.ts';

/** Why the simulator cannot be loaded with what was seen, in a sentence; null: it can. A file may hold anything. */
export function unfitSays({ spec }: { readonly spec: ClusterSpec }, { cluster }: Observation<unknown>): string | null {
  if (cluster.kind !== 'seen') return cluster.because;
  if (spec.kind === 'elasticsearch') return unfitElasticsearch(elasticsearchSpec({ spec }), cluster.seen as SeenElasticsearch);
  return unfitKubernetes(kubernetesSpec({ spec }), cluster.seen as SeenKubernetes);
}

function unfitElasticsearch(spec: ElasticsearchSpec, seen: SeenElasticsearch): string | null {
  const { rehearsalNodesMax, rehearsalCopiesMax } = limits;
  if (seen.nodes.length > rehearsalNodesMax)
    return `${seen.nodes.length} nodes are more than are rehearsed (${rehearsalNodesMax}).`;
  if (seen.shards.length > rehearsalCopiesMax)
    return `${seen.shards.length} copies of shards are more than are rehearsed (${rehearsalCopiesMax}).`;
  const declared = spec.nodes.map(({ name }) => name);
  const strange = seen.nodes.filter(({ name }) => !declared.includes(name)).map(({ name }) => name);
  if (strange.length > 0) return `${strange.join(', ')} is in the cluster, but not in its description: it cannot be rehearsed.`;
  return (
    twiceSays('node', declared) ??
    twiceSays(
      'node',
      seen.nodes.map(({ name }) => name),
    ) ??
    twiceSays(
      'node id',
      seen.nodes.map(({ nodeId }) => nodeId),
    ) ??
    twiceSays(
      'index',
      seen.indices.map(({ name }) => name),
    ) ??
    lostCopySays(seen)
  );
}

function unfitKubernetes(spec: KubernetesSpec, seen: SeenKubernetes): string | null {
  const { rehearsalNodesMax, rehearsalPodsMax } = limits;
  if (seen.nodes.length > rehearsalNodesMax)
    return `${seen.nodes.length} nodes are more than are rehearsed (${rehearsalNodesMax}).`;
  const pods = seen.nodes.flatMap((node) => node.pods.map(({ namespace, name }) => `${namespace}/${name}`));
  if (pods.length > rehearsalPodsMax) return `${pods.length} pods are more than are rehearsed (${rehearsalPodsMax}).`;
  const declared = kubernetesMembers(spec);
  const places = declared.map(({ address, port, component }) => `${component} ${address}:${port}`);
  const budgets = seen.disruptionBudgets.map(({ namespace, name }) => `${namespace}/${name}`);
  const members = [...seen.etcd, ...seen.apiservers, ...seen.controllers].map(({ name }) => name);
  const strange = members.find((name) => !declared.some((one) => one.name === name));
  if (strange !== undefined) return `${strange} is there, but not in the description of the cluster: it cannot be rehearsed.`;
  if (seen.etcd.length === 0 || seen.apiservers.length === 0)
    return 'No apiserver, or no etcd, was seen: it cannot be rehearsed.';
  return (
    twiceSays(
      'member',
      declared.map(({ name }) => name),
    ) ??
    twiceSays('member', members) ??
    twiceSays(
      'address',
      places.filter((place) => !place.startsWith('node ')),
    ) ??
    twiceSays(
      'node',
      seen.nodes.map(({ name }) => name),
    ) ??
    twiceSays('pod', pods) ??
    twiceSays('budget', budgets)
  );
}

function twiceSays(what: string, names: readonly string[]): string | null {
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  return twice === undefined ? null : `The ${what} ${twice} is there twice: it cannot be rehearsed.`;
}

function lostCopySays({ nodes, indices, shards }: SeenElasticsearch): string | null {
  const ids = new Set(nodes.map(({ nodeId }) => nodeId));
  const names = new Set(indices.map(({ name }) => name));
  const lost = shards.find(({ nodeId, index }) => (nodeId !== null && !ids.has(nodeId)) || !names.has(index));
  return lost === undefined
    ? null
    : `A copy of ${lost.index}/${lost.shard} lies on a node or belongs to an index that was not seen: it cannot be rehearsed.`;
}
