import type { ActResult, MakerIo } from '../../../domain/index.ts';
import type { Context, Perform } from './move.ts';

/**
 * A host refuses what an older generation asks of it; an apiserver and etcd know of none. So the hosts of a cluster are asked
 * first: a server that was frozen and woke up asks nothing of its API either.
 */
export function fenced(perform: Perform): Perform {
  return async (move, context, io) => (await overtaken(context, io)) ?? perform(move, context, io);
}

/** Null while no host has seen a newer generation. */
async function overtaken({ cluster, ticket }: Context, io: MakerIo): Promise<ActResult | null> {
  const keys = new Set(cluster.spec.members.map(({ host }) => host));
  const seen = await Promise.all([...keys].map(async (key) => (await io.hosts(key)?.generationOf(cluster.id)) ?? 0));
  const newest = Math.max(0, ...seen);
  if (newest <= ticket.generation) return null;
  const says = `Nothing is done for generation ${ticket.generation}: generation ${newest} has come since.`;
  return { kind: 'refused', because: 'older-generation', says };
}
