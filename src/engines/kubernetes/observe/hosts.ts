import {
  type EngineIo,
  type KubernetesCluster,
  kubernetesMembers,
  type MemberProcess,
  type SeenHost,
} from '../../../domain/index.ts';

/** What the hosts tell of themselves. One that cannot be asked is unreachable, never guessed. */
export async function lookAtHosts(cluster: KubernetesCluster, io: EngineIo): Promise<Readonly<Record<string, SeenHost>>> {
  const keys = [...new Set(kubernetesMembers(cluster.spec).map(({ host }) => host))];
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await lookAtHost(cluster, key, io)] as const)));
}

async function lookAtHost(cluster: KubernetesCluster, key: string, io: EngineIo): Promise<SeenHost> {
  const host = io.hosts(key);
  if (host === undefined) return { kind: 'unreachable', because: 'it is not configured' };
  try {
    const [facts, generation] = await Promise.all([host.facts(cluster.id), host.generationOf(cluster.id)]);
    return {
      kind: 'seen',
      javas: facts.javas.map((java) => java.feature),
      freeMemoryBytes: facts.freeMemoryBytes,
      prefetched: facts.prefetched,
      generation,
    };
  } catch (error) {
    return { kind: 'unreachable', because: error instanceof Error ? error.message : String(error) };
  }
}

/** What the hosts tell of the members' processes, by member. */
export async function lookAtProcesses(cluster: KubernetesCluster, io: EngineIo): Promise<ReadonlyMap<string, MemberProcess>> {
  const described = kubernetesMembers(cluster.spec).map(
    async ({ name, host }) => [name, await processOf(cluster.id, host, name, io)] as const,
  );
  return new Map(await Promise.all(described));
}

async function processOf(clusterId: string, key: string, member: string, io: EngineIo): Promise<MemberProcess> {
  const host = io.hosts(key);
  if (host === undefined) return { state: 'unknown', because: `host ${key} is not configured` };
  try {
    return await host.describe(clusterId, member);
  } catch (error) {
    return { state: 'unknown', because: error instanceof Error ? error.message : String(error) };
  }
}
