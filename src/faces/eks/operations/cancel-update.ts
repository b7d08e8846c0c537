import { type Operation, reply } from '../call.ts';
import { fail, isError } from '../errors.ts';
import { upgradeUpdate } from '../translate/update.ts';
import { viewOf } from './own-cluster.ts';
import { clientTokenOf } from './tokens.ts';
import { findUpdate, nodegroupOf } from './updates.ts';

/**
 * What is in hand is finished, then the upgrade ends. Wider than the service, which cancels nothing but the first phase of
 * a rollback. Asking twice changes nothing more, so that no token is remembered.
 */
export const cancelUpdate: Operation = async (parts, call) => {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const about = { clusterName: view.cluster.name };
  const update = await findUpdate(parts, call, view.cluster);
  if (isError(update)) return update;
  const end = await parts.control.wish(call.caller, update.id, 'cancel');
  switch (end.kind) {
    case 'accepted':
    case 'already':
      return reply({ update: upgradeUpdate(end.upgrade, await nodegroupOf(parts, call, end.upgrade)) });
    case 'not-now':
      if (end.upgrade.status === 'cancelled') return reply({ update: upgradeUpdate(end.upgrade, null) });
      return fail('InvalidRequestException', `Update ${update.id} cannot be cancelled. ${end.says}`, about);
    case 'not-found':
      return fail('InvalidRequestException', `Update ${update.id} cannot be cancelled: it was done at once.`, about);
  }
};
