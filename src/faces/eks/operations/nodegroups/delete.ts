import { type Operation, reply } from '../../call.ts';
import { isError } from '../../errors.ts';
import { refusal } from './create.ts';
import { nodegroupNamed, shownNodegroup } from './own-nodegroup.ts';

/** Its nodes are drained and removed behind; then it is gone. */
export const deleteNodegroup: Operation = async (parts, call) => {
  const own = await nodegroupNamed(parts, call, call.path.nodegroupName ?? '');
  if (isError(own)) return own;
  if (own.found.status !== 'deleting') {
    const end = await parts.control.removeNodegroup(call.caller, own.view.cluster.id, own.found.name);
    if (end.kind !== 'changed') return refusal(end, own.view, own.about);
  }
  const found = { ...own.found, status: 'deleting' } as const;
  return reply({ nodegroup: await shownNodegroup(parts, call, { view: own.view, found }) });
};
