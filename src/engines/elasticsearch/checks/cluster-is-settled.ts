import { settledVerdict } from '../decide/settled.ts';
import { type EsCheck, hazard, passedUnless, policy } from './check.ts';

/** Red and moving clusters are not touched; a yellow one that is quiet may be, because copies are counted. */
export const clusterIsSettled: EsCheck = {
  id: 'es.cluster-is-settled',
  asks: 'Is the cluster green, or yellow for a known and lasting reason, with no shard moving?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const verdict = settledVerdict(seen);
    if (verdict.settled)
      return passedUnless(
        verdict.explained.map((says) => policy('cluster', says, 'Lower number_of_replicas or add nodes, if the copy is wanted.')),
      );
    const { subject, says, clearedBy } = verdict.because;
    return passedUnless([verdict.kind === 'unexplained' ? policy(subject, says, clearedBy) : hazard(subject, says, clearedBy)]);
  },
};
