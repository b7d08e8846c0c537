import { overtaken } from '../../../domain/index.ts';
import type { Perform } from './move.ts';

/**
 * A host refuses what an older generation asks of it; the cluster itself knows of none. So its hosts are asked before anything
 * is asked of the cluster: a server that was frozen and woke up changes no setting under the hands of the one that took over.
 */
export function fenced(perform: Perform): Perform {
  return async (move, context, io) => {
    const { cluster, ticket } = context;
    const keys = new Set(cluster.spec.nodes.map(({ host }) => host));
    const seen = await Promise.all([...keys].map(async (key) => (await io.hosts(key)?.generationOf(cluster.id)) ?? 0));
    return overtaken(ticket, seen) ?? perform(move, context, io);
  };
}
