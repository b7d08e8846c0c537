/** What goes because something else went, and what every namespace has. */
import { timeAt } from '../clock.ts';
import type { Moment, Stored, World } from '../model.ts';
import { changeObject, deleteObject, makeObject } from '../objects.ts';
import { listOf, read, remove } from '../store.ts';

/** Objects whose owners are all gone, and pods whose node is. */
export function followOwners(world: World, moment: Moment): void {
  const everything = [...world.objects.values()];
  const uids = new Set(everything.map(({ object }) => object.metadata.uid));
  for (const found of everything) {
    const owners = found.object.metadata.ownerReferences ?? [];
    if (owners.length > 0 && owners.every(({ uid }) => !uids.has(uid))) take(world, found, moment);
  }
  for (const pod of listOf(world, '/pods')) {
    const { nodeName } = pod.object.spec as { readonly nodeName?: string };
    if (nodeName !== undefined && read(world, '/nodes', '', nodeName) === undefined) remove(world, pod);
  }
}

function take(world: World, found: Stored, moment: Moment): void {
  if (found.object.metadata.deletionTimestamp === undefined) deleteObject(world, found, moment);
}

/** A namespace that is to go loses what is in it first. It stays while nobody can tell whether a foreign API has more. */
export function emptyNamespaces(world: World, moment: Moment): void {
  for (const namespace of listOf(world, '/namespaces')) {
    const { name, deletionTimestamp } = namespace.object.metadata;
    if (deletionTimestamp === undefined) continue;
    for (const found of inside(world, name)) take(world, found, moment);
    const silent = unavailable(world);
    if (silent.length > 0) {
      const list = silent.map((version) => `${version}: stale GroupVersion discovery: ${version}`).join(', ');
      const condition = {
        type: 'NamespaceDeletionDiscoveryFailure',
        status: 'True',
        lastTransitionTime: timeAt(world, moment.nowMs),
        reason: 'DiscoveryFailed',
        message: `Discovery failed for some groups, ${silent.length} failing: unable to retrieve the complete list of server APIs: ${list}`,
      };
      const told =
        (namespace.object.status as { readonly conditions?: readonly unknown[] } | undefined)?.conditions !== undefined;
      if (!told)
        changeObject(world, namespace, { ...namespace.object, status: { phase: 'Terminating', conditions: [condition] } });
    } else if (inside(world, name).length === 0) {
      remove(world, namespace);
    }
  }
}

function inside(world: World, namespace: string): readonly Stored[] {
  return [...world.objects.values()].filter(({ object }) => object.metadata.namespace === namespace);
}

function unavailable(world: World): readonly string[] {
  return listOf(world, 'apiregistration.k8s.io/apiservices').flatMap(({ object }) => {
    const { conditions = [] } = (object.status ?? {}) as { readonly conditions?: readonly { type: string; status: string }[] };
    const { group, version } = object.spec as { readonly group: string; readonly version: string };
    return conditions.some(({ type, status }) => type === 'Available' && status !== 'True') ? [`${group}/${version}`] : [];
  });
}

export function giveAccounts(world: World, moment: Moment): void {
  for (const { object } of listOf(world, '/namespaces')) {
    const namespace = object.metadata.name;
    if (object.metadata.deletionTimestamp !== undefined) continue;
    if (read(world, '/serviceaccounts', namespace, 'default') === undefined) {
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'default' } };
      makeObject(world, '/serviceaccounts', account, moment);
    }
    if (read(world, '/configmaps', namespace, 'kube-root-ca.crt') === undefined) {
      const metadata = { namespace, name: 'kube-root-ca.crt' };
      makeObject(world, '/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': '' } }, moment);
    }
  }
}
