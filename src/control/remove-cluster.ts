import type { Caller, Cluster } from '../domain/index.ts';
import type { Control } from './control.ts';
import { layersFromTop } from './end-members.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { ownCluster } from './views.ts';

type Removed = Awaited<ReturnType<Control['removeCluster']>>;

/**
 * A registered cluster is only forgotten: nothing of it is stopped or erased. A created one is marked, and `erase` does
 * the rest. An upgrade that runs keeps its cluster; one that waits for a person does not, and is not resumed any more.
 */
export async function removeCluster(parts: ControlParts, caller: Caller, clusterId: string, graceMs: number): Promise<Removed> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined || cluster.provisioning.state === 'deleting') return 'not-found';
  if (cluster.origin === 'registered') {
    const ended = await parts.store.deleteCluster(cluster.id, 'unless-running');
    return ended === 'deleted' ? 'removed' : ended;
  }
  const now = parts.io.now();
  const deleteAfter = new Date(Date.parse(now) + graceMs).toISOString();
  const marked = await parts.store.markForDeletion(cluster.id, graceMs > 0 ? { kind: 'at', deleteAfter } : { kind: 'now' }, now);
  if (marked === 'upgrade-running') return 'upgrade-unfinished';
  return marked === 'marked' ? 'removed' : 'not-found';
}

export async function cancelRemoval(parts: ControlParts, caller: Caller, clusterId: string) {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return 'not-found' as const;
  const marked = await parts.store.markForDeletion(cluster.id, { kind: 'none' }, parts.io.now());
  if (marked === 'not-found') return marked;
  return marked === 'marked' ? ('cancelled' as const) : ('not-being-removed' as const);
}

/** Stops and erases the members of a created cluster that is being deleted, then forgets it. Safe to run again. */
export async function erase(parts: ControlParts, clusterId: string, closing: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < limits.eraseAttempts && !closing.aborted; attempt += 1) {
    const cluster = await parts.store.getCluster(clusterId);
    if (cluster === undefined || cluster.origin !== 'created' || cluster.provisioning.state !== 'deleting') return;
    const isErased = (ended: readonly string[]) => ended.every((kind) => kind === 'done');
    const members = [...(await eraseLeftovers(parts, cluster)), ...(await eraseMembers(parts, cluster))];
    // Whoever still runs would write them anew.
    if (isErased(members) && isErased(await eraseFolders(parts, cluster))) {
      await parts.store.deleteCluster(clusterId, true);
      parts.log.info({ cluster: clusterId }, 'A cluster was erased.');
      return;
    }
    await parts.io.pause(limits.eraseRetryMs, closing);
  }
}

/** What ran beside the members, and members that the description lost before they were gone: nothing else ever finds them. */
async function eraseLeftovers(parts: ControlParts, cluster: Cluster): Promise<readonly string[]> {
  const members = engineOf(parts, cluster).engine.members(cluster);
  const ended: string[] = [];
  for (const key of new Set(members.map(({ host }) => host))) {
    const known = (await parts.io.hosts(key)?.members?.(cluster.id)) ?? [];
    const left = known.filter((name) => !members.some((member) => member.host === key && member.name === name));
    ended.push(...(await Promise.all(left.map((name) => eraseMember(parts, cluster.id, name, key)))));
  }
  return ended;
}

async function eraseMembers(parts: ControlParts, cluster: Cluster): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const layer of layersFromTop(engineOf(parts, cluster).engine.members(cluster)))
    ended.push(...(await Promise.all(layer.map(({ name, host }) => eraseMember(parts, cluster.id, name, host)))));
  return ended;
}

/** What its members wrote outside their own folders. */
async function eraseFolders(parts: ControlParts, cluster: Cluster): Promise<readonly string[]> {
  const leftovers = engineOf(parts, cluster).engine.leftovers?.(cluster, parts.repositoryFolder(cluster.id)) ?? [];
  return Promise.all(
    [...new Set(leftovers.map(({ host }) => host))].map(async (key) => {
      const host = parts.io.hosts(key);
      if (host === undefined) return 'done';
      const ticket = { clusterId: cluster.id, generation: await host.generationOf(cluster.id) };
      const command = ['rm', '-rf', '--', ...leftovers.filter((one) => one.host === key).map(({ folder }) => folder)];
      return (await host.run(ticket, cluster.name, command, limits.eraseFoldersTimeoutMs)).kind;
    }),
  );
}

async function eraseMember(parts: ControlParts, clusterId: string, name: string, key: string): Promise<string> {
  const host = parts.io.hosts(key);
  if (host === undefined) return 'done';
  const generation = await host.generationOf(clusterId);
  return (await host.erase({ clusterId, generation }, name)).kind;
}
