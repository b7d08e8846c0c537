import { type EsCheck, hazard, passedUnless } from './check.ts';

/** A closed index counts where its copies are watched (from 7.2 on): the guards count them, too. */
export const everyIndexHasAReplica: EsCheck = {
  id: 'es.every-index-has-a-replica',
  asks: 'Does every index have a second copy of each shard, so that one node can leave?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const watched = new Set(seen.shards.map((copy) => copy.index));
    return passedUnless(
      seen.indices
        .filter((index) => (index.state === 'open' || watched.has(index.name)) && index.replicas === 0)
        .map((index) =>
          hazard(
            `index ${index.name}`,
            `${index.name} has no replica: it would be away while its node is.`,
            index.autoExpandReplicas === null || index.autoExpandReplicas === 'false'
              ? `PUT /${index.name}/_settings {"index.number_of_replicas": 1}`
              : `It makes replicas by itself (${index.autoExpandReplicas}) once there is a node for one: add a data node.`,
          ),
        ),
    );
  },
};
