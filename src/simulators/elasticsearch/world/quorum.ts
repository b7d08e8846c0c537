import { majorOf } from '../../../domain/index.ts';
import type { SimCluster, SimProcess } from './model.ts';

/** Majority of the voting configuration from 7 on; minimum_master_nodes while an older master-eligible node is there. */
export function hasQuorum(cluster: SimCluster, live: readonly SimProcess[]): boolean {
  const eligible = live.filter((node) => node.roles.includes('master'));
  const [first] = eligible;
  if (first === undefined) return false;
  const older = eligible.filter((node) => majorOf(node.release.version) < 7);
  if (older.length > 0) {
    const wanted = Math.max(...older.map((node) => Number(node.settings['discovery.zen.minimum_master_nodes'] ?? 1)));
    return eligible.length >= wanted;
  }
  if (cluster.votingConfig.length === 0) return mayBootstrap(cluster, eligible);
  const votes = cluster.votingConfig.filter((id) => eligible.some((node) => node.nodeId === id)).length;
  return votes * 2 > cluster.votingConfig.length;
}

/** A cluster that exists goes over to votes by itself; a new one needs to be told who makes it. */
function mayBootstrap(cluster: SimCluster, eligible: readonly SimProcess[]): boolean {
  if (cluster.uuid !== '_na_') return true;
  if (eligible.some((node) => node.settings['discovery.type'] === 'single-node')) return true;
  const named = eligible.flatMap((node) =>
    (node.settings['cluster.initial_master_nodes'] ?? '').split(',').filter((name) => name !== ''),
  );
  const names = new Set(named);
  return names.size > 0 && eligible.filter((node) => names.has(node.name)).length * 2 > names.size;
}
