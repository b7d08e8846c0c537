import { type EsCheck, hazard, passedUnless } from './check.ts';

const mastersMin = 3;

export const quorumSurvives: EsCheck = {
  id: 'es.quorum-survives',
  asks: 'Are there enough master-eligible members that one can leave?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const masters = seen.nodes.filter((node) => node.roles.includes('master')).length;
    return passedUnless(
      masters >= mastersMin
        ? []
        : [
            hazard(
              'cluster',
              `There are ${masters} master-eligible nodes; with fewer than ${mastersMin} the cluster has no master while one is away.`,
              'Add master-eligible nodes.',
            ),
          ],
    );
  },
};
