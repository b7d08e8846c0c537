import { type Operation, queryValue, reply } from '../../call.ts';
import { isError } from '../../errors.ts';
import { ascending, pageOf } from '../../paging.ts';
import { viewOf } from '../own-cluster.ts';
import { nodegroupNamed, shownNodegroup } from './own-nodegroup.ts';

export const describeNodegroup: Operation = async (parts, call) => {
  const own = await nodegroupNamed(parts, call, call.path.nodegroupName ?? '');
  return isError(own) ? own : reply({ nodegroup: await shownNodegroup(parts, call, own) });
};

/** By name. */
export const listNodegroups: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const names = view.cluster.spec.nodegroups.map(({ name }) => name).sort(ascending);
  const request = { maxResults: queryValue(call, 'maxResults'), nextToken: queryValue(call, 'nextToken') };
  const page = pageOf(call, request, { items: names, keyOf: (name) => name, compare: ascending });
  return isError(page) ? page : reply({ nodegroups: page.items, nextToken: page.nextToken });
};
