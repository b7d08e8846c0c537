import {
  compareVersions,
  type ElasticsearchCluster,
  type EngineIo,
  type SeenElasticsearch,
  type SeenShardCopy,
} from '../../../domain/index.ts';
import { explainUnassigned } from '../client/index.ts';

/** Questions in one look why copies are unassigned; what is left then stays unexplained. */
export const explainQuestionsMax = 20;

/**
 * Says why copies are unassigned, where that decides whether the cluster is settled: quiet, and allocation not held back.
 * What the routing table itself decides is not asked: between two majors that is nearly everything, thousands of copies.
 */
export async function explain(
  cluster: ElasticsearchCluster,
  io: EngineIo,
  seen: SeenElasticsearch,
): Promise<readonly SeenShardCopy[]> {
  const { health } = seen;
  if (health.unassigned === 0 || health.initializing + health.relocating + health.inFlightFetch + health.delayedUnassigned > 0)
    return seen.shards;
  const told = toldByTable(seen);
  const open = new Map<string, SeenShardCopy>();
  for (const copy of seen.shards) if (copy.state === 'UNASSIGNED' && !told.has(groupOf(copy))) open.set(groupOf(copy), copy);
  const asked = [...open].slice(0, explainQuestionsMax).map(async ([group, { index, shard, primary }]) => {
    return [group, await explainUnassigned(cluster, io, { index, shard, primary })] as const;
  });
  const explained = new Map([...told, ...(await Promise.all(asked))]);
  return seen.shards.map((copy) =>
    copy.state === 'UNASSIGNED' ? { ...copy, blockedBy: explained.get(groupOf(copy)) ?? null } : copy,
  );
}

/** Unassigned replicas of one shard are alike: what keeps one from a node keeps the others from it. */
function groupOf({ index, shard, primary }: SeenShardCopy): string {
  return `${index}/${shard} ${primary ? 'primary' : 'replica'}`;
}

/**
 * Replicas that no node may hold, by the two rules that nodes and routing table tell wholly: one copy of a shard a node,
 * and no replica on a node older than the one with the primary. A node that we know nothing of might hold anything.
 */
export function toldByTable(seen: SeenElasticsearch): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, readonly string[]>();
  if (seen.nodes.length !== seen.health.numberOfNodes) return told;
  const holders = seen.nodes.filter((node) => node.roles.includes('data'));
  const versions = new Map(seen.nodes.map((node) => [node.nodeId, node.version]));
  const shards = new Map<string, SeenShardCopy[]>();
  for (const copy of seen.shards) {
    const shard = `${copy.index}/${copy.shard}`;
    shards.set(shard, [...(shards.get(shard) ?? []), copy]);
  }
  for (const copies of shards.values()) {
    const replica = copies.find((copy) => !copy.primary && copy.state === 'UNASSIGNED');
    const primary = versions.get(copies.find((copy) => copy.primary)?.nodeId ?? '');
    if (replica === undefined || primary === undefined) continue;
    const taken = new Set(copies.flatMap((copy) => copy.nodeId ?? []));
    const blocked = holders.map(({ nodeId, version }) => {
      if (taken.has(nodeId)) return 'same_shard';
      return compareVersions(version, primary) < 0 ? 'node_version' : null;
    });
    const deciders = new Set(blocked.filter((decider) => decider !== null));
    if (blocked.length > 0 && !blocked.includes(null)) told.set(groupOf(replica), [...deciders].sort());
  }
  return told;
}
