import { majorOf, type SeenElasticsearch } from '../../../domain/index.ts';
import { type EsCheck, type Found, hazard, passedUnless } from './check.ts';

const mastersMin = 3;

export const quorumSurvives: EsCheck = {
  id: 'es.quorum-survives',
  asks: 'Are there enough master-eligible members that one can leave, and a majority of them needed to elect a master?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const masters = seen.nodes.filter((node) => node.roles.includes('master')).length;
    const present = new Set(seen.nodes.map((node) => node.nodeId));
    const voters = seen.votingNodeIds.filter((id) => present.has(id)).length;
    if (masters < mastersMin) return passedUnless([tooFew(`There are ${masters} master-eligible nodes`)]);
    if (voters < mastersMin) return passedUnless([tooFew(`Only ${voters} of ${masters} master-eligible nodes vote`)]);
    return passedUnless(minimumFits(seen, masters));
  },
};

function tooFew(says: string): Found {
  return hazard(
    'cluster',
    `${says}; with fewer than ${mastersMin} the cluster has no master while one is away.`,
    'Add master-eligible nodes, and remove voting exclusions that are left.',
  );
}

/** Before 7 the owner says how many must agree: too few and a node that starts alone elects itself, too many and none may leave. */
function minimumFits(seen: SeenElasticsearch, masters: number): readonly Found[] {
  if (seen.nodes.every((node) => majorOf(node.version) >= 7)) return [];
  const minimum = seen.minimumMasterNodes ?? 1;
  const majority = Math.floor(masters / 2) + 1;
  if (minimum >= majority && minimum < masters) return [];
  return [
    hazard(
      'setting discovery.zen.minimum_master_nodes',
      minimum < majority
        ? `${minimum} of ${masters} master-eligible nodes are enough to elect a master: two masters at once are possible while nodes come and go.`
        : `All ${masters} master-eligible nodes are needed to elect a master: there is none while one is away.`,
      `PUT /_cluster/settings with the persistent discovery.zen.minimum_master_nodes: ${majority}.`,
    ),
  ];
}
