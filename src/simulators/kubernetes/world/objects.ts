/** How objects are made, changed and taken away, whoever asks for it. What follows from it is left to the controllers. */
import { newUid, schedule, timeAt } from './clock.ts';
import { followUp } from './controllers/index.ts';
import type { KubeObject, Moment, ResourceKey, Stored, World } from './model.ts';
import { read, remove, write } from './store.ts';

/** What is not yet an object: nobody gave it an id. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** Kinds that have no generation. */
const ungenerated = new Set([
  '/configmaps',
  '/secrets',
  '/namespaces',
  '/nodes',
  '/services',
  '/events',
  'coordination.k8s.io/leases',
]);

export function makeObject(
  world: World,
  resource: ResourceKey,
  object: NewObject,
  moment: Moment,
  storedAs?: string,
): KubeObject {
  const { name, namespace, ...rest } = object.metadata;
  const generation = ungenerated.has(resource) || object.spec === undefined ? {} : { generation: 1 };
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...rest,
    uid: newUid(moment.random),
    ...generation,
    creationTimestamp: timeAt(world, moment.nowMs),
  };
  const version = storedAs ?? object.apiVersion.split('/').at(-1) ?? 'v1';
  const made = write(world, resource, version, { ...(object as KubeObject), metadata } as KubeObject);
  followUp(world, resource);
  return made;
}

/** Writes it unless nothing is different; `storedAs` given anew is a difference. A changed spec is a new generation. */
export function changeObject(world: World, was: Stored, object: KubeObject, storedAs = was.storedAs): KubeObject {
  const before = was.object;
  const same = storedAs === was.storedAs && equal(withoutVersion(before), withoutVersion(object));
  if (same) return before;
  const { generation } = before.metadata;
  const spec = generation !== undefined && !equal(before.spec, object.spec) ? { generation: generation + 1 } : {};
  const metadata = { ...object.metadata, ...(generation === undefined ? {} : { generation }), ...spec };
  const kept = write(world, was.resource, storedAs, { ...object, metadata });
  followUp(world, was.resource);
  return kept;
}

function withoutVersion({ metadata: { resourceVersion: _, generation: __, ...metadata }, ...rest }: KubeObject) {
  return { ...rest, metadata };
}

export function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}

/** Takes it away, or marks it where somebody has to let go of it first: finalizers, a pod on its node, a namespace with contents. */
export function deleteObject(world: World, found: Stored, moment: Moment, graceSeconds?: number): KubeObject {
  const { object, resource } = found;
  const grace = resource === '/pods' ? podGrace(world, object, graceSeconds) : 0;
  const waits = grace > 0 || (object.metadata.finalizers ?? []).length > 0 || resource === '/namespaces';
  if (!waits) {
    const gone = remove(world, found);
    followUp(world, resource);
    return gone;
  }
  if (object.metadata.deletionTimestamp !== undefined) return object;
  const metadata = {
    ...object.metadata,
    deletionTimestamp: timeAt(world, moment.nowMs + grace * 1_000),
    deletionGracePeriodSeconds: grace,
  };
  const status = resource === '/namespaces' ? { status: { phase: 'Terminating' } } : {};
  const marked = write(world, resource, found.storedAs, { ...object, ...status, metadata });
  if (resource === '/pods') endPod(world, marked, moment);
  followUp(world, resource);
  return marked;
}

/** A pod that no node has needs no time to end. */
function podGrace(world: World, pod: KubeObject, asked?: number): number {
  const spec = (pod.spec ?? {}) as { readonly nodeName?: string; readonly terminationGracePeriodSeconds?: number };
  if (spec.nodeName === undefined || read(world, '/nodes', '', spec.nodeName) === undefined) return 0;
  return asked ?? spec.terminationGracePeriodSeconds ?? 30;
}

/** How long the processes of a simulated pod take to end once asked, at most. */
const podEndsMs = 1_000;

/** Its kubelet ends it; one whose kubelet is gone stays until that is back, or the node is deleted. */
export function endPod(world: World, pod: KubeObject, moment: Moment): void {
  const { namespace = '', name, uid = '' } = pod.metadata;
  const { nodeName = '' } = pod.spec as { readonly nodeName?: string };
  if (!world.knobs.podsEnd) return;
  schedule(world, {
    atMs: moment.nowMs + podEndsMs * (0.5 + moment.random() / 2),
    name: `pod ${uid} ends`,
    happen: (then, at) => {
      const found = read(then, '/pods', namespace, name);
      if (found === undefined || found.object.metadata.uid !== uid || !then.kubelets.has(nodeName)) return;
      if (!then.etcd.quorum) {
        endPod(then, pod, at);
        return;
      }
      if ((found.object.metadata.finalizers ?? []).length > 0) return;
      remove(then, found);
      followUp(then, '/pods');
    },
  });
}
