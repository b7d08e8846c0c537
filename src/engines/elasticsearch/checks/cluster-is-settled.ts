import { settledVerdict } from '../decide/settled.ts';
import { type EsCheck, hazard, passedUnless, policy, waitedFor } from './check.ts';

/** A red cluster is not touched; shards that move are waited for; a quiet yellow one may be lifted, because copies are counted. */
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
    switch (verdict.kind) {
      case 'red':
        return passedUnless([hazard(subject, says, clearedBy)]);
      case 'active':
        return passedUnless([waitedFor(policy(subject, says, clearedBy))]);
      case 'unexplained':
        return passedUnless([policy(subject, says, clearedBy)]);
    }
  },
};
