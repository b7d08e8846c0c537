import { type EsCheck, passedUnless, policy } from './check.ts';

/** From 7.2 on the copies of a closed index are watched like any other's, and then stand in the routing table. */
export const closedIndices: EsCheck = {
  id: 'es.no-closed-indices',
  asks: 'Are the copies of every index watched, also of those that are closed?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const watched = new Set(seen.shards.map((copy) => copy.index));
    return passedUnless(
      seen.indices
        .filter((index) => index.state === 'close' && !watched.has(index.name))
        .map((index) =>
          policy(
            `index ${index.name}`,
            `${index.name} is closed: its copies are not watched while nodes leave.`,
            `POST /${index.name}/_open, or accept it.`,
          ),
        ),
    );
  },
};
