import { type Static, Type } from 'typebox';
import { kubernetesMembers, type SeenDisruptionBudget, type SeenKubernetesNode } from '../../../domain/index.ts';
import { type KubernetesClient, listReader } from '../client/index.ts';
import { cordonedByAnnotation, nodegroupLabel } from '../names.ts';
import { type Look, note, timeouts, valueOr } from './look.ts';
import { patchOf } from './release-of-patch.ts';
import { LabelSelector, selects } from './selectors.ts';

const Texts = Type.Optional(Type.Record(Type.String(), Type.String()));

const Node = Type.Object({
  metadata: Type.Object({ name: Type.String(), uid: Type.String(), labels: Texts, annotations: Texts }),
  spec: Type.Optional(Type.Object({ unschedulable: Type.Optional(Type.Boolean()) })),
  status: Type.Object({
    nodeInfo: Type.Object({ kubeletVersion: Type.String() }),
    conditions: Type.Optional(Type.Array(Type.Object({ type: Type.String(), status: Type.String() }))),
  }),
});
const Pod = Type.Object({
  metadata: Type.Object({
    namespace: Type.String(),
    name: Type.String(),
    uid: Type.String(),
    labels: Texts,
    annotations: Texts,
    ownerReferences: Type.Optional(Type.Array(Type.Object({ kind: Type.String(), controller: Type.Optional(Type.Boolean()) }))),
  }),
  spec: Type.Object({ nodeName: Type.Optional(Type.String()) }),
  status: Type.Optional(Type.Object({ phase: Type.Optional(Type.String()) })),
});
const Budget = Type.Object({
  metadata: Type.Object({ namespace: Type.String(), name: Type.String() }),
  spec: Type.Object({ selector: Type.Optional(LabelSelector) }),
  status: Type.Optional(
    Type.Object({
      disruptionsAllowed: Type.Optional(Type.Integer()),
      expectedPods: Type.Optional(Type.Integer()),
      currentHealthy: Type.Optional(Type.Integer()),
      desiredHealthy: Type.Optional(Type.Integer()),
    }),
  ),
});
const readNodes = listReader('the list of nodes', Node);
const readPods = listReader('the list of pods', Pod);
const readBudgets = listReader('the list of disruption budgets', Budget);

type NodeObject = Static<typeof Node>;
type PodObject = Static<typeof Pod>;
type BudgetObject = Static<typeof Budget>;

/** A node object names every image that it has. */
const nodesPageSize = 100;
const pressureConditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

export interface LookedAtNodes {
  readonly nodes: readonly SeenKubernetesNode[];
  readonly disruptionBudgets: readonly SeenDisruptionBudget[];
}

/** Every node; with its pods and the budgets for them where somebody may need them. */
export async function lookAtNodes(look: Look, client: KubernetesClient): Promise<LookedAtNodes> {
  const limits = { timeoutMs: timeouts.listMs, until: look.until };
  const listed = await client.list('/api/v1/nodes', readNodes, { ...limits, pageSize: nodesPageSize });
  const nodes = valueOr(look, 'nodes', listed, []);
  if (look.depth === 'turn' && !nodesChange(look, nodes)) {
    return { nodes: nodes.map((node) => ({ ...plainNode(node), pods: [] })), disruptionBudgets: [] };
  }
  const [podsAnswer, budgetsAnswer] = await Promise.all([
    client.list('/api/v1/pods', readPods, limits),
    client.list('/apis/policy/v1/poddisruptionbudgets', readBudgets, limits),
  ]);
  const budgets = valueOr(look, 'budgets', budgetsAnswer, null);
  const pods = valueOr(look, 'pods', podsAnswer, null);
  if (pods === null && nodes.length > 0) {
    // A node without pods would look drained.
    note(look, 'nodes', `nobody tells which pods are on ${nodes.map(({ metadata }) => metadata.name).join(', ')}`);
  }
  return {
    nodes: pods === null ? [] : nodes.map((node) => ({ ...plainNode(node), pods: podsOf(node, pods, budgets) })),
    disruptionBudgets: (budgets ?? []).map(budgetOf),
  };
}

/** Whether nodes of ours are being replaced, added or removed: then a turn must know what runs on them. */
function nodesChange({ cluster: { spec }, processes }: Look, nodes: readonly NodeObject[]): boolean {
  const declared = kubernetesMembers(spec).filter(({ component }) => component === 'node');
  const surges = declared.filter(({ surge }) => surge).map(({ name }) => name);
  const groups = spec.nodegroups.map(({ name }) => name);
  const runs = (name: string) => ['running', 'launching'].includes(processes.get(name)?.state ?? 'absent');
  return (
    spec.nodegroups.some(({ deleting }) => deleting) ||
    surges.some(runs) ||
    nodes.some(({ metadata: { name, labels = {} }, spec: { unschedulable = false } = {} }) => {
      const member = declared.find((candidate) => candidate.name === name);
      const ours = member !== undefined || groups.includes(labels[nodegroupLabel] ?? '');
      return ours && (unschedulable || member === undefined || member.surge);
    })
  );
}

function plainNode({ metadata, spec, status }: NodeObject): Omit<SeenKubernetesNode, 'pods'> {
  const conditions = status.conditions ?? [];
  const holds = (type: string) => conditions.some((condition) => condition.type === type && condition.status === 'True');
  return {
    name: metadata.name,
    uid: metadata.uid,
    kubeletVersion: patchOf(status.nodeInfo.kubeletVersion),
    ready: holds('Ready'),
    unschedulable: spec?.unschedulable === true,
    cordonedByUs: metadata.annotations?.[cordonedByAnnotation] !== undefined,
    nodegroup: metadata.labels?.[nodegroupLabel] ?? null,
    pressures: pressureConditions.filter(holds),
  };
}

function podsOf(
  node: NodeObject,
  pods: readonly PodObject[],
  budgets: readonly BudgetObject[] | null,
): SeenKubernetesNode['pods'] {
  return pods
    .filter(({ spec }) => spec.nodeName === node.metadata.name)
    .filter(isEvictable)
    .map(({ metadata }) => ({
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      owned: controllerOf(metadata) !== undefined,
      ...(budgets === null ? {} : { budgets: budgetsOf(metadata, budgets) }),
    }));
}

/** A mirror pod is its kubelet's, one of a DaemonSet comes back at once, and a finished one is in nobody's way. */
function isEvictable({ metadata, status }: PodObject): boolean {
  return (
    metadata.annotations?.['kubernetes.io/config.mirror'] === undefined &&
    controllerOf(metadata)?.kind !== 'DaemonSet' &&
    status?.phase !== 'Succeeded' &&
    status?.phase !== 'Failed'
  );
}

function controllerOf({ ownerReferences = [] }: PodObject['metadata']) {
  return ownerReferences.find(({ controller }) => controller === true);
}

function budgetsOf(pod: PodObject['metadata'], budgets: readonly BudgetObject[]): readonly string[] {
  return budgets
    .filter(({ metadata }) => metadata.namespace === pod.namespace)
    .filter(({ spec: { selector } }) => selector !== undefined && selects(selector, pod.labels ?? {}))
    .map(({ metadata }) => metadata.name);
}

function budgetOf({ metadata, status = {} }: BudgetObject): SeenDisruptionBudget {
  const { disruptionsAllowed = 0, expectedPods = 0, currentHealthy = 0, desiredHealthy = 0 } = status;
  const { namespace, name } = metadata;
  return { namespace, name, disruptionsAllowed, expectedPods, currentHealthy, desiredHealthy };
}
