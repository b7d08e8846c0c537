import type { SeenKubernetes } from '../../../domain/index.ts';
import { isPodReady, type Moment, makeObject, namespaceOf, read, type World } from '../world/index.ts';

type SeenPod = SeenKubernetes['nodes'][number]['pods'][number];
const container = { name: 'of-the-twin', image: 'of-the-twin' };

/**
 * Pods on the nodes where they were seen, and the budgets that hold them. Those with an owner come back elsewhere: pods of a
 * namespace with the same budgets have one together. It answers with whether all of them are ready.
 */
export function loadPods(world: World, seen: SeenKubernetes, moment: Moment): () => boolean {
  const placed = seen.nodes.flatMap(({ name: node, pods }) => pods.map((pod) => ({ node, pod })));
  const namespaces = [...placed.map(({ pod }) => pod.namespace), ...seen.disruptionBudgets.map(({ namespace }) => namespace)];
  for (const name of new Set(namespaces))
    if (read(world, '/namespaces', '', name) === undefined) makeObject(world, '/namespaces', namespaceOf(name), moment);
  const kinds = new Map<string, (typeof placed)[number][]>();
  for (const one of placed) {
    const kind = JSON.stringify([one.pod.namespace, one.pod.owned, one.pod.budgets ?? []]);
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  for (const [number, pods] of [...kinds.values()].entries()) loadKind(world, `twin-${number + 1}`, pods, moment);
  for (const { namespace, name, desiredHealthy } of seen.disruptionBudgets) {
    const spec = { minAvailable: desiredHealthy, selector: { matchLabels: { [labelOf(name)]: 'held' } } };
    const metadata = { name, namespace };
    makeObject(
      world,
      'policy/poddisruptionbudgets',
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec, status: {} },
      moment,
    );
  }
  return () => placed.every(({ pod: { namespace, name } }) => isReady(world, namespace, name));
}

function isReady(world: World, namespace: string, name: string): boolean {
  const found = read(world, '/pods', namespace, name);
  return found !== undefined && isPodReady(found.object);
}

function labelOf(budget: string): string {
  return `budget.clusterlift.io/${budget}`;
}

function loadKind(
  world: World,
  name: string,
  pods: readonly { readonly node: string; readonly pod: SeenPod }[],
  moment: Moment,
): void {
  const [first] = pods;
  if (first === undefined) return;
  const { namespace, owned, budgets = [] } = first.pod;
  const labels = { twin: name, ...Object.fromEntries(budgets.map((budget) => [labelOf(budget), 'held'])) };
  const owner = owned ? [ownerMade()] : [];
  for (const { node, pod } of pods)
    makeObject(
      world,
      '/pods',
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: pod.name, namespace, labels, ownerReferences: owner },
        spec: { nodeName: node, containers: [container], terminationGracePeriodSeconds: 30 },
        status: { phase: 'Pending' },
      },
      moment,
    );

  function ownerMade() {
    const spec = {
      replicas: pods.length,
      selector: { matchLabels: { twin: name } },
      template: { metadata: { labels }, spec: { containers: [container] } },
    };
    const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace }, spec, status: {} };
    const made = makeObject(world, 'apps/replicasets', set, moment);
    return { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: made.metadata.uid ?? '', controller: true };
  }
}
