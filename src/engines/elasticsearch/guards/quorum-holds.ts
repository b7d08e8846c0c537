import { majorOf, may, mayNot, type SeenElasticsearch } from '../../../domain/index.ts';
import { type Guard, type GuardedMember, isMasterEligible, namesOf, nodeIdsOf } from './guard.ts';

/** More than half of the voting nodes stay, and never fewer than `minimum_master_nodes` (5, 6). */
export const quorumHolds: Guard = {
  id: 'es.quorum-holds',
  judge: ({ wave, members, seen }) => {
    if (!wave.some(isMasterEligible)) return may;
    const present = new Set(seen.nodes.map((node) => node.nodeId));
    const leaving = nodeIdsOf(wave);
    const voting = votingSize(members, seen);
    const staying = seen.votingNodeIds.filter((id) => present.has(id) && !leaving.has(id)).length;
    const needed = Math.max(Math.floor(voting / 2) + 1, seen.minimumMasterNodes ?? 0);
    if (staying >= needed) return may;
    return mayNot(
      'es.quorum-holds',
      namesOf(wave),
      `Taking ${namesOf(wave)} would leave ${staying} of ${voting} master-eligible nodes; a majority needs ${needed}.`,
      'Every other master-eligible node joined again.',
    );
  },
};

/** From 7 on the cluster tells its voting configuration. Before, a node that is away is missing from the list, so the declared ones count. */
function votingSize(members: readonly GuardedMember[], seen: SeenElasticsearch): number {
  const tellsItself = seen.nodes.every((node) => majorOf(node.version) >= 7);
  const declared = members.filter(isMasterEligible).length;
  return tellsItself ? seen.votingNodeIds.length : Math.max(seen.votingNodeIds.length, declared);
}
