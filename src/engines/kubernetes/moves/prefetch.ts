import { showRelease } from '../../../domain/index.ts';
import { artefacts } from '../launch/index.ts';
import { failed, type Perform, releaseOfMove } from './move.ts';

/** Gets the programs of a release ready on one host before any member is touched. */
export const prefetch: Perform = async (move, context, io) => {
  const release = releaseOfMove(move);
  const key = move.parameters.host ?? '';
  const host = io.hosts(key);
  if (host === undefined) return failed(`Host ${key} is not configured here, so ${showRelease(release)} cannot be got ready.`);
  return host.prefetch(context.ticket, release, artefacts(context.catalog, release), context.signal);
};
