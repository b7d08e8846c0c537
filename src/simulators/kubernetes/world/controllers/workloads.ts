/** Deployments, replica sets, stateful sets and daemon sets: as many pods as were asked for. */
import { newSuffix } from '../clock.ts';
import { isPodReady } from '../eviction.ts';
import type { KubeObject, Moment, OwnerReference, ResourceKey, Stored, World } from '../model.ts';
import { changeObject, deleteObject, makeObject } from '../objects.ts';
import { listOf, read } from '../store.ts';
import { followDeployment } from './deployments.ts';

export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly template: PodTemplate;
}

export function followWorkloads(world: World, moment: Moment): void {
  for (const found of present(world, 'apps/deployments')) followDeployment(world, found, moment);
  for (const found of present(world, 'apps/replicasets')) followReplicaSet(world, found, moment);
  for (const found of present(world, 'apps/statefulsets')) followStatefulSet(world, found, moment);
  for (const found of present(world, 'apps/daemonsets')) followDaemonSet(world, found, moment);
}

function present(world: World, resource: ResourceKey): readonly Stored[] {
  return listOf(world, resource).filter(({ object }) => object.metadata.deletionTimestamp === undefined);
}

export function ownerOf({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function ownedBy(world: World, resource: ResourceKey, owner: KubeObject): readonly Stored[] {
  return listOf(world, resource, owner.metadata.namespace).filter(({ object }) =>
    (object.metadata.ownerReferences ?? []).some(({ uid, controller }) => uid === owner.metadata.uid && controller === true),
  );
}

function livePods(world: World, owner: KubeObject): readonly Stored[] {
  return ownedBy(world, '/pods', owner).filter(({ object }) => {
    const { phase } = (object.status ?? {}) as { readonly phase?: string };
    return object.metadata.deletionTimestamp === undefined && phase !== 'Failed' && phase !== 'Succeeded';
  });
}

/** A pod as its owner's template has it. */
function makePod(
  world: World,
  owner: KubeObject,
  name: string,
  moment: Moment,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const { template } = owner.spec as WorkloadSpec;
  const { namespace = 'default' } = owner.metadata;
  if (read(world, '/pods', namespace, name) !== undefined) return;
  const metadata = {
    name,
    namespace,
    labels: { ...template.metadata?.labels },
    annotations: { ...template.metadata?.annotations },
    ownerReferences: [ownerOf(owner)],
  };
  const spec = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    serviceAccountName: 'default',
    ...template.spec,
    ...more,
  };
  const status = { phase: 'Pending', qosClass: 'BestEffort' };
  makeObject(world, '/pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec, status }, moment);
}

function followReplicaSet(world: World, found: Stored, moment: Moment): void {
  const set = found.object;
  const { replicas = 1 } = set.spec as WorkloadSpec;
  const pods = livePods(world, set);
  for (let count = pods.length; count < replicas; count += 1)
    makePod(world, set, `${set.metadata.name}-${newSuffix(moment.random)}`, moment);
  const first = [...pods].sort((a, b) => Number(isPodReady(a.object)) - Number(isPodReady(b.object)));
  for (const pod of first.slice(0, Math.max(0, pods.length - replicas))) deleteObject(world, pod, moment);
  const left = livePods(world, set);
  const ready = left.filter(({ object }) => isPodReady(object)).length;
  const status = {
    replicas: left.length,
    fullyLabeledReplicas: left.length,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: set.metadata.generation,
  };
  changeObject(world, found, { ...set, status });
}

function followStatefulSet(world: World, found: Stored, moment: Moment): void {
  const set = found.object;
  const { replicas = 1 } = set.spec as WorkloadSpec;
  const { name } = set.metadata;
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) makePod(world, set, `${name}-${ordinal}`, moment);
  const surplus = livePods(world, set).filter(({ object }) => Number(object.metadata.name.split('-').at(-1)) >= replicas);
  for (const pod of surplus) deleteObject(world, pod, moment);
  const left = livePods(world, set);
  const ready = left.filter(({ object }) => isPodReady(object)).length;
  const status = {
    replicas: left.length,
    readyReplicas: ready,
    currentReplicas: left.length,
    updatedReplicas: left.length,
    availableReplicas: ready,
    observedGeneration: set.metadata.generation,
  };
  changeObject(world, found, { ...set, status });
}

/** One on every node, cordoned or not. */
function followDaemonSet(world: World, found: Stored, moment: Moment): void {
  const set = found.object;
  const nodes = listOf(world, '/nodes').map(({ object }) => object.metadata.name);
  const nodeOf = ({ object }: Stored) => (object.spec as { readonly nodeName?: string }).nodeName ?? '';
  const covered = ownedBy(world, '/pods', set).map(nodeOf);
  for (const nodeName of nodes.filter((node) => !covered.includes(node)))
    makePod(world, set, `${set.metadata.name}-${newSuffix(moment.random)}`, moment, { nodeName });
  const left = livePods(world, set);
  const ready = left.filter(({ object }) => isPodReady(object)).length;
  const status = {
    currentNumberScheduled: left.length,
    desiredNumberScheduled: nodes.length,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: nodes.length - ready,
    updatedNumberScheduled: left.length,
    observedGeneration: set.metadata.generation,
  };
  changeObject(world, found, { ...set, status });
}
