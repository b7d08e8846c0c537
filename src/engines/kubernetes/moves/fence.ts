import { overtaken } from '../../../domain/index.ts';
import type { Perform } from './move.ts';

/**
 * A host refuses what an older generation asks of it; an apiserver and etcd know of none. So the hosts of a cluster are asked
 * first: a server that was frozen and woke up asks nothing of its API either.
 */
export function fenced(perform: Perform): Perform {
  return async (move, context, io) => {
    const { cluster, ticket } = context;
    const keys = new Set(cluster.spec.members.map(({ host }) => host));
    const seen = await Promise.all([...keys].map(async (key) => (await io.hosts(key)?.generationOf(cluster.id)) ?? 0));
    return overtaken(ticket, seen) ?? perform(move, context, io);
  };
}
