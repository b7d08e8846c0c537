import { ask, trouble } from '../client/index.ts';
import { done, failed, type Perform } from './move.ts';

/** Copies that failed five times are left alone by the cluster until it is asked. */
export const retryFailed: Perform = async (_move, context, io) => {
  const answer = await ask(context.cluster, io, { method: 'POST', path: '/_cluster/reroute?retry_failed=true&metric=none' });
  return answer.kind === 'ok' ? done('Asked to try failed copies again.') : failed(`Could not ask: ${trouble(answer)}`);
};
