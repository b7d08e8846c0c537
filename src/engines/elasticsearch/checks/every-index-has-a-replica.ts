import { type EsCheck, hazard, passedUnless } from './check.ts';

export const everyIndexHasAReplica: EsCheck = {
  id: 'es.every-index-has-a-replica',
  asks: 'Does every open index have a second copy of each shard, so that one node can leave?',
  scope: 'first-hop',
  run: ({ seen }) =>
    passedUnless(
      seen.indices
        .filter((index) => index.state === 'open' && index.replicas === 0)
        .map((index) =>
          hazard(
            `index ${index.name}`,
            `${index.name} has no replica: it would be away while its node is.`,
            `PUT /${index.name}/_settings {"index.number_of_replicas": 1}`,
          ),
        ),
    ),
};
