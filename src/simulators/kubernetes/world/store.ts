/** What etcd does: keeps each object once, counts writes, tells watches of each. */
import type { Change, KubeObject, ResourceKey, Stored, Watch, World } from './model.ts';

/** Changes that can still be watched from; half of them go at once. */
const historyMax = 4_000;

export function keyOf(resource: ResourceKey, namespace: string, name: string): string {
  return `${resource}|${namespace}|${name}`;
}

export function read(world: World, resource: ResourceKey, namespace: string, name: string): Stored | undefined {
  return world.objects.get(keyOf(resource, namespace, name));
}

/** Of one namespace, or of all of them, in the order of their keys. */
export function listOf(world: World, resource: ResourceKey, namespace = ''): readonly Stored[] {
  const keys = [...(world.byResource.get(resource) ?? [])];
  return keys
    .filter((key) => namespace === '' || key.startsWith(`${resource}|${namespace}|`))
    .sort(byCode)
    .flatMap((key) => world.objects.get(key) ?? []);
}

export function byCode(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Keeps it under a new resourceVersion. */
export function write(world: World, resource: ResourceKey, storedAs: string, object: KubeObject): KubeObject {
  const key = keyOf(resource, object.metadata.namespace ?? '', object.metadata.name);
  const before = world.objects.get(key)?.object ?? null;
  world.revision += 1;
  const kept: KubeObject = { ...object, metadata: { ...object.metadata, resourceVersion: String(world.revision) } };
  world.objects.set(key, { resource, storedAs, object: kept });
  const keys = world.byResource.get(resource) ?? new Set();
  world.byResource.set(resource, keys.add(key));
  tell(world, { revision: world.revision, type: before === null ? 'ADDED' : 'MODIFIED', resource, object: kept, before });
  return kept;
}

export function remove(world: World, { resource, object }: Stored): KubeObject {
  const key = keyOf(resource, object.metadata.namespace ?? '', object.metadata.name);
  world.objects.delete(key);
  world.byResource.get(resource)?.delete(key);
  world.revision += 1;
  const last: KubeObject = { ...object, metadata: { ...object.metadata, resourceVersion: String(world.revision) } };
  tell(world, { revision: world.revision, type: 'DELETED', resource, object: last, before: object });
  return last;
}

function tell(world: World, change: Change): void {
  world.history.push(change);
  if (world.history.length > historyMax) {
    const gone = world.history.splice(0, historyMax / 2);
    world.compacted = gone.at(-1)?.revision ?? world.compacted;
  }
  for (const watch of [...world.watches]) watch.tell(change);
}

/** Forgets what was before: as etcd is compacted, or an apiserver without quorum begins anew. */
export function compact(world: World): void {
  world.history.length = 0;
  world.compacted = world.revision;
}

/** Every change after a revision that is still known; null where it is not. */
export function changesSince(world: World, revision: number): readonly Change[] | null {
  if (revision < world.compacted) return null;
  return world.history.filter((change) => change.revision > revision);
}

export function watchChanges(world: World, watch: Watch): () => void {
  world.watches.add(watch);
  return () => {
    world.watches.delete(watch);
  };
}
